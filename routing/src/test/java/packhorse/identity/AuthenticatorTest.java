package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.RequestFixture;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;

/// Identifying clients by their credentials.
final class AuthenticatorTest {
  private static final String STORED = PasswordHash.of("right", new SecureRandom()).encoded();
  private static final String TOKEN = TokenHash.of("t0ken").encoded();

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicReference<String> storedHash = new AtomicReference<>(STORED);
  private final AtomicReference<String> storedToken = new AtomicReference<>(TOKEN);
  private final UserDirectory directory =
      new UserDirectory(
          List.of(
              new UserAccount(
                  "alice",
                  Optional.of(() -> {
                    reads.incrementAndGet();
                    return storedHash.get();
                  }),
                  List.of(),
                  List.of("SHA256:alice", "SHA256:alice", "SHA256:both")),
              new UserAccount(
                  "bob", Optional.empty(), List.of(), List.of("SHA256:both", "SHA256:bob")),
              new UserAccount(
                  "ci", Optional.empty(), List.of(() -> "gone", storedToken::get), List.of())));

  /// The hashes that were checked.
  private final List<PasswordHash> checked = new CopyOnWriteArrayList<>();

  private final Authenticator authenticator =
      new Authenticator(
          directory,
          FailedLoginLimit.none(),
          new PasswordVerifier(
              FailedLoginLimit.none(),
              (stored, password) -> {
                checked.add(stored);
                return stored.verify(password);
              }));

  private static Credential.Basic basic(String user, String password) {
    return new Credential.Basic(user, password, "Basic x");
  }

  private static RequestFixture checkedByProxy(Credential credential) {
    return RequestFixture.fetch().authentication(Pool.Authentication.PROXY).credential(credential);
  }

  private Optional<Principal> identify(RequestFixture fixture) {
    return identify(authenticator, fixture);
  }

  private static Optional<Principal> identify(Authenticator by, RequestFixture fixture) {
    try {
      return Optional.of(by.identify(fixture.request(), fixture.placement()));
    } catch (RefusalException e) {
      assertThat(e.refusal().kind()).isIn(Kind.WRONG_CREDENTIAL, Kind.IN_CLEAR);
      return Optional.empty();
    }
  }

  private Optional<Kind> refusal(RequestFixture fixture) {
    try {
      authenticator.identify(fixture.request(), fixture.placement());
      return Optional.empty();
    } catch (RefusalException e) {
      return Optional.of(e.refusal().kind());
    }
  }

  @Test
  void a_valid_password_or_token_identifies_its_user() {
    assertThat(identify(checkedByProxy(basic("alice", "right"))))
        .contains(new Principal.User("alice", "password"));
    assertThat(identify(checkedByProxy(basic("ci", "t0ken"))))
        .contains(new Principal.User("ci", "token"));
    assertThat(identify(checkedByProxy(new Credential.Bearer("t0ken", "Bearer t0ken"))))
        .contains(new Principal.User("ci", "token"));
  }

  @Test
  void every_invalid_credential_gets_the_same_refusal() {
    List<Credential> wrong =
        List.of(
            basic("alice", "wrong"),
            basic("alice", ""),
            basic("", "right"),
            basic("Alice", "right"),
            basic("nobody", "right"),
            basic("bob", ""),
            basic("bob", "right"),
            basic("ci", "right"),
            basic("alice", "t0ken"),
            basic("bob", "t0ken"),
            basic("x-access-token", "right"),
            basic("x-access-token", ""),
            basic("t0ken", "right"),
            basic("t0ken", "t0ken"),
            basic("", ""),
            basic("ci\0t0", "ken"),
            new Credential.Bearer("right", "Bearer right"),
            new Credential.Bearer("", "Bearer "),
            new Credential.OtherScheme("Digest", "Digest x"));
    for (Credential credential : wrong) {
      assertThat(refusal(checkedByProxy(credential)))
          .as("%s", credential)
          .contains(Kind.WRONG_CREDENTIAL);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ci:t0ken",
        "x-access-token:t0ken",
        "oauth2:t0ken",
        "gitlab-ci-token:t0ken",
        "git:t0ken",
        ":t0ken",
        "t0ken:",
        "t0ken:x-oauth-basic"
      })
  void a_token_identifies_its_owner_with_the_user_names_that_ci_systems_send(String pair) {
    String[] parts = pair.split(":", 2);
    assertThat(identify(checkedByProxy(basic(parts[0], parts[1]))))
        .contains(new Principal.User("ci", "token"));
    assertThat(checked).isEmpty();
  }

  @Test
  void a_user_whose_name_ci_systems_send_too_can_use_a_password() {
    Authenticator other =
        new Authenticator(
            new UserDirectory(
                List.of(
                    new UserAccount("git", Optional.of(() -> STORED), List.of(), List.of()),
                    new UserAccount("ci", Optional.empty(), List.of(() -> TOKEN), List.of()))),
            FailedLoginLimit.none());
    assertThat(identify(other, checkedByProxy(basic("git", "right"))))
        .contains(new Principal.User("git", "password"));
    assertThat(identify(other, checkedByProxy(basic("git", "t0ken"))))
        .contains(new Principal.User("ci", "token"));
  }

  @Test
  void a_client_without_a_credential_is_anonymous() {
    assertThat(identify(checkedByProxy(new Credential.NoCredential())))
        .contains(new Principal.Anonymous());
  }

