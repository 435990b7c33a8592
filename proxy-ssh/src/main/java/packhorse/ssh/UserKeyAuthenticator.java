package packhorse.ssh;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.session.ServerSession;
import packhorse.Pipeline;
import packhorse.request.ArrivalFactory;
import packhorse.request.Credential;
import packhorse.request.Front;

/// Authenticates SSH clients by public key (RFC 4252, section 7): accepts a key if it belongs to a
/// user. The SSH user name is ignored, so that `git@HOST`, `alice@HOST` and `HOST` all work.
///
/// A client may offer several keys before it signs with one, so an accepted key does not identify
/// the user yet. [#authenticatedKey] returns the key that signed. For the same reason a login has
/// failed only when its connection is closed; it is then reported to the pipeline, once. Called on
/// MINA SSHD's virtual threads; the result is always returned synchronously.
final class UserKeyAuthenticator implements PublickeyAuthenticator, SessionListener {
  private static final AttributeKey<Credential.SshKey> LAST_OFFERED_KEY = new AttributeKey<>();

  private final String listener;
  private final Pipeline pipeline;
  private final ArrivalFactory arrivals;

  /// @param listener the name of the listener whose clients it authenticates
  UserKeyAuthenticator(String listener, Pipeline pipeline, ArrivalFactory arrivals) {
    this.listener = listener;
    this.pipeline = pipeline;
    this.arrivals = arrivals;
  }

  @Override
  public boolean authenticate(String userName, PublicKey key, ServerSession session) {
    // The proxy knows users by plain keys and trusts no certificate authority for users.
    boolean certified = key instanceof OpenSshCertificate;
    Credential.SshKey offered =
        credential(
            key instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : key);
    boolean accepted = !certified && pipeline.acceptsKey(offered);
    // A client that has an accepted key and does not sign with it has failed at its own side.
    if (accepted) session.removeAttribute(LAST_OFFERED_KEY);
    else session.setAttribute(LAST_OFFERED_KEY, offered);
    return accepted;
  }

  @Override
  public void sessionClosed(Session session) {
    Credential.SshKey lastKey = session.getAttribute(LAST_OFFERED_KEY);
    if (session.isAuthenticated() || lastKey == null) return;
    pipeline.recordFailedLogin(
        arrivals.create(listener, Front.SSH, ConnectionLimiter.remoteAddress(session), true),
        lastKey);
  }

  /// Returns the key whose signature authenticated the session; empty until the session is
  /// authenticated.
  static Optional<Credential.SshKey> authenticatedKey(ServerSession session) {
    List<PublicKey> keys = session.getAttribute(UserAuthPublicKey.AUTHENTICATED_KEYS);
    return keys == null || keys.isEmpty() || !session.isAuthenticated()
        ? Optional.empty()
        : Optional.of(credential(keys.getLast()));
  }

  private static Credential.SshKey credential(PublicKey key) {
    return new Credential.SshKey(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
  }
}
