package packhorse.identity;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
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
  /// User names that CI systems send with a token; none is one of them. They say nothing about the
  /// client: the token alone identifies it.
  private static final Set<String> NAMES_BEFORE_TOKEN =
      Set.of("", "git", "oauth2", "x-access-token", "gitlab-ci-token");

  /// Passwords that are sent with a token in the place of the user name.
  private static final Set<String> PASSWORDS_AFTER_TOKEN = Set.of("", "x-oauth-basic");

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
      case Credential.Bearer bearer -> require(findUser(bearer, client));
      case Credential.OtherScheme other -> throw new RefusalException(Refusal.wrongCredential());
      case Credential.SshKey key -> throw new RefusalException(Refusal.wrongCredential());
    };
  }

  private static Principal require(Optional<? extends Principal> principal)
      throws RefusalException {
    if (principal.isEmpty()) throw new RefusalException(Refusal.wrongCredential());
    return principal.get();
  }

  private Optional<Principal> findUser(Credential.Bearer bearer, InetAddress client) {
    Optional<Principal> owner = findTokenOwner(bearer.token());
    if (owner.isEmpty()) failedLoginLimit.recordFailure(client);
    return owner;
  }

  private Optional<Principal> findUser(Credential.Basic basic, InetAddress client)
      throws RefusalException {
    // Tokens are checked first, so that a CI job does not wait behind clients that guess passwords.
    Optional<Principal> tokenOwner = findTokenOwner(basic);
    if (tokenOwner.isPresent()) return tokenOwner;
    String name = basic.user();
    Optional<PasswordHash> stored =
        directory
            .find(name)
            .flatMap(UserAccount::passwordHash)
            .flatMap(current -> PasswordHash.tryParse(current.get()));
    // A name that does not exist and a user without a password cost the same work, so that the time
    // of the check does not tell which names exist.
    boolean matches =
        passwordVerifier.verify(client, name, basic.password(), stored.orElse(dummyHash));
    return matches && stored.isPresent()
        ? Optional.of(new Principal.User(name, "password"))
        : Optional.empty();
  }

  /// Returns the owner of the token in a user name and password, if there is one.
  private Optional<Principal> findTokenOwner(Credential.Basic basic) {
    if (PASSWORDS_AFTER_TOKEN.contains(basic.password())) return findTokenOwner(basic.user());
    if (NAMES_BEFORE_TOKEN.contains(basic.user())) return findTokenOwner(basic.password());
    return directory
        .find(basic.user())
        .filter(account -> hasToken(account, basic.password()))
        .map(account -> new Principal.User(account.name(), "token"));
  }

  private Optional<Principal> findTokenOwner(String token) {
    for (UserAccount user : directory.users()) {
      if (hasToken(user, token)) return Optional.of(new Principal.User(user.name(), "token"));
    }
    return Optional.empty();
  }

  private static boolean hasToken(UserAccount user, String secret) {
    return !secret.isEmpty()
        && user.tokenHashes().stream().anyMatch(stored -> TokenHash.verify(stored.get(), secret));
  }
}
