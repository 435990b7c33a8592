package packhorse.it.kit.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import packhorse.config.model.Settings;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsReader;
import packhorse.deploy.Assembly;
import packhorse.deploy.ProxyInstance;
import packhorse.deploy.StartupException;
import packhorse.it.kit.ssh.SharedHostKeys;
import packhorse.memory.MemoryPlan;

/// The proxy in the process of the tests, built from a configuration file in the same way as by
/// `packhorse serve`. For any thread.
public final class RunningProxy implements AutoCloseable {
  private final ProxyConfig config;
  private final ProxyInstance instance;

  private RunningProxy(ProxyConfig config, ProxyInstance instance) {
    this.config = config;
    this.instance = instance;
  }

  /// Writes the configuration and starts the proxy with it.
  public static RunningProxy start(ProxyConfig config) {
    return start(config, Assembly::start);
  }

  /// Starts the proxy with another interval of keep-alives.
  ///
  /// @param keepAlive how long a client gets no data from a silent node before the proxy sends it a
  ///   keep-alive
  public static RunningProxy start(ProxyConfig config, Duration keepAlive) {
    return start(config, settings -> Assembly.start(settings, keepAlive, MemoryPlan.ofThisJvm()));
  }

  /// Starts the proxy with other limits on memory.
  public static RunningProxy start(ProxyConfig config, MemoryPlan plan) {
    return start(config, settings -> Assembly.start(settings, Duration.ofSeconds(5), plan));
  }

  private interface Starter {
    ProxyInstance start(Settings settings) throws StartupException;
  }

  private static RunningProxy start(ProxyConfig config, Starter starter) {
    try {
      SharedHostKeys.copyTo(config.folder().resolve("host-keys"));
      Settings settings = SettingsReader.read(config.write());
      return new RunningProxy(config, starter.start(settings));
    } catch (InvalidSettingsException e) {
      throw new IllegalArgumentException(e.problems().toString(), e);
    } catch (StartupException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the port that a listener is bound to.
  public int port(String listener) {
    return instance.port(listener);
  }

  /// Returns `http://127.0.0.1:PORT`.
  public String httpUrl() {
    return "http://127.0.0.1:" + port("http");
  }

  /// Returns the URL of a repository over HTTP: `http://127.0.0.1:PORT/acme/app.git`.
  public String httpUrl(String name) {
    return httpUrl() + "/" + name + ".git";
  }

  /// Returns the URL of a repository over SSH.
  public String sshUrl(String name) {
    return "ssh://git@127.0.0.1:" + port("ssh") + "/" + name + ".git";
  }

  /// Returns the folder of the configuration.
  public Path folder() {
    return config.folder();
  }

  /// Returns the audit records of outcomes so far, one JSON object in each line; the records of
  /// pushes that begin are left out. A record may be written a moment after the response.
  public List<String> auditRecords() {
    Path file = folder().resolve("audit.jsonl");
    try {
      if (!Files.exists(file)) return List.of();
      return Files.readAllLines(file).stream()
          .filter(record -> !record.contains("\"outcome\":\"begun\""))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops the proxy as SIGTERM does.
  public void stop(Duration drainTimeout) {
    instance.stop(drainTimeout);
  }

  @Override
  public void close() {
    instance.close();
  }
}
