package packhorse.demo;

import java.io.IOException;
import java.nio.file.Path;
import packhorse.demo.SampleRepositoryBuilder.Author;

/// Writes the repositories of the demo: `acme/app` with branches, tags and a merge, `acme/site`,
/// and `mirrors/kernel` with a long history. Their object ids are the same in every demo.
final class SampleRepositories {
  private static final Author ALICE = new Author("Alice Ames", "alice@acme.example", -5);
  private static final Author BOB = new Author("Bob Beck", "bob@acme.example", 1);
  private static final Author CHEN = new Author("Chen Li", "chen@acme.example", 8);

  private SampleRepositories() {}

  /// Writes the repositories into a folder, as bare repositories whose names end in `.git`.
  static void write(Path folder) throws IOException {
    writeApp(folder.resolve("acme/app.git"));
    writeSite(folder.resolve("acme/site.git"));
    writeKernel(folder.resolve("mirrors/kernel.git"));
  }

  private static void writeApp(Path folder) throws IOException {
    try (var app = new SampleRepositoryBuilder(folder)) {
      app.commit(
          "main", ALICE, "Say what this will be\n", "README.md", "# egg\n\nA timer for eggs.\n");
      app.commit("main", ALICE, "Count seconds\n", "bin/egg", "#!/bin/sh\nsleep \"$1\"\n");
      app.commit(
          "main", BOB, "Ring at the end\n", "bin/egg", "#!/bin/sh\nsleep \"$1\"\nprintf '\\a'\n");
      app.tag("v0.1", ALICE, "For soft eggs\n", "main");
      app.branch("minutes", "main");
      app.commit(
          "minutes",
          CHEN,
          "Take minutes\n\nNobody cooks an egg for less.\n",
          "bin/egg",
          "#!/bin/sh\nsleep $(($1 * 60))\nprintf '\\a'\n");
      app.commit(
          "main",
          BOB,
          "How to install\n",
          "INSTALL.md",
          "Copy `bin/egg` to a folder on your path.\n");
      app.commit("minutes", CHEN, "Table of eggs\n", "eggs.txt", "soft 4\nmedium 6\nhard 9\n");
      app.merge("main", ALICE, "minutes");
      app.commit(
          "main",
          BOB,
          "Test it\n",
          "test/egg.sh",
          "#!/bin/sh\ntest \"$(bin/egg 0)\" = \"$(printf '\\a')\"\n");
      app.tag("v0.2", ALICE, "Minutes, and a table\n", "main");
      app.branch("quail", "main");
      app.commit(
          "quail",
          CHEN,
          "Quail eggs are small\n",
          "eggs.txt",
          "quail 2\nsoft 4\nmedium 6\nhard 9\n");
      app.commit("main", ALICE, "Name the licence\n", "LICENSE", "Do what you like with it.\n");
      app.finish();
    }
  }

  private static void writeSite(Path folder) throws IOException {
    try (var site = new SampleRepositoryBuilder(folder)) {
      site.commit(
          "main",
          BOB,
          "A page\n",
          "index.html",
          "<!doctype html>\n<title>Acme</title>\n<h1>Acme</h1>\n");
      site.commit("main", BOB, "Colours\n", "style.css", "h1 { color: #a50 }\n");
      site.commit(
          "main",
          CHEN,
          "Tell about the timer\n",
          "egg.html",
          "<!doctype html>\n<title>egg</title>\n<p>A timer for eggs.\n");
      site.branch("draft", "main");
      site.commit(
          "draft", BOB, "Prices, not decided\n", "prices.html", "<!doctype html>\n<p>Free?\n");
      site.commit(
          "main",
          ALICE,
          "Who we are\n",
          "about.html",
          "<!doctype html>\n<p>Three people and a pan.\n");
      site.finish();
    }
  }

  private static void writeKernel(Path folder) throws IOException {
    try (var kernel = new SampleRepositoryBuilder(folder)) {
      var source = new StringBuilder();
      for (int change = 1; change <= 120; change++) {
        Author author = change % 3 == 0 ? ALICE : change % 3 == 1 ? BOB : CHEN;
        String path = "drivers/bus" + change % 7 + "/device" + change % 11 + ".c";
        source
            .append("int probe_")
            .append(change)
            .append("(void) { return ")
            .append(change)
            .append("; }\n");
        kernel.commit(
            "main",
            author,
            "bus" + change % 7 + ": probe " + change + "\n",
            path,
            source.toString());
        if (change % 40 == 0)
          kernel.tag("v" + change / 40, ALICE, "Release " + change / 40 + "\n", "main");
      }
      kernel.finish();
    }
  }
}
