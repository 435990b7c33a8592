package packhorse.deploy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import packhorse.identity.TokenHash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `packhorse token`: prints a new token and its hash.
@Command(
    name = "token",
    description = {
      "Print a new token and, on the next line, its hash for a user's file.",
      "The token is shown only once; git sends it as a password. users: NAME: tokens: refers to the"
          + " file that contains the hash."
    })
final class TokenCommand implements Callable<Integer> {
  /// Lets people and secret scanners recognise a token.
  private static final String PREFIX = "pht_";

  private static final int RANDOM_BYTES = 32;

  private final SecureRandom random;

  @Spec private CommandSpec spec = CommandSpec.create();

  TokenCommand(SecureRandom random) {
    this.random = random;
  }

  @Override
  public Integer call() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    spec.commandLine().getOut().println(token);
    spec.commandLine().getOut().println(TokenHash.of(token).encoded());
    return ExitCode.OK.number();
  }
}
