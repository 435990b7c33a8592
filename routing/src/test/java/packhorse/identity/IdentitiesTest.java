package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import packhorse.kit.Sample;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;

/// Who somebody is, by what he shows.
final class IdentitiesTest {
  private static final String STORED = PasswordHash.of("right", new SecureRandom()).encoded();
  private static final String TOKEN = TokenHash.of("t0ken").encoded();

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicReference<String> current = new AtomicReference<>(STORED);
  private final Directory directory =
      new Directory(
          List.of(
              new User(
                  "alice",
                  Optional.of(() -> {
                    reads.incrementAndGet();
                    return current.get();
                  }),
                  List.of(),
                  List.of("SHA256:alice", "SHA256:alice", "SHA256:both")),
              new User("bob", Optional.empty(), List.of(), List.of("SHA256:both", "SHA256:bob")),
              new User("ci", Optional.empty(), List.of(() -> "gone", () -> TOKEN), List.of())));
  private final Identities identities = new Identities(directory);

  private static Credential.Basic basic(String user, String password) {
    return new Credential.Basic(user, password, "Basic x");
  }

  private static Sample checkedByUs(Credential credential) {
    return Sample.fetch().checking(Pool.Checking.PROXY).credential(credential);
  }

  private Optional<Principal> identified(Sample sample) {
    try {
      return Optional.of(identities.identify(sample.request(), sample.placement()));
    } catch (Refused refused) {
      assertThat(refused.refusal().kind()).isIn(Kind.WRONG_CREDENTIAL, Kind.IN_CLEAR);
      return Optional.empty();
    }
  }

  private Optional<Kind> refusal(Sample sample) {
    try {
      identities.identify(sample.request(), sample.placement());
      return Optional.empty();
    } catch (Refused refused) {
      return Optional.of(refused.refusal().kind());
    }
  }

  @Test
  void a_right_password_and_a_right_token_are_who_they_say() {
    assertThat(identified(checkedByUs(basic("alice", "right"))))
        .contains(new Principal.User("alice", "password"));
    assertThat(identified(checkedByUs(basic("ci", "t0ken"))))
        .contains(new Principal.User("ci", "token"));
    assertThat(identified(checkedByUs(new Credential.Bearer("t0ken", "Bearer t0ken"))))
        .contains(new Principal.User("ci", "token"));
  }

  @Test
  void everything_else_is_refused_in_the_same_words() {
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
            basic("", "t0ken"),
            basic("ci\0t0", "ken"),
            new Credential.Bearer("right", "Bearer right"),
            new Credential.Bearer("", "Bearer "),
            new Credential.Other("Digest", "Digest x"));
    for (Credential credential : wrong) {
      assertThat(refusal(checkedByUs(credential)))
          .as("%s", credential)
          .contains(Kind.WRONG_CREDENTIAL);
    }
  }

  @Test
  void a_token_that_was_right_as_a_bearer_is_no_password_of_nobody() {
    assertThat(identified(checkedByUs(new Credential.Bearer("t0ken", "Bearer t0ken")))).isPresent();
    assertThat(identified(checkedByUs(basic("", "t0ken")))).isEmpty();
  }

  @Test
  void nothing_shown_is_nobody() {
    assertThat(identified(checkedByUs(new Credential.None()))).contains(new Principal.Anonymous());
  }

  @Test
  void where_the_node_checks_a_name_is_a_claim() {
    Sample sample = Sample.fetch().credential(basic("alice", "right"));
    assertThat(identified(sample)).contains(new Principal.Claimed("alice"));
    assertThat(identified(sample).orElseThrow().verified()).isEmpty();
    assertThat(identified(sample).orElseThrow().is("user:alice")).isFalse();
    assertThat(reads).hasValue(0);
  }

  @Test
  void a_secret_in_clear_is_refused_before_it_is_looked_at() {
    Sample shown = checkedByUs(basic("alice", "right"));
    assertThat(refusal(shown.from("192.0.2.7", false))).contains(Kind.IN_CLEAR);
    assertThat(refusal(Sample.fetch().credential(basic("al", "x")).from("192.0.2.7", false)))
        .contains(Kind.IN_CLEAR);
    assertThat(reads).hasValue(0);
    assertThat(refusal(shown.from("127.0.0.1", false))).isEmpty();
    assertThat(refusal(shown.from("::1", false))).isEmpty();
    assertThat(refusal(checkedByUs(new Credential.None()).from("192.0.2.7", false))).isEmpty();
  }

  @Test
  void a_key_is_its_owners_and_one_with_two_owners_is_nobodys() {
    Sample ssh = Sample.fetch();
    assertThat(identified(ssh.credential(new Credential.SshKey("SHA256:alice"))))
        .contains(new Principal.User("alice", "SHA256:alice"));
    assertThat(identified(ssh.credential(new Credential.SshKey("SHA256:bob")))).isPresent();
    assertThat(identified(ssh.credential(new Credential.SshKey("SHA256:both")))).isEmpty();
    assertThat(identified(ssh.credential(new Credential.SshKey("SHA256:none")))).isEmpty();
    assertThat(directory.owner(new Credential.SshKey("SHA256:both"))).isEmpty();
  }

  @Test
  void a_changed_password_is_changed_at_once() {
    assertThat(identified(checkedByUs(basic("alice", "right")))).isPresent();
    current.set(PasswordHash.of("new", new SecureRandom()).encoded());
    assertThat(identified(checkedByUs(basic("alice", "right")))).isEmpty();
    assertThat(identified(checkedByUs(basic("alice", "new")))).isPresent();
    current.set("");
    assertThat(identified(checkedByUs(basic("alice", "new")))).isEmpty();
    assertThat(identified(checkedByUs(basic("alice", "")))).isEmpty();
  }

  // no stopwatch: what takes the time is the memory-hard check, and every name gets one
  @Test
  void time_tells_no_names() {
    for (String name : List.of("alice", "nobody", "bob", "ci")) {
      long before = allocated();
      assertThat(refusal(checkedByUs(basic(name, "wrong " + name)))).isPresent();
      assertThat(allocated() - before).as(name).isGreaterThan(19 << 20);
    }
  }

  @Test
  void a_verdict_is_remembered_and_a_clone_pays_once() {
    assertThat(identified(checkedByUs(basic("alice", "right")))).isPresent();
    long before = allocated();
    for (int i = 0; i < 20; i++) {
      assertThat(identified(checkedByUs(basic("alice", "right")))).isPresent();
    }
    assertThat(allocated() - before).isLessThan(19 << 20);
  }

  @Test
  void a_token_costs_no_memory_hard_check() {
    assertThat(identified(checkedByUs(basic("ci", "t0ken")))).isPresent();
    long before = allocated();
    assertThat(identified(checkedByUs(basic("ci", "t0ken")))).isPresent();
    assertThat(allocated() - before).isLessThan(4 << 20);
  }

  private static long allocated() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getTotalThreadAllocatedBytes();
  }
}
