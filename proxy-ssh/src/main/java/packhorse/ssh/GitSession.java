package packhorse.ssh;

import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.future.KeyExchangeFuture;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.jspecify.annotations.Nullable;

/// A connection whose key exchanges (RFC 4253, section 9) are begun by the proxy only while no
/// message of the client is being handled.
///
/// MINA SSHD 2.20 lets the thread of an exec begin one at any time. If the client begins one at the
/// same moment, as clients with the same limits do, that thread prepares the exchange while another
/// one already handles the client's next message, which then fails, and with it the connection.
///
/// Also closes a connection whose client begins a packet longer than RFC 4253 requires support for:
/// the library would collect eight times as much before the client is known.
final class GitSession extends ServerSessionImpl {
  private GitSession(ServerFactoryManager server, IoSession connection) throws Exception {
    super(server, connection);
  }

  @Override
  public void messageReceived(Readable buffer) throws Exception {
    super.messageReceived(buffer);
    if (decoderLength > SshConstants.SSH_REQUIRED_TOTAL_PACKET_LENGTH_SUPPORT) {
      disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "the packet is too long");
    }
  }

  /// Returns a factory for the sessions of a server.
  static SessionFactory factory(ServerFactoryManager server) {
    return new SessionFactory(server) {
      @Override
      protected ServerSessionImpl doCreateSession(IoSession connection) throws Exception {
        return new GitSession(getServer(), connection);
      }
    };
  }

  /// Renews the keys, unless they are just being renewed or a message is being handled. The caller
  /// repeats the call until the keys are new.
  ///
  /// @return whether an exchange was begun
  /// @throws IOException if it cannot be begun
  boolean renewKeys() throws IOException {
    try {
      return requestNewKeysExchange() != null;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot renew the keys", e);
    }
  }

  /// Begins a key exchange, unless one is running or a message is being handled. In the second case
  /// nothing is lost: the library asks again after that message, and with the next packet.
  ///
  /// @return null if no exchange was begun
  @Override
  protected @Nullable KeyExchangeFuture requestNewKeysExchange() throws Exception {
    // No lock is waited for: the thread that handles messages may itself wait for this one.
    if (!decodeLock.tryLock()) return null;
    try {
      return super.requestNewKeysExchange();
    } finally {
      decodeLock.unlock();
    }
  }
}
