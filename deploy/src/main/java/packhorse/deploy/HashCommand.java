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

/// `packhorse hash`: reads a password and prints its memory-hard hash.
@Command(
    name = "hash",
    description = {
      "Read a password and print its hash for a user's file.",
      "The password is read from standard input, without the newline at its end; on a terminal"
          + " there is a prompt and no echo. The hash (Argon2id) is one word; users: NAME:"
          + " password: refers to the file that contains it."
    })
final class HashCommand implements Callable<Integer> {
  /// No password is longer, but the input of a mistaken redirection may be.
  private static final int MAX_LENGTH = 4096;

  private final InputStream in;
  private final SecureRandom random;

  @Spec private CommandSpec spec = CommandSpec.create();

  HashCommand(InputStream in, SecureRandom random) {
    this.in = in;
    this.random = random;
  }

  @Override
  public Integer call() throws CommandException, IOException {
    String hash = PasswordHash.of(readPassword(), random).encoded();
    spec.commandLine().getOut().println(hash);
    return ExitCode.OK.number();
  }

  private String readPassword() throws CommandException, IOException {
    Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (in.equals(System.in) && terminal.isPresent()) {
      char[] typed = terminal.get().readPassword("Password: ");
      return checked(typed == null ? "" : new String(typed));
    }
    byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
    try {
      return checked(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      throw invalid("is not valid UTF-8");
    }
  }

  private static String checked(String input) throws CommandException {
    String password = input.replaceFirst("\\r?\\n\\z", "");
    if (password.isEmpty()) {
      throw invalid("is empty");
    }
    if (password.length() > MAX_LENGTH) {
      throw invalid("is longer than " + MAX_LENGTH + " characters");
    }
    if (password.chars().anyMatch(Character::isISOControl)) {
      throw invalid("contains a line break or a control character");
    }
    return password;
  }

  private static CommandException invalid(String problem) {
    return new CommandException(ExitCode.USAGE, "the password on standard input " + problem);
  }
}
