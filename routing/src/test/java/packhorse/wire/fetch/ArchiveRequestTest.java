package packhorse.wire.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.WireException;
import packhorse.wire.WireScript;
import packhorse.wire.WireText;

class ArchiveRequestTest {

  @Test
  void arguments_are_read_in_order_up_to_the_flush() throws IOException {
    String script = "argument --format=tar\nargument main\nargument docs/\n0000";
    InputStream in = WireScript.stream(script + "\n=rest");
    ArchiveRequest request = ArchiveRequest.read(in);
    assertThat(request.arguments()).containsExactly("--format=tar", "main", "docs/");
    assertThat(request.raw().toArray()).isEqualTo(WireScript.bytes(script));
    assertThat(in).hasBinaryContent(WireText.bytes("rest"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "argument x", "frotz\n0000", "argument x\n0001"})
  void anything_but_arguments_is_rejected(String script) {
    assertThatThrownBy(() -> ArchiveRequest.read(WireScript.stream(script)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void too_many_or_too_long_arguments_are_rejected() {
    assertThatThrownBy(
            () -> ArchiveRequest.read(WireScript.stream("argument x\n".repeat(65) + "0000")))
        .isInstanceOf(WireException.TooLarge.class);
    assertThatThrownBy(() ->
            ArchiveRequest.read(
                WireScript.stream(("argument " + "x".repeat(60_000) + "\n").repeat(5) + "0000")))
        .isInstanceOf(WireException.TooLarge.class);
  }
}
