package packhorse.deploy;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import packhorse.identity.PasswordHash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `packhorse hash`: a password in, its memory-hard hash out.
@Command(
    name = "hash",
    description = {
      "Read a password and print its hash for a user's file.",
      "The password comes from standard input, without the newline at its end; on a terminal it is"
          + " asked for and not shown. The hash (Argon2id) is one word; users: NAME: password:"
          + " names the file that holds it."
    })
final class HashCommand implements Callable<Integer> {
  /// Nobody types more; a wrong redirection may bring more.
  private static final int LIMIT = 4096;

  private final InputStream in;
  private final SecureRandom random;

  @Spec private CommandSpec spec = CommandSpec.create();

  HashCommand(InputStream in, SecureRandom random) {
    this.in = in;
    this.random = random;
  }

  @Override
  public Integer call() throws CommandFailed, IOException {
    String hash = PasswordHash.of(password(), random).encoded();
    spec.commandLine().getOut().println(hash);
    return ExitCode.OK.number();
  }

  private String password() throws CommandFailed, IOException {
    Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (in.equals(System.in) && terminal.isPresent()) {
      char[] typed = terminal.get().readPassword("Password: ");
      return checked(typed == null ? "" : new String(typed));
    }
    byte[] bytes = in.readNBytes(LIMIT + 1);
    try {
      return checked(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      throw refused("is not UTF-8");
    }
  }

  private static String checked(String input) throws CommandFailed {
    String password = input.replaceFirst("\\r?\\n\\z", "");
    if (password.isEmpty()) {
      throw refused("is empty");
    }
    if (password.length() > LIMIT) {
      throw refused("is longer than " + LIMIT + " characters");
    }
    if (password.chars().anyMatch(Character::isISOControl)) {
      throw refused("has a second line or a control character");
    }
    return password;
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.USAGE, "the password on standard input " + why);
  }
}
