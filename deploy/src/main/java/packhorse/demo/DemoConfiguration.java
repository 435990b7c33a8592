package packhorse.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Collectors;
import packhorse.identity.PasswordHash;

/// Writes the configuration of the demo and the files that it refers to. The configuration is kept
/// short, because the demo prints it for the user to copy.
final class DemoConfiguration {
  private DemoConfiguration() {}

  /// Writes `packhorse.yaml`, and the password hashes, user keys, host key and `known_hosts` that
  /// go with it.
  ///
  /// @return the path of the configuration file
  static Path write(Path folder, DemoPorts ports, List<JGitNode> nodes) throws IOException {
    Files.createDirectories(folder.resolve("secrets"));
    for (DemoUser user : DemoUser.all()) {
      String hash = PasswordHash.of(user.password(), new SecureRandom()).encoded();
      Files.writeString(folder.resolve("secrets/" + user.name() + ".hash"), hash + "\n");
      DemoKeys.write(folder.resolve("keys/" + user.name()), user.name());
    }
    String hostKey = DemoKeys.write(folder.resolve("ssh/ed25519"), "packhorse-demo");
    Files.writeString(
        folder.resolve("known_hosts"), "[127.0.0.1]:" + ports.ssh() + " " + hostKey + "\n");
    return Files.writeString(folder.resolve("packhorse.yaml"), text(ports, nodes));
  }

  /// Returns the text of `packhorse.yaml`.
  static String text(DemoPorts ports, List<JGitNode> nodes) {
    String addresses =
        nodes.stream()
            .map(node -> node.name() + ": \"" + node.uri() + "\"")
            .collect(Collectors.joining(", "));
    return """
    public-url: "http://127.0.0.1:%1$d"
    public-ssh: "127.0.0.1:%2$d"
    listeners:
      http:   { address: "127.0.0.1:%1$d" }
      ssh:    { address: "127.0.0.1:%2$d", host-keys: ssh/ }
      status: { address: "127.0.0.1:%3$d" }
    control: control.sock
    pools:
      demo:
        kind: plain
        storage: shared               # the nodes share one disk: any of them reads and writes
        nodes: { %4$s }
        authentication: proxy         # the proxy verifies passwords
        act-as: nobody                # requests to nodes name no user
    users:
      alice: { password: { file: secrets/alice.hash }, keys: [ { file: keys/alice.pub } ] }
      bob:   { password: { file: secrets/bob.hash }, keys: [ { file: keys/bob.pub } ] }
    groups:
      staff:   [ "user:alice", "user:bob" ]
      interns: [ "user:bob" ]
    policy:                           # first match wins
      - { deny: [ write ], repositories: [ "mirrors/**" ], because: "mirrors are read-only here" }
      - { deny: [ update, delete ], groups: [ interns ], repositories: [ "acme/app" ], refs: [ "refs/heads/main" ],
          because: "main is changed by merge only" }
      - { allow: [ all ], groups: [ staff ] }
      - { deny: [ all ] }
    state: { directory: state }
    audit: { file: audit.jsonl }
    log: { level: warn }
    """
        .formatted(ports.http(), ports.ssh(), ports.status(), addresses);
  }
}
