package packhorse.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.sshd.server.session.ServerSession;
import packhorse.Pipeline;
import packhorse.request.Arrival;
import packhorse.request.ArrivalFactory;
import packhorse.request.Credential;
import packhorse.request.Front;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ProtocolVersion;

/// Creates an [Exec] for each exec or shell request on one listener, which sends a request to the
/// pipeline, a refusal or a greeting. Called on MINA SSHD's threads; an exec then runs on a virtual
/// thread of its own.
final class ExecFactory {
  private final String listener;
  private final Pipeline pipeline;
  private final ArrivalFactory arrivals;
  private final ActiveExecs activeExecs;

  ExecFactory(
      String listener, Pipeline pipeline, ArrivalFactory arrivals, ActiveExecs activeExecs) {
    this.listener = listener;
    this.pipeline = pipeline;
    this.arrivals = arrivals;
    this.activeExecs = activeExecs;
  }

  /// Returns the exec that serves a command line, or refuses it.
  Exec createCommand(GitChannel channel, byte[] line) {
    Arrival arrival = arrival(channel.getSession());
    try {
      ExecLine command = ExecLine.parse(line);
      GitRequest request = request(arrival, channel, command);
      return exec(
          channel,
          new SshRefusals(arrival, Optional.of(command.service())),
          client -> pipeline.serve(request, client));
    } catch (RefusalException e) {
      return refusing(channel, new SshRefusals(arrival, Optional.empty()), e.refusal());
    }
  }

  /// Returns the exec for a shell request. It greets the user and ends, because there is no shell.
  Exec createShell(GitChannel channel) {
    Credential.SshKey key = key(channel.getSession());
    String greeting = Greeting.text(pipeline.keyOwner(key), key, channel.hasTerminal());
    var refusals = new SshRefusals(arrival(channel.getSession()), Optional.empty());
    return exec(channel, refusals, client -> Greeting.send(greeting, client));
  }

  private Exec refusing(GitChannel channel, SshRefusals refusals, Refusal refusal) {
    return exec(channel, refusals, client -> pipeline.refuse(refusals.arrival(), refusal, client));
  }

  private Exec exec(
      GitChannel channel, SshRefusals refusals, Consumer<SshConversationClient> task) {
    return new Exec(channel, refusals, client -> run(refusals, task, client));
  }

  private void run(
      SshRefusals refusals, Consumer<SshConversationClient> task, SshConversationClient client) {
    if (!activeExecs.tryStart()) {
      Refusal stopping =
          Refusal.of(Refusal.Kind.STOPPING, "the proxy is being stopped; please try again");
      pipeline.refuse(refusals.arrival(), stopping, client);
      return;
    }
    try {
      task.accept(client);
    } finally {
      activeExecs.finish();
    }
  }

  private GitRequest request(Arrival arrival, GitChannel channel, ExecLine command) {
    return new GitRequest(
        arrival,
        Optional.empty(),
        key(channel.getSession()),
        command.repository(),
        command.service(),
        GitRequest.Step.CONVERSATION,
        channel.gitProtocol().map(ProtocolVersion::parse).orElse(ProtocolVersion.V0),
        Headers.empty());
  }

  private Arrival arrival(ServerSession session) {
    return arrivals.create(listener, Front.SSH, address(session), true);
  }

  private static InetAddress address(ServerSession session) {
    return ((InetSocketAddress) session.getClientAddress()).getAddress();
  }

  // The key is present because no channel is opened before the client is authenticated.
  private static Credential.SshKey key(ServerSession session) {
    return UserKeyAuthenticator.authenticatedKey(session).orElseThrow();
  }
}
