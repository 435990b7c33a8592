package packhorse.ssh;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// Announces all host keys of the server to clients and proves that the server holds them, so that
/// clients with `UpdateHostKeys` learn the next host key before the old one is removed (OpenSSH's
/// PROTOCOL, section 2.5). Stateless; called on MINA SSHD's threads.
final class HostKeyRotation implements RequestHandler<ConnectionService> {
  private static final String ANNOUNCE = "hostkeys-00@openssh.com";
  private static final String PROVE = "hostkeys-prove-00@openssh.com";
  private static final String STRONGEST_RSA = KeyUtils.RSA_SHA512_KEY_TYPE_ALIAS;

  private final List<KeyPair> keyPairs;

  HostKeyRotation(HostKeys keys) {
    this.keyPairs = keys.keyPairs();
  }

  /// Sends all public host keys to a client that has just logged in.
  void announce(Session session) throws IOException {
    Buffer announcement = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
    announcement.putString(ANNOUNCE);
    announcement.putBoolean(false);
    for (KeyPair pair : keyPairs) announcement.putBytes(blob(pair.getPublic()));
    session.writePacket(announcement);
  }

  @Override
  public Result process(ConnectionService service, String name, boolean wantReply, Buffer buffer)
      throws Exception {
    if (!name.equals(PROVE)) return Result.Unsupported;
    Session session = service.getSession();
    Buffer proofs = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS);
    int proofCount = 0;
    while (buffer.available() > 0) {
      byte[] blob = buffer.getBytes();
      Optional<KeyPair> pair = keyPair(blob);
      // At most one signature for each key, because signing is expensive.
      if (pair.isEmpty() || ++proofCount > keyPairs.size()) return Result.ReplyFailure;
      proofs.putBytes(proof(session, pair.get(), blob));
    }
    session.writePacket(proofs);
    return Result.Replied;
  }

  private Optional<KeyPair> keyPair(byte[] blob) {
    return keyPairs.stream()
        .filter(pair -> Arrays.equals(blob(pair.getPublic()), blob))
        .findFirst();
  }

  private static byte[] proof(Session session, KeyPair pair, byte[] blob) throws Exception {
    Buffer signed = new ByteArrayBuffer();
    signed.putString(PROVE);
    signed.putBytes(session.getSessionId());
    signed.putBytes(blob);
    String algorithm = algorithm(session, KeyUtils.getKeyType(pair));
    Signature signer = NamedFactory.create(Algorithms.signatures(), algorithm);
    signer.initSigner(session, pair.getPrivate());
    signer.update(session, signed.getCompactData());
    Buffer proof = new ByteArrayBuffer();
    proof.putString(algorithm);
    proof.putBytes(signer.sign(session));
    return proof.getCompactData();
  }

  // For an RSA key, the client expects the algorithm that signed the key exchange, if that was an
  // RSA one; else it accepts the strongest.
  private static String algorithm(Session session, String keyType) {
    if (!keyType.equals(KeyPairProvider.SSH_RSA)) return keyType;
    String negotiated = session.getNegotiatedKexParameter(KexProposalOption.SERVERKEYS);
    return negotiated != null && negotiated.startsWith("rsa-sha2-") ? negotiated : STRONGEST_RSA;
  }

  private static byte[] blob(PublicKey key) {
    Buffer blob = new ByteArrayBuffer();
    blob.putRawPublicKey(key);
    return blob.getCompactData();
  }
}
