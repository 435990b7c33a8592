package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import packhorse.config.InvalidSettings;
import packhorse.config.Settings;
import packhorse.config.SettingsReader;
import packhorse.deploy.Assembly;
import packhorse.deploy.Running;
import packhorse.deploy.StartFailure;

/// The proxy itself, in this process, as `packhorse serve` builds it from the same file. For any
/// thread.
public final class RunningProxy implements AutoCloseable {
  private final ProxyText text;
  private final Running running;

  private RunningProxy(ProxyText text, Running running) {
    this.text = text;
    this.running = running;
  }

  /// Writes the configuration and starts the proxy on it.
  public static RunningProxy start(ProxyText text) {
    return start(text, Assembly::start);
  }

  /// The same, with clients that hear nothing for so long while a node is silent.
  public static RunningProxy start(ProxyText text, Duration keepAlive) {
    return start(text, settings -> Assembly.start(settings, keepAlive));
  }

  private interface Starting {
    Running start(Settings settings) throws StartFailure;
  }

  private static RunningProxy start(ProxyText text, Starting starting) {
    try {
      SharedHostKeys.copyTo(text.folder().resolve("host-keys"));
      Settings settings = SettingsReader.read(text.write());
      return new RunningProxy(text, starting.start(settings));
    } catch (InvalidSettings e) {
      throw new IllegalArgumentException(e.problems().toString(), e);
    } catch (StartFailure e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The real port of a listener.
  public int port(String listener) {
    return running.port(listener);
  }

  /// `http://127.0.0.1:PORT`.
  public String http() {
    return "http://127.0.0.1:" + port("http");
  }

  /// The URL of a repository over HTTP: `http://127.0.0.1:PORT/acme/app.git`.
  public String http(String name) {
    return http() + "/" + name + ".git";
  }

  /// The URL of a repository over SSH.
  public String ssh(String name) {
    return "ssh://git@127.0.0.1:" + port("ssh") + "/" + name + ".git";
  }

  /// Where the configuration lies.
  public Path folder() {
    return text.folder();
  }

  /// The audit records so far, one JSON object a line. A record may come a moment after the answer.
  public List<String> audit() {
    Path file = folder().resolve("audit.jsonl");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops as SIGTERM does.
  public void stop(Duration drain) {
    running.stop(drain);
  }

  @Override
  public void close() {
    running.close();
  }
}
