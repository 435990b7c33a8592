package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Threat S7: the only environment variable that a client can set is a well-formed `GIT_PROTOCOL`.
final class EnvironmentVariableTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "version=0",
        "version=1",
        "version=2",
        "version=2:session-id=a.b-c_d=1",
        "version=1:version=2"
      })
  void values_that_git_sets_are_accepted(String value) {
    assertThat(GitChannel.acceptsVariable("GIT_PROTOCOL", value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "version=3",
        "version=2\n",
        "version=2\nX",
        "version=2:",
        "version=2: a",
        "Version=2",
        "version=2;id",
        "version=22",
        " version=2",
        "version=2:A",
        "version=2\0",
        "x=1:version=2"
      })
  void other_values_are_refused(String value) {
    assertThat(GitChannel.acceptsVariable("GIT_PROTOCOL", value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GIT_SSH_COMMAND",
        "LD_PRELOAD",
        "git_protocol",
        "GIT_PROTOCOL ",
        "GIT_TRACE",
        "LANG",
        "PATH"
      })
  void other_variables_are_refused(String name) {
    assertThat(GitChannel.acceptsVariable(name, "version=2")).isFalse();
  }

  @Test
  void a_value_of_more_than_256_bytes_is_refused() {
    assertThat(GitChannel.acceptsVariable("GIT_PROTOCOL", "version=2:" + "a".repeat(246))).isTrue();
    assertThat(GitChannel.acceptsVariable("GIT_PROTOCOL", "version=2:" + "a".repeat(247)))
        .isFalse();
  }
}
