package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.junit.CaseBudget;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;
import packhorse.ssh.key.UserKeyFormat;

/// Hostile SSH clients against the assembled proxy: threats S2, S3, S6, S7, S10 and F9 of
/// `docs/threats.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileSshTest {
  private SshKey alice;
  private SshKey bob;
  private SshKey stranger;
  private MonitoredProxy proxy;
  private HostileSshClient client;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    alice = SshKey.ed25519(folder, "alice");
    bob = SshKey.ed25519(folder, "bob");
    stranger = SshKey.ed25519(folder, "stranger");
    proxy =
        new MonitoredProxy(
            folder,
            alice,
            bob,
            lookAlike("like-alice", alice),
            lookAlike("like-stranger", stranger));
    client = new HostileSshClient(proxy.runningProxy().port("ssh"));
  }

  @AfterAll
  void stop() {
    client.close();
    proxy.close();
  }

  @Tag("counted")
  @Tag("generated")
  @Test
  void only_the_key_that_signed_authenticates() throws IOException {
    for (SeededRandom random : SeededRandom.forTest(HostileSshTest.class))
      logInWithGeneratedKeys(random);
  }

  private void logInWithGeneratedKeys(SeededRandom random) throws IOException {
    List<KeyPair> keyPairs =
        List.of(
            HostileSshClient.loadKeyPair(alice),
            HostileSshClient.loadKeyPair(bob),
            HostileSshClient.loadKeyPair(stranger));
    var budget = new CaseBudget(30, 3_000, Duration.ofSeconds(30));
    for (int i = 0; budget.allows(i); i++) {
      List<KeyPair> offered = new ArrayList<>();
      String expected = "";
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        int shown = random.nextInt(3);
        int signing = random.nextInt(3);
        offered.add(
            new KeyPair(keyPairs.get(shown).getPublic(), keyPairs.get(signing).getPrivate()));
        boolean authenticates = expected.isEmpty() && shown == signing && shown < 2;
        if (authenticates) expected = shown == 0 ? "Hello alice" : "Hello bob";
      }
      try (ClientSession connection = client.connect()) {
        boolean authenticated = HostileSshClient.authenticate(connection, offered);
        assertThat(authenticated).as("%s", random).isEqualTo(!expected.isEmpty());
        if (authenticated)
          assertThat(HostileSshClient.readGreeting(connection)).as("%s", random).contains(expected);
      }
    }
  }

  /// Writes the public key of another user: that of `original`, with one letter in the other case.
  private static SshKey lookAlike(String name, SshKey original) throws IOException {
    SshKey key = new SshKey(original.privateKey().resolveSibling(name));
    String[] fields = original.publicKeyLine().split(" ", 3);
    String changed =
        IntStream.range(fields[1].length() / 2, fields[1].length())
            .filter(i -> Character.isLetter(fields[1].charAt(i)))
            .mapToObj(i -> withOtherCase(fields[1], i))
            .filter(blob -> isKey(fields[0], blob))
            .findFirst()
            .orElseThrow();
    Files.writeString(key.publicKey(), fields[0] + " " + changed + " " + name + "\n");
    return key;
  }

  private static String withOtherCase(String text, int index) {
    char other = (char) (text.charAt(index) ^ ('a' ^ 'A'));
    return text.substring(0, index) + other + text.substring(index + 1);
  }

  // About half of all numbers are no Ed25519 key.
  private static boolean isKey(String type, String blob) {
    try {
      UserKeyFormat.check(type, Base64.getDecoder().decode(blob));
      return true;
    } catch (IllegalArgumentException damaged) {
      return false;
    }
  }

  @Test
  void a_key_that_differs_in_the_case_of_one_letter_is_another_key() {
    assertThat(greeting(alice).expectSuccess().stdout()).contains("Hello alice");
    assertThat(greeting(stranger).expectExit(255).stderr()).contains("Permission denied");
  }

  @Test
  void a_key_that_was_offered_and_did_not_sign_is_nobodys() throws IOException {
    Path offered = Files.createDirectories(folder.resolve("offered")).resolve("alice.pub");
    Files.copy(alice.publicKey(), offered);
    Files.setPosixFilePermissions(offered, PosixFilePermissions.fromString("rw-------"));
    CommandResult alone = greeting(new SshKey(offered));
    assertThat(alone.expectExit(255).stderr())
        .contains("Server accepts key", "Permission denied (publickey).");
    String bobsKey = bob.privateKey().toString();
    CommandResult withAnother = greeting(new SshKey(offered), "-i", bobsKey);
    assertThat(withAnother.stderr()).contains("Server accepts key: " + offered);
    assertThat(withAnother.expectSuccess().stdout()).contains("Hello bob").doesNotContain("alice");
  }

  /// Runs `ssh -v -T`, which prints the greeting.
  private CommandResult greeting(SshKey key, String... options) {
    int port = proxy.runningProxy().port("ssh");
    var argv =
        new ArrayList<>(
            OpenSshClient.acceptNewHostKey(key.privateKey(), port, folder.resolve("known")).argv());
    argv.addAll(List.of(options));
    argv.addAll(List.of("-v", "-T", "git@127.0.0.1"));
    return Command.of(folder, argv.toArray(String[]::new)).run();
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        SshConstants.SSH_MSG_USERAUTH_SUCCESS,
        SshConstants.SSH_MSG_USERAUTH_FAILURE,
        SshConstants.SSH_MSG_SERVICE_ACCEPT,
        SshConstants.SSH_MSG_CHANNEL_OPEN,
        SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION,
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        SshConstants.SSH_MSG_CHANNEL_DATA,
        SshConstants.SSH_MSG_GLOBAL_REQUEST
      })
  void a_message_that_skips_the_login_closes_the_connection(byte message) throws IOException {
    int connectionCount = proxy.node().connections().size();
    try (ClientSession connection = client.connect()) {
      Buffer packet = connection.createBuffer(message);
      packet.putString(message == SshConstants.SSH_MSG_GLOBAL_REQUEST ? "keepalive" : "session");
      packet.putUInt(0);
      packet.putUInt(1 << 20);
      packet.putUInt(1 << 15);
      connection.writePacket(packet);
      var events =
          connection.waitFor(
              EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), HostileSshClient.TIMEOUT);
      assertThat(events).contains(ClientSession.ClientSessionEvent.CLOSED);
      assertThat(connection.isAuthenticated()).isFalse();
    }
    assertThat(proxy.node().connections()).hasSize(connectionCount);
  }

  @Tag("counted")
  @Tag("generated")
  @Test
  void hostile_exec_lines_and_variables_never_reach_the_node() throws IOException {
    for (SeededRandom random : SeededRandom.forTest(HostileSshTest.class)) executeGenerated(random);
  }

  private void executeGenerated(SeededRandom random) throws IOException {
    CaseBudget budget = TestProfile.generatedCases();
    String special = "'\"\\/;$`|&\n\t\0 -.~*{}%#!e\u00e9\u202e";
    try (ClientSession connection = client.connect()) {
      assertThat(
              HostileSshClient.authenticate(
                  connection, List.of(HostileSshClient.loadKeyPair(alice))))
          .isTrue();
      for (int i = 0; budget.allows(i); i++) {
        String command = "git-upload-pack 'acme/" + random.mutate("app.git'", special, 3);
        String version = random.mutate("version=2", "version=012:;, \n\0", 3);
        String output =
            HostileSshClient.exec(
                connection, command, Map.of("GIT_PROTOCOL", version, "EVIL", "evil"));
        String input = random + ": " + command + " with " + version;
        assertThat(output).as(input).isNotEmpty().doesNotContain("\u001b");
        proxy.assertNewRequestsAreClean(input);
      }
      String output = HostileSshClient.exec(connection, "git-upload-pack 'acme/app.git'", Map.of());
      assertThat(output).contains(MonitoredProxy.TIP);
    }
  }

  @Test
  void an_unknown_key_gets_the_same_response_under_every_login_name() {
    List<String> messages = new ArrayList<>();
    for (String name : List.of("git", "root", "alice", "nobody")) {
      Command command =
          Command.of(
              folder,
              "ssh",
              "-v",
              "-F",
              "none",
              "-T",
              "-o",
              "BatchMode=yes",
              "-o",
              "IdentitiesOnly=yes",
              "-o",
              "StrictHostKeyChecking=no",
              "-o",
              "UserKnownHostsFile=/dev/null",
              "-i",
              stranger.privateKey().toString(),
              "-p",
              "" + proxy.runningProxy().port("ssh"),
              name + "@127.0.0.1");
      List<String> lines =
          command
              .run()
              .expectFailure()
              .stderr()
              .lines()
              .filter(line -> line.contains("uthentications") || line.contains("denied"))
              .map(line -> line.replace(name + "@", ""))
              .toList();
      messages.add(String.join("\n", lines));
    }
    assertThat(messages.getFirst()).contains("publickey", "Permission denied");
    assertThat(messages).containsOnly(messages.getFirst());
  }
}
