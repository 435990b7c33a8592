package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.Command;

/// The distribution that the build has made before these tests: `deploy/target/packhorse/` and its
/// tar.gz.
final class DistributionTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path TARGET = PROJECT.resolve("deploy/target");
  private static final Path HOME = TARGET.resolve("packhorse");
  private static final Path ARCHIVE = TARGET.resolve("packhorse-0.1.0.tar.gz");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  private static final Pattern MAVEN_PURL =
      Pattern.compile("\"purl\" : \"pkg:maven/[^/]+/([^@]+)@([^?]+)\\?type=jar\"");

  @TempDir Path folder;

  @Test
  void the_command_prints_its_version_when_called_through_symbolic_links() throws IOException {
    Path first = Files.createSymbolicLink(folder.resolve("first"), HOME.resolve("bin/packhorse"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());
    assertThat(version(second).run().output()).isEqualTo("packhorse 0.1.0");
  }

  @Test
  void heap_size_and_collector_can_be_set_by_the_environment() {
    String flags =
        version(HOME.resolve("bin/packhorse"))
            .env("JAVA_TOOL_OPTIONS", "-Xmx96m -XX:+UseG1GC -XX:+PrintFlagsFinal")
            .run()
            .output();
    assertThat(flags)
        .containsPattern("MaxHeapSize += 100663296 ")
        .containsPattern("UseG1GC += true ");
  }

  @Test
  void the_heap_of_serve_and_check_is_limited_unless_the_environment_sets_another_limit() {
    Command serve =
        Command.of(folder, HOME.resolve("bin/packhorse").toString(), "serve", "missing.yaml");
    long defaultLimit = maxHeap(serve.env("JAVA_TOOL_OPTIONS", "-XX:+PrintFlagsFinal"));
    assertThat(defaultLimit).isBetween(1L, 1L << 30);
    long ownLimit = maxHeap(serve.env("JAVA_TOOL_OPTIONS", "-Xmx2g -XX:+PrintFlagsFinal"));
    assertThat(ownLimit).isEqualTo(2L << 30);
    Command check =
        Command.of(folder, HOME.resolve("bin/packhorse").toString(), "check", "missing.yaml");
    assertThat(maxHeap(check.env("JAVA_TOOL_OPTIONS", "-XX:+PrintFlagsFinal")))
        .isEqualTo(defaultLimit);
  }

  private static long maxHeap(Command command) {
    Matcher flag = Pattern.compile(" MaxHeapSize += ([0-9]+) ").matcher(command.run().stdout());
    assertThat(flag.find()).isTrue();
    return Long.parseLong(flag.group(1));
  }

  @Test
  void the_aot_cache_matches_the_jars_and_the_runtime() {
    assumeTrue(Files.exists(HOME.resolve("runtime")), "jlink does not work in this JDK");
    version(HOME.resolve("bin/packhorse"))
        .env("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on")
        .run()
        .expectSuccess();
  }

  @Test
  void without_a_bundled_runtime_the_first_java_that_is_new_enough_is_used() throws IOException {
    Path old = Files.createDirectories(folder.resolve("old/bin"));
    Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"17.0.15\"\n");
    Files.writeString(old.resolve("java"), "#!/bin/sh\necho too old\n");
    Files.setPosixFilePermissions(
        old.resolve("java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path onPath = Files.createDirectories(folder.resolve("path"));
    Files.createSymbolicLink(onPath.resolve("java"), JAVA_HOME.resolve("bin/java"));

    Command command =
        version(withoutRuntime())
            .env("JAVA_HOME", folder.resolve("old").toString())
            .env("PATH", onPath + ":" + System.getenv("PATH"));
    assertThat(command.run().output()).isEqualTo("packhorse 0.1.0");
  }

  @Test
  void the_notice_names_every_jar_with_its_licence_and_the_runtime() throws IOException {
    List<String> notice = Files.readAllLines(HOME.resolve("NOTICE"));
    List<String> thirdParty =
        jars().stream().filter(name -> !name.startsWith("packhorse-")).toList();
    assertThat(notice).contains("runtime/").containsAll(thirdParty);
    for (String jar : thirdParty) {
      int line = notice.indexOf(jar);
      assertThat(notice.subList(line + 1, line + 3)).as(jar).allMatch(l -> l.matches("    \\S.*"));
    }
  }

  @Test
  void the_bill_of_materials_names_exactly_the_jars_and_differs_in_no_build() throws IOException {
    String bill = Files.readString(HOME.resolve("packhorse.cdx.json"));
    Set<String> listed =
        MAVEN_PURL
            .matcher(bill)
            .results()
            .map(purl -> purl.group(1) + "-" + purl.group(2) + ".jar")
            .collect(Collectors.toSet());
    assertThat(listed).isEqualTo(Set.copyOf(jars()));
    assertThat(bill).contains("\"bomFormat\" : \"CycloneDX\"");
    assertThat(bill).doesNotContain("serialNumber", "timestamp");
  }

  private static List<String> jars() throws IOException {
    try (var files = Files.list(HOME.resolve("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .toList();
    }
  }

  @Tag("counted")
  @Test
  void the_archive_has_every_file_but_the_cache_and_runs_where_it_is_unpacked() throws IOException {
    assumeTrue(TestProfile.isThorough());
    Command.of(folder, "tar", "-xzf", ARCHIVE.toString()).run().expectSuccess();
    Path unpacked = folder.resolve("packhorse-0.1.0");
    assertThat(files(unpacked)).isEqualTo(files(HOME).replace("lib/packhorse.aot\n", ""));
    assertThat(version(unpacked.resolve("bin/packhorse")).run().output())
        .isEqualTo("packhorse 0.1.0");
  }

  @Tag("counted")
  @Test
  void the_archive_is_reproducible_in_another_folder() throws IOException {
    assumeTrue(TestProfile.isThorough());
    Path elsewhere = folder.resolve("else where");
    Files.createDirectories(elsewhere.resolve("deploy/target"));
    Command.of(folder, "cp", "-R", PROJECT + "/docs", elsewhere.toString()).run().expectSuccess();
    Command.of(folder, "cp", "-R", PROJECT + "/deploy/src", elsewhere + "/deploy")
        .run()
        .expectSuccess();
    Path legal = Files.createDirectories(elsewhere.resolve("deploy/target/legal"));
    for (String name : List.of("NOTICE", "packhorse.cdx.json")) {
      Files.copy(HOME.resolve(name), legal.resolve(name));
    }
    Path ownJar = HOME.resolve("lib/packhorse-deploy-0.1.0.jar");
    Files.copy(ownJar, elsewhere.resolve("deploy/target/packhorse-deploy-0.1.0.jar"));
    Command.of(
            folder,
            JAVA_HOME + "/bin/java",
            elsewhere + "/deploy/src/build/Distribution.java",
            elsewhere.toString(),
            "0.1.0",
            "2026-01-01T00:00:00Z",
            classPath())
        .timeout(Duration.ofMinutes(3))
        .run()
        .expectSuccess();
    assertThat(Files.mismatch(ARCHIVE, elsewhere.resolve("deploy/target/packhorse-0.1.0.tar.gz")))
        .as("the first byte that differs")
        .isEqualTo(-1);
  }

  private Command version(Path program) {
    return Command.of(folder, program.toString(), "--version");
  }

  /// Returns the command of a distribution whose path has a blank, and which has no runtime.
  private Path withoutRuntime() throws IOException {
    Path home = folder.resolve("a folder");
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.createSymbolicLink(home.resolve("lib"), HOME.resolve("lib"));
    return Files.copy(HOME.resolve("bin/packhorse"), bin.resolve("packhorse"));
  }

  /// The jars in the order of the command's class path, without Packhorse's own first one.
  private static String classPath() throws IOException {
    return Files.readString(HOME.resolve("bin/packhorse"))
        .lines()
        .filter(line -> line.contains("-cp "))
        .map(line -> line.substring(line.indexOf(':') + 1, line.lastIndexOf('"')))
        .map(jars -> jars.replace("$home", HOME.toString()))
        .collect(Collectors.joining());
  }

  private static String files(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file) + "\n")
          .sorted()
          .collect(Collectors.joining());
    }
  }
}
