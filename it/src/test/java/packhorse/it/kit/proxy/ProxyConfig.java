package packhorse.it.kit.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.process.PortAllocator;
import packhorse.it.kit.ssh.SshKey;

/// Builds the configuration file of a proxy under test. By default it has one pool of kind `plain`
/// without nodes, one site, listeners of every protocol, and a policy that allows everything. For
/// one thread.
public final class ProxyConfig {
  private final Path folder;
  private final int httpPort = PortAllocator.allocate();
  private final Map<String, String> nodes = new LinkedHashMap<>();
  private final List<String> poolLines = new ArrayList<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private final Map<String, String> users = new LinkedHashMap<>();
  private String listeners;
  private String kind = "plain";

  private ProxyConfig(Path folder) {
    this.folder = folder;
    SelfSignedCertificate.forLoopback().writePem(folder, "proxy");
    listeners =
        """
          http: { address: "127.0.0.1:%d" }
          https: { address: "127.0.0.1:0", certificate: proxy.pem, key: proxy.key }
          ssh: { address: "127.0.0.1:0", host-keys: host-keys/ }
          status: { address: "127.0.0.1:0" }
        """
            .formatted(httpPort);
    section("policy", "[ { allow: [ all ] } ]");
    section("log", "{ level: error, format: text, to: stderr }");
    section("audit", "{ file: audit.jsonl }");
    section("state", "{ directory: state }");
    section("control", "control.sock");
  }

  /// Returns a new configuration. Writes a certificate and its key, `proxy.pem` and `proxy.key`, to
  /// the folder; [#write] writes the configuration file there.
  public static ProxyConfig in(Path folder) {
    return new ProxyConfig(folder);
  }

  /// Adds a node to the pool.
  public ProxyConfig node(String name, String url) {
    return node(name, url, "");
  }

  /// Adds a node to the pool.
  ///
  /// @param keys more keys of the node, such as `weight: 2`; may be empty
  public ProxyConfig node(String name, String url, String keys) {
    String suffix = keys.isEmpty() ? "" : ", " + keys;
    nodes.put(name, "{ http: \"" + url + "\"" + suffix + " }");
    return this;
  }

  /// Adds a line to the pool, such as `storage: replicated`. Health checks are off unless a line
  /// begins with `probe:`. Several nodes have shared storage unless a line begins with `storage:`.
  public ProxyConfig pool(String line) {
    poolLines.add(line);
    return this;
  }

  /// Sets the kind of the pool.
  public ProxyConfig kind(String name) {
    kind = name;
    return this;
  }

  /// Adds a top-level section, or replaces the one of this name. A section `sites` or `public-url`
  /// replaces the default site.
  ///
  /// @param value the value of the section in YAML
  public ProxyConfig section(String name, String value) {
    sections.put(name, value);
    return this;
  }

  /// Removes a section that was set by default or with [#section].
  public ProxyConfig withoutSection(String name) {
    sections.remove(name);
    return this;
  }

  /// Adds a user to the proxy's own directory.
  ///
  /// @param value the keys of the user, such as `keys: [ { file: key.pub } ]`
  public ProxyConfig user(String name, String value) {
    users.put(name, "{ " + value + " }");
    return this;
  }

  /// Adds a user with an SSH key.
  public ProxyConfig user(String name, SshKey key) {
    return user(name, "keys: [ { file: \"" + key.publicKey() + "\" } ]");
  }

  /// Replaces the four default listeners.
  ///
  /// @param lines one line for each listener, indented by two spaces
  public ProxyConfig listeners(String lines) {
    listeners = lines;
    return this;
  }

  /// Returns the port of the HTTP listener and of the public URL.
  public int httpPort() {
    return httpPort;
  }

  Path folder() {
    return folder;
  }

  /// Writes the configuration file and returns its path.
  public Path write() {
    var yaml = new StringJoiner("\n", "", "\n");
    if (!sections.containsKey("sites") && !sections.containsKey("public-url")) {
      yaml.add("sites:");
      yaml.add(
          "  test: { url: \"http://127.0.0.1:"
              + httpPort
              + "\", pool: nodes, aliases: [ \"https://127.0.0.1\", \"http://localhost:"
              + httpPort
              + "\" ] }");
    }
    yaml.add("listeners:").add(listeners.stripTrailing());
    yaml.add("pools:").add("  nodes:").add("    kind: " + kind);
    yaml.add("    nodes:");
    nodes.forEach((name, value) -> yaml.add("      " + name + ": " + value));
    if (nodes.size() > 1 && poolLacks("storage:")) yaml.add("    storage: shared");
    if (poolLacks("probe:")) yaml.add("    probe: none");
    poolLines.forEach(line -> yaml.add("    " + line));
    if (!users.isEmpty()) yaml.add("users:");
    users.forEach((name, value) -> yaml.add("  " + name + ": " + value));
    sections.forEach((name, value) -> yaml.add(name + ": " + value));
    Path file = folder.resolve("packhorse.yaml");
    try {
      Files.writeString(file, yaml.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private boolean poolLacks(String key) {
    return poolLines.stream().noneMatch(line -> line.startsWith(key));
  }
}
