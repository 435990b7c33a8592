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
/// Maven runs it after the last tests, on the JDK that compiles. Arguments: the folder of the
/// project, and the start time of the build; older reports belong to other builds.
final class SlowestTests {
  private static final int SHOWN = 10;

  /// The totals of one test class.
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
        .forEach(report ->
            text.append(
                "%7.1f s %5d tests  %-10s  %s%n"
                    .formatted(report.seconds(), report.tests(), report.module(), report.name())));
    System.out.print(text);
  }

  private static List<Report> reports(Path project, Instant start)
      throws IOException, XMLStreamException {
    var reports = new ArrayList<Report>();
    try (var modules = Files.newDirectoryStream(project)) {
      for (Path module : modules) {
        Path folder = module.resolve("target/surefire-reports");
        if (!Files.isDirectory(folder)) continue;
        try (var files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
          for (Path file : files) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(start)) continue;
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
