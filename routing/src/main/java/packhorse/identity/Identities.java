package packhorse.identity;

import java.util.Optional;
import packhorse.placement.Placement;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.Request;

/// Turns the credential of a request into a principal, checked where the placement's pool says.
/// Called by the pipeline on the request's thread; may block while a password is checked.
public final class Identities {
  private final Directory directory;
  private final Verdicts verdicts;
  private final PasswordHash nobody = PasswordHash.parse(PasswordHash.nobody());

  public Identities(Directory directory) {
    this(directory, new Verdicts());
  }

  Identities(Directory directory, Verdicts verdicts) {
    this.directory = directory;
    this.verdicts = verdicts;
  }

  /// Whom we take the client to be.
  ///
  /// @throws Refused with {@link Refusal.Kind#WRONG_CREDENTIAL} when the proxy is the one to check
  ///   and the check fails, also for a key that two users have; with {@link Refusal.Kind#IN_CLEAR}
  ///   when a secret came over a connection that others can read; with {@link Refusal.Kind#BUSY}
  ///   when too many passwords wait to be checked
  public Principal identify(Request request, Placement placement) throws Refused {
    if (request.credential() instanceof Credential.SshKey key) {
      if (directory.shared(key)) throw new Refused(Refusal.keyOfTwo());
      return known(directory.owner(key).map(name -> new Principal.User(name, key.fingerprint())));
    }
    if (!(request.credential() instanceof Credential.None) && readable(request)) {
      throw new Refused(Refusal.inClear());
    }
    return placement.pool().checking() == Pool.Checking.NODE
        ? claimed(request.credential())
        : checked(request.credential());
  }

  private static boolean readable(Request request) {
    return !request.arrival().encrypted() && !request.arrival().from().isLoopbackAddress();
  }

  private static Principal claimed(Credential credential) {
    return switch (credential) {
      case Credential.Basic basic -> new Principal.Claimed(basic.user());
      case Credential.Bearer bearer -> new Principal.Claimed("bearer");
      case Credential.Other other -> new Principal.Claimed(other.scheme());
      case Credential.None none -> new Principal.Anonymous();
      case Credential.SshKey key -> new Principal.Claimed(key.fingerprint());
    };
  }

  private Principal checked(Credential credential) throws Refused {
    return switch (credential) {
      case Credential.None none -> new Principal.Anonymous();
      case Credential.Basic basic -> known(user(basic.user(), basic.password()));
      case Credential.Bearer bearer -> known(holder(bearer));
      case Credential.Other other -> throw new Refused(Refusal.wrongCredential());
      case Credential.SshKey key -> throw new Refused(Refusal.wrongCredential());
    };
  }

  private static Principal known(Optional<? extends Principal> principal) throws Refused {
    if (principal.isEmpty()) throw new Refused(Refusal.wrongCredential());
    return principal.get();
  }

  private Optional<Principal> user(String name, String secret) throws Refused {
    Optional<User> user = directory.named(name);
    // a job with a token does not wait behind those who guess passwords
    if (user.filter(holder -> hasToken(holder, secret)).isPresent()) {
      return Optional.of(new Principal.User(name, "token"));
    }
    Optional<PasswordHash> stored =
        user.flatMap(User::password).flatMap(current -> PasswordHash.find(current.get()));
    // the same work for a name that nobody has, and for one without a password: time tells no names
    boolean right = verdicts.right(name, secret, stored.orElse(nobody));
    return right && stored.isPresent()
        ? Optional.of(new Principal.User(name, "password"))
        : Optional.empty();
  }

  private Optional<Principal> holder(Credential.Bearer bearer) {
    for (User user : directory.users()) {
      if (hasToken(user, bearer.token())) {
        return Optional.of(new Principal.User(user.name(), "token"));
      }
    }
    return Optional.empty();
  }

  private static boolean hasToken(User user, String secret) {
    return user.tokens().stream().anyMatch(stored -> TokenHash.verify(stored.get(), secret));
  }
}
