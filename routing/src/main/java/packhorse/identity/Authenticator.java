package packhorse.identity;

import java.net.InetAddress;
import java.util.Optional;
import packhorse.placement.Placement;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.Request;

/// Determines the principal of a request from its credential. Keys of SSH clients are verified
/// against the proxy's own users; so are credentials of HTTP clients if the pool of the repository
/// says so, else they are left to the node and the principal is only claimed. Called by the
/// pipeline on the request's thread, which may block while a password is checked.
public final class Authenticator {
  private final UserDirectory directory;
  private final FailedLoginLimit failedLoginLimit;
  private final PasswordVerifier passwordVerifier;
  private final PasswordHash dummyHash = PasswordHash.parse(PasswordHash.dummy());

  public Authenticator(UserDirectory directory, FailedLoginLimit failedLoginLimit) {
    this(directory, failedLoginLimit, new PasswordVerifier(failedLoginLimit));
  }

  Authenticator(
      UserDirectory directory, FailedLoginLimit failedLoginLimit, PasswordVerifier verifier) {
    this.directory = directory;
    this.failedLoginLimit = failedLoginLimit;
    this.passwordVerifier = verifier;
  }

  /// Counts an SSH login that failed before there was a request.
  public void recordFailedLogin(InetAddress client) {
    failedLoginLimit.recordFailure(client);
  }

  /// Returns the principal that the client is taken to be.
  ///
  /// @throws RefusalException with [Refusal.Kind#WRONG_CREDENTIAL] when the proxy verifies the
  ///   credential and it is not valid, or when it is a key that more than one user has; with
  ///   [Refusal.Kind#IN_CLEAR] when a secret was sent over a connection that others can read; with
  ///   [Refusal.Kind#BUSY] when too many passwords are waiting to be checked; with
  ///   [Refusal.Kind#TOO_MANY_FAILURES] for a password when too many logins from the client's
  ///   address have failed
  public Principal identify(Request request, Placement placement) throws RefusalException {
    if (request.credential() instanceof Credential.SshKey key) {
      if (directory.isShared(key)) throw new RefusalException(Refusal.ambiguousKey());
      return require(directory.owner(key).map(name -> new Principal.User(name, key.fingerprint())));
    }
    if (!(request.credential() instanceof Credential.NoCredential) && isReadableByOthers(request)) {
      throw new RefusalException(Refusal.cleartextCredential());
    }
    return placement.pool().isAuthenticatedByProxy()
        ? verify(request)
        : claim(request.credential());
  }

  private static boolean isReadableByOthers(Request request) {
    return !request.arrival().encrypted() && !request.arrival().clientAddress().isLoopbackAddress();
  }

  private static Principal claim(Credential credential) {
    return switch (credential) {
      case Credential.Basic basic -> new Principal.Claimed(basic.user());
      case Credential.Bearer bearer -> new Principal.Claimed("bearer");
      case Credential.OtherScheme other -> new Principal.Claimed(other.scheme());
      case Credential.NoCredential none -> new Principal.Anonymous();
      case Credential.SshKey key -> new Principal.Claimed(key.fingerprint());
    };
  }

  private Principal verify(Request request) throws RefusalException {
    InetAddress client = request.arrival().clientAddress();
    return switch (request.credential()) {
      case Credential.NoCredential none -> new Principal.Anonymous();
      case Credential.Basic basic -> require(findUser(basic, client));
      case Credential.Bearer bearer -> require(findTokenOwner(bearer, client));
      case Credential.OtherScheme other -> throw new RefusalException(Refusal.wrongCredential());
      case Credential.SshKey key -> throw new RefusalException(Refusal.wrongCredential());
    };
  }

  private static Principal require(Optional<? extends Principal> principal)
      throws RefusalException {
    if (principal.isEmpty()) throw new RefusalException(Refusal.wrongCredential());
    return principal.get();
  }

  private Optional<Principal> findUser(Credential.Basic basic, InetAddress client)
      throws RefusalException {
    String name = basic.user();
    String secret = basic.password();
    Optional<UserAccount> user = directory.find(name);
    // Tokens are checked first, so that a CI job does not wait behind clients that guess passwords.
    if (user.filter(account -> hasToken(account, secret)).isPresent()) {
      return Optional.of(new Principal.User(name, "token"));
    }
    Optional<PasswordHash> stored =
        user.flatMap(UserAccount::passwordHash)
            .flatMap(current -> PasswordHash.tryParse(current.get()));
    // A name that does not exist and a user without a password cost the same work, so that the time
    // of the check does not tell which names exist.
    boolean matches = passwordVerifier.verify(client, name, secret, stored.orElse(dummyHash));
    return matches && stored.isPresent()
        ? Optional.of(new Principal.User(name, "password"))
        : Optional.empty();
  }

  private Optional<Principal> findTokenOwner(Credential.Bearer bearer, InetAddress client) {
    for (UserAccount user : directory.users()) {
      if (hasToken(user, bearer.token())) {
        return Optional.of(new Principal.User(user.name(), "token"));
      }
    }
    failedLoginLimit.recordFailure(client);
    return Optional.empty();
  }

  private static boolean hasToken(UserAccount user, String secret) {
    return user.tokenHashes().stream().anyMatch(stored -> TokenHash.verify(stored.get(), secret));
  }
}