  @Test
  void a_name_that_the_node_checks_is_only_claimed() {
    RequestFixture fixture = RequestFixture.fetch().credential(basic("alice", "right"));
    assertThat(identify(fixture)).contains(new Principal.Claimed("alice"));
    assertThat(identify(fixture).orElseThrow().verifiedName()).isEmpty();
    assertThat(identify(fixture).orElseThrow().hasFact("user:alice")).isFalse();
    assertThat(reads).hasValue(0);
  }

  @Test
  void a_secret_sent_in_cleartext_is_refused_before_it_is_checked() {
    RequestFixture withPassword = checkedByProxy(basic("alice", "right"));
    assertThat(refusal(withPassword.client("192.0.2.7", false))).contains(Kind.IN_CLEAR);
    assertThat(
            refusal(RequestFixture.fetch().credential(basic("al", "x")).client("192.0.2.7", false)))
        .contains(Kind.IN_CLEAR);
    assertThat(reads).hasValue(0);
    assertThat(refusal(withPassword.client("127.0.0.1", false))).isEmpty();
    assertThat(refusal(withPassword.client("::1", false))).isEmpty();
    assertThat(refusal(checkedByProxy(new Credential.NoCredential()).client("192.0.2.7", false)))
        .isEmpty();
  }

  @Test
  void a_key_identifies_its_owner_and_nobody_if_two_users_have_it() {
    RequestFixture ssh = RequestFixture.fetch();
    assertThat(identify(ssh.credential(new Credential.SshKey("SHA256:alice"))))
        .contains(new Principal.User("alice", "SHA256:alice"));
    assertThat(identify(ssh.credential(new Credential.SshKey("SHA256:bob")))).isPresent();
    assertThat(identify(ssh.credential(new Credential.SshKey("SHA256:both")))).isEmpty();
    assertThat(identify(ssh.credential(new Credential.SshKey("SHA256:none")))).isEmpty();
    assertThat(directory.owner(new Credential.SshKey("SHA256:both"))).isEmpty();
  }

  @Test
  void a_key_whose_fingerprint_differs_in_the_case_of_one_letter_is_another_key() {
    assertThat(directory.owner(new Credential.SshKey("SHA256:alice"))).contains("alice");
    for (String other : List.of("SHA256:Alice", "SHA256:alicE", "sha256:alice", "SHA256:ALICE")) {
      assertThat(directory.owner(new Credential.SshKey(other))).isEmpty();
      assertThat(directory.isShared(new Credential.SshKey(other))).isFalse();
    }
  }

  @Test
  void a_changed_password_takes_effect_at_once() {
    assertThat(identify(checkedByProxy(basic("alice", "right")))).isPresent();
    storedHash.set(PasswordHash.of("new", new SecureRandom()).encoded());
    assertThat(identify(checkedByProxy(basic("alice", "right")))).isEmpty();
    assertThat(identify(checkedByProxy(basic("alice", "new")))).isPresent();
    storedHash.set("");
    assertThat(identify(checkedByProxy(basic("alice", "new")))).isEmpty();
    assertThat(identify(checkedByProxy(basic("alice", "")))).isEmpty();
  }

  @Test
  void a_replaced_token_takes_effect_at_once() {
    assertThat(identify(checkedByProxy(basic("ci", "t0ken")))).isPresent();
    storedToken.set(TokenHash.of("new").encoded());
    for (String name : List.of("ci", "x-access-token")) {
      assertThat(identify(checkedByProxy(basic(name, "t0ken")))).isEmpty();
      assertThat(identify(checkedByProxy(basic(name, "new")))).isPresent();
    }
  }

  @Test
  void the_cached_result_of_a_check_is_for_its_own_name_and_password_only() {
    assertThat(identify(checkedByProxy(basic("alice", "right")))).isPresent();
    for (String password : List.of("wrong", "Right", "right ", "")) {
      assertThat(identify(checkedByProxy(basic("alice", password)))).isEmpty();
    }
    for (String name : List.of("bob", "Alice", "nobody", "alice ")) {
      assertThat(identify(checkedByProxy(basic(name, "right")))).isEmpty();
    }
    assertThat(identify(checkedByProxy(basic("alice", "right")))).isPresent();
  }

  // The time of an answer must not tell which names exist, and the memory-hard check is what takes
  // the time.
  @Test
  void every_user_name_costs_a_memory_hard_check() {
    int expected = 0;
    for (String name : List.of("alice", "nobody", "bob", "ci")) {
      assertThat(refusal(checkedByProxy(basic(name, "wrong " + name)))).isPresent();
      assertThat(checked).as(name).hasSize(++expected);
      assertThat(checked.getLast().memoryKib()).as(name).isGreaterThanOrEqualTo(19 * 1024);
    }
  }

  @Test
  void the_result_of_a_check_is_cached_for_further_requests() {
    for (int i = 0; i < 20; i++) {
      assertThat(identify(checkedByProxy(basic("alice", "right")))).isPresent();
    }
    assertThat(checked).hasSize(1);
  }

  @Test
  void a_token_needs_no_memory_hard_check() {
    assertThat(identify(checkedByProxy(basic("ci", "t0ken")))).isPresent();
    assertThat(checked).isEmpty();
  }
}
