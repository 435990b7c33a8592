package packhorse.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.sshd.server.session.ServerSession;
import packhorse.Pipeline;
import packhorse.request.Arrival;
import packhorse.request.Arrivals;
import packhorse.request.Credential;
import packhorse.request.Front;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.ProtocolVersion;

/// What the execs of one listener do: each becomes a request to the pipeline, or a refusal. Called
/// on the library's threads, which it does not keep.
final class Execs {
  private final String listener;
  private final Pipeline pipeline;
  private final Arrivals arrivals;
  private final RunningExecs running;

  Execs(String listener, Pipeline pipeline, Arrivals arrivals, RunningExecs running) {
    this.listener = listener;
    this.pipeline = pipeline;
    this.arrivals = arrivals;
    this.running = running;
  }

  /// What a command line asks for.
  Exec command(GitChannel channel, byte[] line) {
    Arrival arrival = arrival(channel.getSession());
    try {
      ExecLine asked = ExecLine.parse(line);
      GitRequest request = request(arrival, channel, asked);
      return exec(
          channel,
          new SshRefusals(arrival, Optional.of(asked.service())),
          client -> pipeline.serve(request, client));
    } catch (Refused refused) {
      return refused(channel, new SshRefusals(arrival, Optional.empty()), refused.refusal());
    }
  }

  /// A shell: there is none, which is said with who the client is.
  Exec shell(GitChannel channel) {
    Credential.SshKey key = key(channel.getSession());
    String greeting = Greeting.words(pipeline.owner(key), key, channel.hasTerminal());
    var refusals = new SshRefusals(arrival(channel.getSession()), Optional.empty());
    return exec(channel, refusals, client -> Greeting.say(greeting, client));
  }

  private Exec refused(GitChannel channel, SshRefusals refusals, Refusal refusal) {
    return exec(channel, refusals, client -> pipeline.refuse(refusals.arrival(), refusal, client));
  }

  private Exec exec(GitChannel channel, SshRefusals refusals, Consumer<SshClientSide> work) {
    return new Exec(channel.fromClient(), refusals, client -> counted(refusals, work, client));
  }

  private void counted(SshRefusals refusals, Consumer<SshClientSide> work, SshClientSide client) {
    if (!running.begin()) {
      Refusal stopping =
          Refusal.of(Refusal.Kind.STOPPING, "the proxy is being stopped; please try again");
      pipeline.refuse(refusals.arrival(), stopping, client);
      return;
    }
    try {
      work.accept(client);
    } finally {
      running.end();
    }
  }

  private GitRequest request(Arrival arrival, GitChannel channel, ExecLine asked) {
    return new GitRequest(
        arrival,
        Optional.empty(),
        key(channel.getSession()),
        asked.repository(),
        asked.service(),
        GitRequest.Step.CONVERSATION,
        channel.protocol().map(ProtocolVersion::parse).orElse(ProtocolVersion.V0),
        Headers.none());
  }

  private Arrival arrival(ServerSession session) {
    return arrivals.arrive(listener, Front.SSH, address(session), true);
  }

  private static InetAddress address(ServerSession session) {
    return ((InetSocketAddress) session.getClientAddress()).getAddress();
  }

  // a channel without a login is never opened
  private static Credential.SshKey key(ServerSession session) {
    return KeyLogin.signer(session).orElseThrow();
  }
}
