package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Requests of several people at the same time, or over one connection: threat F1 of
/// `docs/threats.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class PeopleAtOnceTest {
  private static final int PUSHES = TestProfile.pick(150, 1_000);

  private VerifyingProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    proxy = new VerifyingProxy(folder, SelfSignedCertificate.forLoopback());
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @BeforeEach
  void clearRequests() {
    proxy.clearNodeRequests();
  }

  @Tag("counted")
  @Test
  void pushes_of_two_people_at_once_arrive_as_two_people() throws InterruptedException {
    pushAsTwoPeople(user -> push(proxy.runningProxy(), user));
    assertNamedAsRefs("refs/heads/of-");
  }

  @Tag("counted")
  @Test
  void pushes_of_two_people_at_once_over_ssh_arrive_as_two_people() throws InterruptedException {
    pushAsTwoPeople(this::pushOverSsh);
    assertNamedAsRefs("refs/heads/ssh-of-");
  }

  @Tag("counted")
  @Test
  void pushes_at_once_arrive_with_the_credential_of_their_own_client(@TempDir Path folder)
      throws InterruptedException {
    ProxyConfig config = ProxyConfig.in(folder).node("one", proxy.nodeUrl());
    try (RunningProxy forwarding = RunningProxy.start(config.pool("authentication: node"))) {
      pushAsTwoPeople(user -> push(forwarding, user));
      for (String user : List.of("alice", "bob")) {
        assertThat(pushes())
            .filteredOn(request -> request.bodyText().contains("refs/heads/of-" + user))
            .hasSize(PUSHES)
            .allMatch(request -> request.head().contains(VerifyingProxy.as(user) + "\r\n"));
        assertThat(awaitRecords(forwarding, "refs/heads/of-" + user))
            .allMatch(line -> line.contains("\"claimed\":\"" + user.substring(0, 3)));
      }
    }
  }

  @Test
  void people_over_one_connection_arrive_each_under_their_own_name() {
    String refs = "/acme/app.git/info/refs?service=git-upload-pack";
    try (var client = RawClient.connect(proxy.port("http"))) {
      for (String user : List.of("alice", "bob", "carol", "alice")) {
        client.send(proxy.get(refs, VerifyingProxy.as(user)));
        assertThat(client.readResponse().orElseThrow().status()).isEqualTo(200);
        // Nothing of the one before serves somebody who does not say who it is.
        client.send(proxy.get(refs));
        assertThat(client.readResponse().orElseThrow().status()).isEqualTo(401);
      }
    }
    assertThat(proxy.nodeRequests())
        .map(request -> String.join(",", request.header(VerifyingProxy.IDENTITY)))
        .containsExactly("alice", "bob", "carol", "alice");
  }

  private void pushAsTwoPeople(Consumer<String> push) throws InterruptedException {
    List<Thread> people =
        Stream.of("alice", "bob")
            .map(user -> Thread.ofVirtual().start(() -> push.accept(user)))
            .toList();
    for (Thread person : people) person.join();
    assertThat(pushes()).hasSize(2 * PUSHES);
  }

  private List<RawMessage> pushes() {
    return proxy.nodeRequests().stream()
        .filter(request -> request.startLine().startsWith("POST "))
        .toList();
  }

  /// Asserts that node and audit know each push under the name with which its ref ends, and that
  /// the node gets no credential.
  private void assertNamedAsRefs(String prefix) {
    for (RawMessage request : proxy.nodeRequests()) {
      assertThat(request.header("Authorization")).isEmpty();
    }
    for (RawMessage push : pushes()) {
      assertThat(push.bodyText())
          .contains(prefix + push.header(VerifyingProxy.IDENTITY).getFirst() + "\0");
    }
    for (String user : List.of("alice", "bob")) {
      assertThat(awaitRecords(proxy.runningProxy(), prefix + user))
          .allMatch(line -> line.contains("\"user\":\"" + user + "\""));
    }
  }

  private static String deletion(String ref) {
    String command = MonitoredProxy.TIP + " " + "0".repeat(40) + " " + ref;
    return MonitoredProxy.pkt(command + "\0report-status\n") + "0000";
  }

  private void push(RunningProxy through, String user) {
    String body = deletion("refs/heads/of-" + user);
    String path = "/acme/" + user + ".git/git-receive-pack";
    String request =
        proxy
            .post(path, body, VerifyingProxy.as(user))
            .replaceFirst("Host: .*", "Host: 127.0.0.1:" + through.port("http"));
    try (var client = RawClient.connect(through.port("http"))) {
      for (int i = 0; i < PUSHES; i++) {
        client.send(request);
        assertThat(client.readResponse().orElseThrow().bodyText()).contains("unpack ok");
      }
    }
  }

  private void pushOverSsh(String user) {
    String line = "git-receive-pack 'acme/" + user + ".git'";
    String input = deletion("refs/heads/ssh-of-" + user);
    try {
      List<String> inputs = Collections.nCopies(PUSHES, input);
      assertThat(VerifyingProxy.exec(proxy.runningProxy(), user, line, inputs))
          .allMatch(output -> output.contains("unpack ok"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> awaitRecords(RunningProxy of, String ref) {
    Await.until("the records", () -> VerifyingProxy.records(of, ref).size() == PUSHES);
    return VerifyingProxy.records(of, ref);
  }
}
