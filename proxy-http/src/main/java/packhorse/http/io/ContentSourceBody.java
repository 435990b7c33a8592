package packhorse.http.io;

import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import packhorse.node.BodySource;
import packhorse.node.NodeFailure;

/// The body of a response that a link receives as a Jetty content source. Made by the links of this
/// module and moved to a client by the HTTP front with a [Pump].
///
/// @param source driven by one thread at a time
/// @param failure translates a failure of the source
public record ContentSourceBody(Content.Source source, Function<Throwable, NodeFailure> failure)
    implements BodySource.EventDriven {

  /// The content source behind an event-driven body. The HTTP links are the only ones that make
  /// such bodies: the core, which passes them on, must not know Jetty.
  public static ContentSourceBody of(BodySource.EventDriven body) {
    return (ContentSourceBody) body;
  }
}
