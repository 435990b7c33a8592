package packhorse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Generates wire scripts from a seed: valid ones, and valid ones that were damaged.
public final class Generated {

  private static final String[] WORDS = {
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

  private static final String[] NASTY = {
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

  boolean maybe() {
    return random.nextBoolean();
  }

  String v0Fetch() {
    StringBuilder script = new StringBuilder("want " + id() + words() + "\n");
    repeat(3, () -> script.append("want ").append(id()).append('\n'));
    repeat(2, () -> script.append("shallow ").append(id()).append("\\\n"));
    script.append(deepen()).append(maybe() ? "filter blob:none\n" : "").append("0000\n");
    repeat(5, () -> script.append("have ").append(id()).append('\n'));
    return script + (maybe() ? "done" : "0000");
  }

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

  String push() {
    String words = "\\0 " + words();
    StringBuilder commands = new StringBuilder();
    boolean signed = random.nextInt(3) == 0;
    repeat(2, () -> commands.append("shallow ").append(id()).append("\\\n"));
    if (signed) {
      commands
          .append("push-cert")
          .append(words)
          .append("\ncertificate version 0.1\nnonce 1\n\\n\\\n");
    }
    commands.append(command()).append(signed ? "" : words).append('\n');
    repeat(3, () -> commands.append(command()).append('\n'));
    if (signed) {
      commands.append("-----BEGIN PGP SIGNATURE-----\nxyz\npush-cert-end\n");
    }
    return commands + "0000\n" + (words.contains("push-options") ? "a=b\nc\\\n0000\n" : "");
  }

  String advertisement() {
    StringBuilder script = new StringBuilder(maybe() ? "# service=git-upload-pack\n0000\n" : "");
    script.append(maybe() ? "version 1\n" : "");
    script.append(id()).append(" HEAD\\0symref=HEAD:refs/heads/a").append(words()).append('\n');
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

  /// The bytes with a few of them changed, deleted, duplicated or replaced.
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
        case 4 -> text.insert(at, pick(NASTY));
        default -> text.replace(at, Math.min(text.length(), at + 4), pick(NASTY));
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

  private String words() {
    StringBuilder words = new StringBuilder();
    repeat(6, () -> words.append(' ').append(pick(WORDS)));
    return words.toString();
  }

  private String id() {
    return "{" + letter() + "}";
  }

  private char letter() {
    return (char) ('a' + random.nextInt(6));
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private void repeat(int most, Runnable action) {
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      action.run();
    }
  }
}
