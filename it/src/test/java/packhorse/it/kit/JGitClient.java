package packhorse.it.kit;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/// JGit as a client, over HTTP or SSH: unlike git's own it never closes its half of an SSH stream.
/// Everything it keeps is below one folder. Used by one thread; closing it ends its SSH
/// connections.
public final class JGitClient implements AutoCloseable {
  private static final int SECONDS = 60;

  private final Optional<UsernamePasswordCredentialsProvider> credentials;
  private final SshdSessionFactory ssh;

  private JGitClient(
      Path folder, Optional<UsernamePasswordCredentialsProvider> credentials, List<Path> keys) {
    this.credentials = credentials;
    File home = folder.resolve("jgit-home").toFile();
    this.ssh =
        new SshdSessionFactoryBuilder()
            .setHomeDirectory(home)
            .setSshDirectory(new File(home, "ssh"))
            .setPreferredAuthentications("publickey")
            .setDefaultIdentities(directory -> keys)
            .setServerKeyDatabase((directory, other) -> new Trusting())
            .build(null);
  }

  /// Without any credential.
  public static JGitClient anonymous(Path folder) {
    return at(folder, Optional.empty(), List.of());
  }

  /// With a name and password for HTTP.
  public static JGitClient user(Path folder, String name, String password) {
    return at(
        folder, Optional.of(new UsernamePasswordCredentialsProvider(name, password)), List.of());
  }

  /// With a key for SSH.
  public static JGitClient key(Path folder, SshKey key) {
    return at(folder, Optional.empty(), List.of(key.privateKey()));
  }

  private static JGitClient at(
      Path folder, Optional<UsernamePasswordCredentialsProvider> credentials, List<Path> keys) {
    try {
      Files.createDirectories(folder.resolve("jgit-home/ssh"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    PrivateReader.install(folder.resolve("jgit-home"));
    return new JGitClient(folder, credentials, keys);
  }

  /// Clones with a working tree; the caller closes what comes back.
  public Git clone(String url, Path directory) throws GitAPIException {
    return with(Git.cloneRepository().setURI(url).setDirectory(directory.toFile())).call();
  }

  /// Fetches all branches from `origin`.
  public void fetch(Git clone) throws GitAPIException {
    with(clone.fetch()).call();
  }

  /// Fetches what these refspecs say from `origin`.
  public void fetch(Git clone, String... refspecs) throws GitAPIException {
    with(clone.fetch().setRefSpecs(refspecs)).call();
  }

  /// Fetches into a repository.
  ///
  /// @param more what else JGit is told about it: depth, tags
  public void fetch(Repository into, String url, List<RefSpec> specs, Consumer<Transport> more)
      throws URISyntaxException, NotSupportedException, TransportException {
    try (Transport transport = Transport.open(into, new URIish(url))) {
      if (transport instanceof SshTransport over) over.setSshSessionFactory(ssh);
      transport.setTimeout(SECONDS);
      more.accept(transport);
      transport.fetch(NullProgressMonitor.INSTANCE, specs);
    }
  }

  /// Pushes to `origin`.
  ///
  /// @return what became of each ref
  public List<RemoteRefUpdate> push(Git clone, String... refspecs) throws GitAPIException {
    var specs = List.of(refspecs).stream().map(RefSpec::new).toList();
    Iterable<PushResult> results = with(clone.push().setRefSpecs(specs)).call();
    return List.copyOf(results.iterator().next().getRemoteUpdates());
  }

  @Override
  public void close() {
    ssh.close();
  }

  private <C extends TransportCommand<C, ?>> C with(C command) {
    credentials.ifPresent(command::setCredentialsProvider);
    command.setTransportConfigCallback(transport -> {
      if (transport instanceof SshTransport over) over.setSshSessionFactory(ssh);
    });
    return command.setTimeout(SECONDS);
  }

  private static final class Trusting implements ServerKeyDatabase {
    @Override
    public List<PublicKey> lookup(
        String connect, InetSocketAddress remote, Configuration configuration) {
      return List.of();
    }

    @Override
    public boolean accept(
        String connect,
        InetSocketAddress remote,
        PublicKey key,
        Configuration configuration,
        CredentialsProvider ask) {
      return true;
    }
  }
}
