package packhorse.record;

import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.request.Arrival;
import packhorse.request.Credential;

/// Reports failed logins and unreadable secrets to the operator, and to programs that ban
/// addresses: each is counted by a meter and has a line in the log, unless there are too many
/// ([LogThrottle]). No line has a secret, nor a name that a client sent, because users put tokens
/// there. Called on any thread.
public final class SecurityEvents {
  private static final Logger log = LoggerFactory.getLogger(SecurityEvents.class);

  private final Meters meters;
  private final LogThrottle failedLogins;
  private final LogThrottle unreadableSecrets;

  public SecurityEvents(Meters meters, LongSupplier nanoTime) {
    this.meters = meters;
    this.failedLogins = new LogThrottle(nanoTime);
    this.unreadableSecrets = new LogThrottle(nanoTime);
  }

  /// Reports a request whose credential was not accepted.
  void failedRequest(Arrival arrival, Credential credential) {
    failedLogin(arrival, credential, "request_id", arrival.id());
  }

  /// Reports an SSH login that failed before there was a request.
  ///
  /// @param lastKey the last key that the client offered
  void failedSshLogin(Arrival arrival, Credential.SshKey lastKey) {
    failedLogin(arrival, lastKey, "key", lastKey.fingerprint());
  }

  private void failedLogin(Arrival arrival, Credential credential, String detail, String value) {
    meters.countFailedLogin(arrival.front(), credential.label());
    OptionalLong leftOut = failedLogins.nextLine();
    if (leftOut.isEmpty()) return;
    // The address comes first, where the pattern of another program finds it most easily.
    log.atWarn()
        .addKeyValue("address", arrival.clientIp())
        .addKeyValue("listener", arrival.listener())
        .addKeyValue("credential", credential.label())
        .addKeyValue(detail, value)
        .addKeyValue("left_out", leftOut.getAsLong())
        .log("login failed");
  }

  /// Reports a secret that can no longer be used.
  ///
  /// @param problem names the file and says what is wrong with it, without any of its contents
  public void unreadableSecret(String problem) {
    meters.countUnreadableSecret();
    OptionalLong leftOut = unreadableSecrets.nextLine();
    if (leftOut.isPresent()) {
      log.atWarn().addKeyValue("left_out", leftOut.getAsLong()).log("unusable secret: {}", problem);
    }
  }
}
