package packhorse.request;

import java.util.Optional;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;

/// A request of git's smart protocol (gitprotocol-http, gitprotocol-pack).
///
/// @param step the part of the service that is requested
/// @param version the protocol version that the client requested
public record GitRequest(
    Arrival arrival,
    Optional<String> authority,
    Credential credential,
    RepositoryPath repository,
    GitService service,
    Step step,
    ProtocolVersion version,
    Headers headers)
    implements RepositoryRequest {

  /// The parts of a service that a client can request.
  public enum Step {
    /// HTTP: `GET info/refs?service=`.
    ADVERTISEMENT,
    /// HTTP: `POST git-...-pack`.
    EXCHANGE,
    /// HTTP: `OPTIONS`, a browser's CORS preflight for one of the above.
    PREFLIGHT,
    /// SSH: one exec request, from the advertisement to the end of the service.
    CONVERSATION
  }

  @Override
  public Operation operation() {
    // A preflight changes nothing, and browsers send it without a credential.
    return step == Step.PREFLIGHT ? Operation.READ : Operation.of(service);
  }
}
