package packhorse.request;

import java.util.Optional;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;

/// A request of the smart protocol (gitprotocol-http, gitprotocol-pack).
///
/// @param step which part of the service is asked for
/// @param version the protocol version that the client asked for
public record GitRequest(
    Arrival arrival,
    Optional<String> calledAs,
    Credential credential,
    RepositoryPath repository,
    Service service,
    Step step,
    ProtocolVersion version,
    Headers headers)
    implements Request {

  /// The parts of a service.
  public enum Step {
    /// HTTP: {@code GET info/refs?service=}.
    ADVERTISEMENT,
    /// HTTP: {@code POST git-...-pack}.
    EXCHANGE,
    /// HTTP: {@code OPTIONS}, a browser's preflight for one of the above.
    PREFLIGHT,
    /// SSH: one exec, from advertisement to end.
    CONVERSATION
  }

  @Override
  public Operation operation() {
    // a preflight changes nothing, and browsers show no credential with it
    return step == Step.PREFLIGHT ? Operation.READ : Operation.of(service);
  }
}
