package packhorse.placement;

import java.util.Optional;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.WebRequest;

/// The software that the nodes of a pool run, the pool's kind: what the core has to know of it.
/// Implemented by `packhorse.backend`; nothing else depends on which kind a pool has. Asked on any
/// thread; immutable.
public interface Backend {

  /// What an operator may configure for a pool, but not every kind can do.
  enum Option {
    SEPARATE_STORAGE,
    REPLICATED_STORAGE,
    DUMB_HTTP,
    IDENTITY_HEADER
  }

  /// The name of the kind in the configuration, such as `plain`.
  String kind();

  /// The name of the repository that the nodes open for this path.
  RepositoryName nameOf(RepositoryPath path);

  /// Why a request with this path is refused although [RepositoryPath] accepts it: the nodes could
  /// open another repository than [#nameOf] says, or never have one with this name. Empty if it is
  /// not refused.
  Optional<String> problemOf(RepositoryPath path);

  /// What a web request names at the nodes. Not called for a file of which the path tells exactly
  /// to which repository it belongs, if the pool serves files.
  ///
  /// @param servesFiles whether the pool serves files by the dumb protocol
  /// @throws RefusalException with [Refusal.Kind#NOT_SERVED] for a path that must not be reached
  ///   through the proxy; with [Refusal.Kind#NODE_SETTING] for a call of the node's own hooks; with
  ///   [Refusal.Kind#MALFORMED] for a path for which a node could serve git instead of a page
  Page pageOf(WebRequest request, boolean servesFiles) throws RefusalException;

  /// A page of the nodes' web interface, or a call of their API.
  ///
  /// @param repository the repository that it is about, if its path names one
  /// @param showsContents whether it can show what is in the repository as a fetch does: a file, an
  ///   archive
  record Page(Optional<RepositoryName> repository, boolean showsContents) {}

  /// Whether the client's address, which the nodes are sent, can change their response to git.
  boolean usesClientAddress();

  /// Whether a header field of a node's response to git is not passed on to the client.
  ///
  /// @param name in any case
  boolean withholdsFromGit(String name);

  /// What a probe requests by default, as a path.
  String probePath();

  /// Why a node that has sent this response to a probe is not healthy; empty if it is.
  ///
  /// @param path what was requested
  /// @param bodyStart the beginning of the body, at most 1024 bytes
  Optional<String> problemOfProbe(String path, int status, String bodyStart);

  /// Whether clients are offered protocol v2 although the nodes are sent v0 requests, unless the
  /// configuration says otherwise.
  boolean offersV2ByDefault();

  /// Whether the nodes accept pushes only from users whom they know.
  boolean requiresUserForPushes();

  /// Why the nodes cannot do what is configured, as the end of a sentence that begins with the
  /// kind; empty if they can.
  Optional<String> objectionTo(Option option);
}
