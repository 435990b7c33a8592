package packhorse.http;

import java.util.OptionalLong;
import org.eclipse.jetty.client.OutputStreamRequestContent;

/// The body of a call that is written while it is sent, with its length where that is known.
final class StreamedBody extends OutputStreamRequestContent {
  private final OptionalLong length;

  StreamedBody(OptionalLong length) {
    this.length = length;
  }

  @Override
  public long getLength() {
    return length.orElse(-1);
  }
}
