package packhorse.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import packhorse.request.AcceptFailures;

/// The connector of a status listener. It accepts connections also while the fronts have used up
/// all descriptors of the process, because that is when the pages for monitoring are needed.
final class ReservingConnector extends ServerConnector {
  private static final int RESERVE = 8;

  private final AcceptFailures failures;
  private final DescriptorReserve reserve = new DescriptorReserve(RESERVE);

  ReservingConnector(
      Server server, String listener, InetSocketAddress address, HttpConnectionFactory http) {
    // With a thread of its own for accepting; a selector would try again and again without a pause.
    super(server, 1, 1, http);
    failures = new AcceptFailures(listener);
    setHost(address.getHostString());
    setPort(address.getPort());
    addBean(
        new Connection.Listener() {
          @Override
          public void onClosed(Connection connection) {
            reserve.refill();
          }
        });
  }

  @Override
  public void accept(int acceptor) throws IOException {
    try {
      super.accept(acceptor);
      reserve.refill();
    } catch (IOException e) {
      if (!isRunning() || !reserve.release()) throw e;
      super.accept(acceptor);
    }
  }

  @Override
  protected boolean handleAcceptFailure(Throwable failure) {
    if (isRunning()) failures.warn(failure);
    return super.handleAcceptFailure(failure);
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    reserve.close();
  }
}
