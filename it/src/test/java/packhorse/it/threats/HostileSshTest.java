package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
import packhorse.it.kit.Cases;
import packhorse.it.kit.Command;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.SshKey;

/// Threats S2, S3, S6, S7 and S10 against the assembled proxy.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileSshTest {
  private SshKey alice;
  private SshKey bob;
  private SshKey stranger;
  private Watched watched;
  private Ssh ssh;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path temporary) {
    folder = temporary;
    alice = SshKey.ed25519(folder, "alice");
    bob = SshKey.ed25519(folder, "bob");
    stranger = SshKey.ed25519(folder, "stranger");
    watched = new Watched(folder, alice, bob);
    ssh = new Ssh(watched.proxy().port("ssh"));
  }

  @AfterAll
  void stop() {
    ssh.close();
    watched.close();
  }

  @Tag("counted")
  @Tag("generated")
  @Test
  void whoever_is_offered_only_the_key_that_signed_counts() throws IOException {
    for (Dice dice : Dice.of(HostileSshTest.class)) logins(dice);
  }

  private void logins(Dice dice) throws IOException {
    List<KeyPair> all = List.of(Ssh.pair(alice), Ssh.pair(bob), Ssh.pair(stranger));
    var cases = new Cases(30, 3_000, Duration.ofSeconds(60));
    for (int i = 0; cases.more(i); i++) {
      List<KeyPair> offered = new ArrayList<>();
      String expected = "";
      for (int n = 1 + dice.below(5); n > 0; n--) {
        int shown = dice.below(3);
        int signing = dice.below(3);
        offered.add(new KeyPair(all.get(shown).getPublic(), all.get(signing).getPrivate()));
        boolean gets = expected.isEmpty() && shown == signing && shown < 2;
        if (gets) expected = shown == 0 ? "Hello alice" : "Hello bob";
      }
      try (ClientSession connection = ssh.connection()) {
        boolean in = Ssh.login(connection, offered);
        assertThat(in).as("%s", dice).isEqualTo(!expected.isEmpty());
        if (in) assertThat(Ssh.greeting(connection)).as("%s", dice).contains(expected);
      }
    }
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
  void who_skips_the_login_is_cut_off(byte message) throws IOException {
    int heard = watched.node().connections().size();
    try (ClientSession connection = ssh.connection()) {
      Buffer packet = connection.createBuffer(message);
      packet.putString(message == SshConstants.SSH_MSG_GLOBAL_REQUEST ? "keepalive" : "session");
      packet.putUInt(0);
      packet.putUInt(1 << 20);
      packet.putUInt(1 << 15);
      connection.writePacket(packet);
      var seen =
          connection.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), Ssh.PATIENCE);
      assertThat(seen).contains(ClientSession.ClientSessionEvent.CLOSED);
      assertThat(connection.isAuthenticated()).isFalse();
    }
    assertThat(watched.node().connections()).hasSize(heard);
  }

  @Tag("counted")
  @Tag("generated")
  @Test
  void exec_lines_and_variables_reach_the_node_clean_or_not_at_all() throws IOException {
    for (Dice dice : Dice.of(HostileSshTest.class)) execs(dice);
  }

  private void execs(Dice dice) throws IOException {
    Cases cases = Sizes.generated();
    String odd = "'\"\\/;$`|&\n\t\0 -.~*{}%#!e\u00e9\u202e";
    try (ClientSession connection = ssh.connection()) {
      assertThat(Ssh.login(connection, List.of(Ssh.pair(alice)))).isTrue();
      for (int i = 0; cases.more(i); i++) {
        String line = "git-upload-pack 'acme/" + dice.mutated("app.git'", odd, 3);
        String version = dice.mutated("version=2", "version=012:;, \n\0", 3);
        String said = Ssh.exec(connection, line, Map.of("GIT_PROTOCOL", version, "EVIL", "evil"));
        String input = dice + ": " + line + " with " + version;
        assertThat(said).as(input).isNotEmpty().doesNotContain("\u001b");
        watched.nothingForbiddenArrived(input);
      }
      String said = Ssh.exec(connection, "git-upload-pack 'acme/app.git'", Map.of());
      assertThat(said).contains(Watched.TIP);
    }
  }

  @Test
  void an_unknown_key_hears_the_same_whatever_name_it_comes_with() {
    List<String> told = new ArrayList<>();
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
              "" + watched.proxy().port("ssh"),
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
      told.add(String.join("\n", lines));
    }
    assertThat(told.getFirst()).contains("publickey", "Permission denied");
    assertThat(told).containsOnly(told.getFirst());
  }
}
