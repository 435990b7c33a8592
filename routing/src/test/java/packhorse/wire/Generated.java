package packhorse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Generates random messages of git's protocol as [WireScript]s, and damages the bytes of such
/// messages. The same seed generates the same messages. The scripts are mostly valid; they may
/// combine capabilities and arguments that git would not send together. Not thread-safe.
public final class Generated {

  // Some of them exclude each other, and `frotz` is unknown.
  private static final String[] CAPABILITIES = {
    "thin-pack",
    "ofs-delta",
    "side-band-64k",
    "side-band",
    "multi_ack",
    "multi_ack_detailed",
    "no-done",
    "include-tag",
    "agent=git/2.55.0",
    "object-format=sha1",
    "deepen-relative",
    "session-id=x",
    "frotz=1",
    "push-options",
    "report-status"
  };

  // Texts that are likely to confuse a parser when they occur at a wrong place.
  private static final String[] DISRUPTIVE_TEXTS = {
    "0000",
    "0001",
    "0002",
    "0003",
    "0004",
    "fff0",
    "ffff",
    "00zz",
    "-001",
    "\0",
    "\n",
    " ",
    "\r\n",
    "\u001b[2J",
    "\u00ff",
    "want ",
    "push-cert\0",
    "push-cert-end\n",
    "shallow ",
    "deepen 0",
    "PACK",
    "ERR ",
    "\u0003",
    "command=fetch"
  };

  private final Random random;

  public Generated(long seed) {
    this.random = new Random(seed);
  }

  RandomGenerator random() {
    return random;
  }

  /// Returns true in half of the cases.
  boolean maybe() {
    return random.nextBoolean();
  }

  /// Generates a v0 `upload-request` with its haves.
  String v0Fetch() {
    StringBuilder script = new StringBuilder("want " + id() + capabilities() + "\n");
    repeat(3, () -> script.append("want ").append(id()).append('\n'));
    repeat(2, () -> script.append("shallow ").append(id()).append("\\\n"));
    script.append(deepen()).append(maybe() ? "filter blob:none\n" : "").append("0000\n");
    repeat(5, () -> script.append("have ").append(id()).append('\n'));
    return script + (maybe() ? "done" : "0000");
  }

  /// Generates a v2 `fetch` command.
  public String v2Fetch() {
    StringBuilder script =
        new StringBuilder(
            "command=fetch\nagent=git/2\\\n" + (maybe() ? "object-format=sha1\n" : "") + "0001\n");
    List<Runnable> arguments =
        new ArrayList<>(
            List.of(
                () -> script.append("want ").append(id()).append('\n'),
                () -> script.append("want-ref refs/heads/").append(letter()).append('\n'),
                () -> script.append("have ").append(id()).append('\n'),
                () -> script.append("shallow ").append(id()).append("\\\n"),
                () ->
                    script
                        .append(
                            pick(
                                "thin-pack",
                                "ofs-delta",
                                "wait-for-done",
                                "sideband-all",
                                "no-progress"))
                        .append('\n'),
                () ->
                    script
                        .append(
                            pick("packfile-uris https", "include-tag", "frotz", "deepen-relative"))
                        .append('\n')));
    for (Runnable argument : arguments) {
      repeat(3, argument);
    }
    return script + deepen() + (maybe() ? "done\n" : "") + "0000";
  }

  /// Generates a push up to its pack: a command list or a push certificate, and push options.
  String push() {
    String capabilities = "\\0 " + capabilities();
    StringBuilder commands = new StringBuilder();
    boolean signed = random.nextInt(3) == 0;
    repeat(2, () -> commands.append("shallow ").append(id()).append("\\\n"));
    if (signed) {
      commands
          .append("push-cert")
          .append(capabilities)
          .append("\ncertificate version 0.1\nnonce 1\n\\n\\\n");
    }
    commands.append(command()).append(signed ? "" : capabilities).append('\n');
    repeat(3, () -> commands.append(command()).append('\n'));
    if (signed) {
      commands.append("-----BEGIN PGP SIGNATURE-----\nxyz\npush-cert-end\n");
    }
    return commands + "0000\n" + (capabilities.contains("push-options") ? "a=b\nc\\\n0000\n" : "");
  }

  /// Generates a v0 or v1 advertisement of `upload-pack`, with or without the HTTP service line.
  String advertisement() {
    StringBuilder script = new StringBuilder(maybe() ? "# service=git-upload-pack\n0000\n" : "");
    script.append(maybe() ? "version 1\n" : "");
    script
        .append(id())
        .append(" HEAD\\0symref=HEAD:refs/heads/a")
        .append(capabilities())
        .append('\n');
    repeat(
        4,
        () -> {
          String name = "refs/tags/" + letter() + letter();
          script.append(id()).append(' ').append(name).append('\n');
          script.append(maybe() ? id() + " " + name + "^{}\n" : "");
        });
    repeat(2, () -> script.append("shallow ").append(id()).append('\n'));
    return script + "0000";
  }

  /// Generates the response to a fetch: acknowledgments and a side-band stream.
  String fetchAnswer(boolean v2) {
    StringBuilder script = new StringBuilder(v2 && maybe() ? "acknowledgments\n" : "");
    repeat(
        3,
        () ->
            script
                .append("ACK ")
                .append(id())
                .append(pick("", " common", " ready", " continue"))
                .append('\n'));
    script.append(v2 ? "ready\n0001\npackfile\n" : "NAK\n");
    repeat(
        5,
        () ->
            script
                .append(
                    pick(
                        "\\1PACK12",
                        "\\2counting\\n",
                        "\\1\\",
                        "\\3fatal: no",
                        "\\1" + "x".repeat(300)))
                .append("\\\n"));
    return script + "0000";
  }

  /// Returns a copy of a message with one to three random faults: bytes changed, deleted,
  /// duplicated, inserted or replaced, or the end cut off.
  byte[] damaged(byte[] bytes) {
    StringBuilder text = new StringBuilder(WireText.text(bytes));
    for (int i = random.nextInt(1, 4); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(1, 30));
      switch (random.nextInt(6)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.delete(at, end);
        case 2 -> text.insert(at, text.substring(at, end));
        case 3 -> text.setLength(at);
        case 4 -> text.insert(at, pick(DISRUPTIVE_TEXTS));
        default -> text.replace(at, Math.min(text.length(), at + 4), pick(DISRUPTIVE_TEXTS));
      }
    }
    return WireText.bytes(text.toString());
  }

  private String command() {
    return pick(id(), "{0}") + " " + pick(id(), "{0}") + " refs/heads/" + letter() + letter();
  }

  private String deepen() {
    return pick(
        "",
        "",
        "deepen 1\n",
        "deepen-since 1700000000\n",
        "deepen-not refs/heads/x\ndeepen-since 5\n");
  }

  private String capabilities() {
    StringBuilder capabilities = new StringBuilder();
    repeat(6, () -> capabilities.append(' ').append(pick(CAPABILITIES)));
    return capabilities.toString();
  }

  /// Returns a random object id in the notation of [WireScript].
  private String id() {
    return "{" + letter() + "}";
  }

  private char letter() {
    return (char) ('a' + random.nextInt(6));
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /// Performs an action a random number of times, from none to `maxCount`.
  private void repeat(int maxCount, Runnable action) {
    for (int i = random.nextInt(maxCount + 1); i > 0; i--) {
      action.run();
    }
  }
}
