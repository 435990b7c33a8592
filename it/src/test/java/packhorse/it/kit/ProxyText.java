package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// The configuration that a test runs a proxy with, as an operator would write it: one pool of kind
/// plain in front of some nodes, one site, listeners of every protocol. Sections can be added or
/// replaced. For one thread.
public final class ProxyText {
  private final Path folder;
  private final int http = Ports.free();
  private final Map<String, String> nodes = new LinkedHashMap<>();
  private final List<String> pool = new ArrayList<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private final Map<String, String> users = new LinkedHashMap<>();
  private String listeners;

  private ProxyText(Path folder) {
    this.folder = folder;
    SelfSigned.loopback().write(folder, "proxy");
    listeners =
        """
          http: { address: "127.0.0.1:%d" }
          https: { address: "127.0.0.1:0", certificate: proxy.pem, key: proxy.key }
          ssh: { address: "127.0.0.1:0", host-keys: host-keys/ }
          status: { address: "127.0.0.1:0" }
        """
            .formatted(http);
    section("policy", "[ { allow: [ all ] } ]");
    section("log", "{ level: error, format: text, to: stderr }");
    section("audit", "{ file: audit.jsonl }");
    section("state", "{ directory: state }");
    section("control", "control.sock");
  }

  /// A configuration in that folder; its files are made there.
  public static ProxyText in(Path folder) {
    return new ProxyText(folder);
  }

  /// A node of the pool.
  public ProxyText node(String name, String url) {
    return node(name, url, "");
  }

  /// A node of the pool with further keys: `weight: 2`.
  public ProxyText node(String name, String url, String more) {
    String rest = more.isEmpty() ? "" : ", " + more;
    nodes.put(name, "{ http: \"" + url + "\"" + rest + " }");
    return this;
  }

  /// A line of the pool: `storage: shared`. Probes are off unless a line says otherwise.
  public ProxyText pool(String line) {
    pool.add(line);
    return this;
  }

  /// A top-level section, in place of one of that name.
  public ProxyText section(String name, String value) {
    sections.put(name, value);
    return this;
  }

  /// Leaves a section out.
  public ProxyText without(String name) {
    sections.remove(name);
    return this;
  }

  /// A user of the proxy's own directory: `keys: [ { file: key.pub } ]`.
  public ProxyText user(String name, String value) {
    users.put(name, "{ " + value + " }");
    return this;
  }

  /// A user who logs in by that key.
  public ProxyText user(String name, SshKey key) {
    return user(name, "keys: [ { file: \"" + key.publicKey() + "\" } ]");
  }

  /// The listeners, in place of the usual four; each on a line of its own, indented by two.
  public ProxyText listeners(String lines) {
    listeners = lines;
    return this;
  }

  /// The port of the plain listener and of the public URL.
  public int httpPort() {
    return http;
  }

  Path folder() {
    return folder;
  }

  /// Writes the file.
  public Path write() {
    var text = new StringJoiner("\n", "", "\n");
    if (!sections.containsKey("sites") && !sections.containsKey("public-url")) {
      text.add("sites:");
      text.add(
          "  test: { url: \"http://127.0.0.1:"
              + http
              + "\", pool: nodes, aliases: [ \"https://127.0.0.1\", \"http://localhost:"
              + http
              + "\" ] }");
    }
    text.add("listeners:").add(listeners.stripTrailing());
    text.add("pools:").add("  nodes:").add("    kind: plain");
    text.add("    nodes:");
    nodes.forEach((name, value) -> text.add("      " + name + ": " + value));
    if (nodes.size() > 1 && none("storage:")) text.add("    storage: shared");
    if (none("probe:")) text.add("    probe: none");
    pool.forEach(line -> text.add("    " + line));
    if (!users.isEmpty()) text.add("users:");
    users.forEach((name, value) -> text.add("  " + name + ": " + value));
    sections.forEach((name, value) -> text.add(name + ": " + value));
    Path file = folder.resolve("packhorse.yaml");
    try {
      Files.writeString(file, text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private boolean none(String key) {
    return pool.stream().noneMatch(line -> line.startsWith(key));
  }
}
