package packhorse.ssh;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.session.ServerSession;
import packhorse.Pipeline;
import packhorse.request.Credential;

/// Whether a key gets in: it does when somebody owns it. The login name says nothing, so that every
/// spelling of an address works. A key that is offered is no login yet: who somebody is says {@link
/// #signer}, the key that signed. Asked on the library's virtual threads; never asynchronous.
final class KeyLogin implements PublickeyAuthenticator {
  private final Pipeline pipeline;

  KeyLogin(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public boolean authenticate(String name, PublicKey key, ServerSession session) {
    if (key instanceof OpenSshCertificate) return false;
    return pipeline.admits(shown(key));
  }

  /// The key whose signature opened the connection; empty before that.
  static Optional<Credential.SshKey> signer(ServerSession session) {
    List<PublicKey> signed = session.getAttribute(UserAuthPublicKey.AUTHENTICATED_KEYS);
    return signed == null || signed.isEmpty() || !session.isAuthenticated()
        ? Optional.empty()
        : Optional.of(shown(signed.getLast()));
  }

  static Credential.SshKey shown(PublicKey key) {
    return new Credential.SshKey(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
  }
}
