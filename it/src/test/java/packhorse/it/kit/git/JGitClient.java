package packhorse.it.kit.git;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import packhorse.it.kit.ssh.SshKey;

/// A client that uses JGit, over HTTP or SSH. Unlike git's own client it never closes its half of
/// an SSH stream. All its files are below one folder. For one thread; closing it closes its SSH
/// connections.
public final class JGitClient implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 60;

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
            .setServerKeyDatabase((directory, other) -> new AcceptAllHostKeys())
            .build(null);
  }

  /// Returns a client without credentials.
  public static JGitClient anonymous(Path folder) {
    return create(folder, Optional.empty(), List.of());
  }

  /// Returns a client with a user name and password for HTTP.
  public static JGitClient withPassword(Path folder, String name, String password) {
    return create(
        folder, Optional.of(new UsernamePasswordCredentialsProvider(name, password)), List.of());
  }

  /// Returns a client with a key for SSH.
  public static JGitClient withKey(Path folder, SshKey key) {
    return create(folder, Optional.empty(), List.of(key.privateKey()));
  }

  private static JGitClient create(
      Path folder, Optional<UsernamePasswordCredentialsProvider> credentials, List<Path> keys) {
    try {
      Files.createDirectories(folder.resolve("jgit-home/ssh"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TestSystemReader.install(folder.resolve("jgit-home"));
    return new JGitClient(folder, credentials, keys);
  }

  /// Clones with a working tree. The caller closes the returned object.
  public Git clone(String url, Path directory) throws GitAPIException {
    return configure(Git.cloneRepository().setURI(url).setDirectory(directory.toFile())).call();
  }

  /// Fetches all branches from `origin`.
  public void fetch(Git clone) throws GitAPIException {
    configure(clone.fetch()).call();
  }

  /// Fetches these refspecs from `origin`.
  public void fetch(Git clone, String... refspecs) throws GitAPIException {
    configure(clone.fetch().setRefSpecs(refspecs)).call();
  }

  /// Fetches into a repository.
  ///
  /// @param options sets further options of the fetch: depth, tags
  public void fetch(Repository into, String url, List<RefSpec> specs, Consumer<Transport> options)
      throws URISyntaxException, NotSupportedException, TransportException {
    try (Transport transport = Transport.open(into, new URIish(url))) {
      if (transport instanceof SshTransport sshTransport) sshTransport.setSshSessionFactory(ssh);
      transport.setTimeout(TIMEOUT_SECONDS);
      options.accept(transport);
      transport.fetch(NullProgressMonitor.INSTANCE, specs);
    }
  }

  /// Pushes to `origin`.
  ///
  /// @return the status of each ref
  public List<RemoteRefUpdate> push(Git clone, String... refspecs) throws GitAPIException {
    var specs = List.of(refspecs).stream().map(RefSpec::new).toList();
    Iterable<PushResult> results = configure(clone.push().setRefSpecs(specs)).call();
    return List.copyOf(results.iterator().next().getRemoteUpdates());
  }

  @Override
  public void close() {
    ssh.close();
  }

  private <C extends TransportCommand<C, ?>> C configure(C command) {
    credentials.ifPresent(command::setCredentialsProvider);
    command.setTransportConfigCallback(transport -> {
      if (transport instanceof SshTransport sshTransport) sshTransport.setSshSessionFactory(ssh);
    });
    return command.setTimeout(TIMEOUT_SECONDS);
  }

  private static final class AcceptAllHostKeys implements ServerKeyDatabase {
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
