import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;

/// Prints the ten slowest test classes of this build, from the reports of surefire.
///
/// Run by Maven behind the last tests, on the JDK that compiles. Arguments: the folder of the
/// project, and when the build began; reports that are older belong to other builds.
final class SlowestTests {
  private static final int SHOWN = 10;

  /// A test class, as its report sums it up.
  private record Report(String module, String name, int tests, double seconds) {}

  public static void main(String[] args) throws Exception {
    List<Report> reports = reports(Path.of(args[0]), Instant.parse(args[1]));
    int tests = reports.stream().mapToInt(Report::tests).sum();
    double seconds = reports.stream().mapToDouble(Report::seconds).sum();
    var text = new StringBuilder();
    text.append(
        "%d tests in %d classes took %.0f s one by one; the slowest classes:%n"
            .formatted(tests, reports.size(), seconds));
    reports.stream()
        .sorted(Comparator.comparingDouble(Report::seconds).reversed())
        .limit(SHOWN)
        .forEach(one ->
            text.append(
                "%7.1f s %5d tests  %-10s  %s%n"
                    .formatted(one.seconds(), one.tests(), one.module(), one.name())));
    System.out.print(text);
  }

  private static List<Report> reports(Path project, Instant began)
      throws IOException, XMLStreamException {
    var reports = new ArrayList<Report>();
    try (var modules = Files.newDirectoryStream(project)) {
      for (Path module : modules) {
        Path folder = module.resolve("target/surefire-reports");
        if (!Files.isDirectory(folder)) continue;
        try (var files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
          for (Path file : files) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(began)) continue;
            Report report = read(module.getFileName().toString(), file);
            if (report.tests() > 0) reports.add(report);
          }
        }
      }
    }
    return reports;
  }

  private static Report read(String module, Path file) throws IOException, XMLStreamException {
    try (var in = Files.newInputStream(file)) {
      var xml = XMLInputFactory.newFactory().createXMLStreamReader(in);
      xml.nextTag();
      return new Report(
          module,
          xml.getAttributeValue(null, "name"),
          Integer.parseInt(xml.getAttributeValue(null, "tests")),
          Double.parseDouble(xml.getAttributeValue(null, "time").replace(",", "")));
    }
  }
}
