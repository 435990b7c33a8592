package packhorse.exchange.lfs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.LocationRewriter;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatelessClient;
import packhorse.exchange.web.RelayedBody;
import packhorse.memory.MemoryShare;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.node.TranslatedResponse;
import packhorse.policy.Permit;
import packhorse.request.Credential;
import packhorse.request.LfsRequest;
import packhorse.request.LfsRequest.Call;
import packhorse.request.Operation;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import tools.jackson.core.JacksonException;

/// Relays requests of Git LFS. Objects are streamed in both directions; only the response to a
/// batch is read, for its links. Called on the virtual thread of the request.
public final class LfsRelay {
  private static final int MAX_BATCH_RESPONSE = 8 << 20;
  private static final int STEP = 64 * 1024;
  // The response as it came, as it is sent, and one object of it.
  private static final int HEAP_PER_BYTE = 4;

  private final FailoverClient failover;
  private final NodeRequestFactory requests;
  private final OptionalLong uploadLimit;

  /// @param uploadLimit of an object in bytes
  public LfsRelay(FailoverClient failover, NodeRequestFactory requests, OptionalLong uploadLimit) {
    this.failover = failover;
    this.requests = requests;
    this.uploadLimit = uploadLimit;
  }

  /// Answers a request of Git LFS.
  ///
  /// @throws RefusalException with `TOO_LARGE` for an object that is larger than the limit; with
  ///   `READ_ONLY` for a write where the placement allows none; if no node responds
  public Answer answer(LfsRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    Permit permit = routes.permit();
    refuseIfReadOnly(request, permit);
    RelayedBody.checkLength(client.contentLength(), uploadLimit);
    boolean reads = request.operation() == Operation.READ;
    Route route = reads ? routes.read() : routes.write();
    NodeRequest toNode = requests.lfs(permit, request, body(request, client));
    AnswerObserver result = AnswerObserver.of(new AnswerResult.LargeFile());
    try (RoutedResponse response =
        failover.sendForAnyContent(permit, route, toNode, client.presence())) {
      RoutedResponse adapted =
          request.batch().isPresent() && response.isOk()
              ? response.withResponse(adapt(response.nodeResponse(), permit, toNode, client))
              : response;
      return ResponseCopier.relay(permit, adapted.withObserver(result), client);
    }
  }

  // The sentence is not for strangers: a client without a credential is asked for one first.
  private static void refuseIfReadOnly(LfsRequest request, Permit permit) throws RefusalException {
    if (permit.readOnlyRefusal().isEmpty()) return;
    boolean stranger = request.credential() instanceof Credential.NoCredential;
    throw new RefusalException(stranger ? Refusal.noCredential() : permit.readOnlyRefusal().get());
  }

  private NodeRequest.Body body(LfsRequest request, StatelessClient client) {
    if (request.batch().isPresent()) return new NodeRequest.BufferedBody(request.batch().get());
    boolean hasNone = request.call() == Call.DOWNLOAD || request.call() == Call.LIST_LOCKS;
    return hasNone
        ? new NodeRequest.NoBody()
        : new NodeRequest.StreamedBody(
            client.contentLength(), new RelayedBody(client, uploadLimit));
  }

  private static NodeResponse adapt(
      NodeResponse response, Permit permit, NodeRequest toNode, StatelessClient client)
      throws RefusalException, IOException {
    LocationRewriter links = LocationRewriter.of(response.node(), permit.placement());
    BatchResponse batch = BatchResponse.of(links, permit.request().headers(), toNode.headers());
    byte[] body = read(response, client.memory());
    try {
      ByteString adapted = batch.adapt(body);
      return TranslatedResponse.replaced(response, adapted);
    } catch (JacksonException e) {
      throw failed(response, "responded to a batch with something that is not JSON");
    }
  }

  private static byte[] read(NodeResponse response, MemoryShare memory)
      throws RefusalException, IOException {
    InputStream fromNode = response.body();
    byte[] body = new byte[0];
    while (true) {
      memory.take((long) STEP * HEAP_PER_BYTE);
      byte[] next = fromNode.readNBytes(STEP);
      byte[] longer = Arrays.copyOf(body, body.length + next.length);
      System.arraycopy(next, 0, longer, body.length, next.length);
      body = longer;
      if (next.length < STEP) return body;
      if (body.length > MAX_BATCH_RESPONSE) {
        throw failed(response, "responded to a batch with more than 8 MiB");
      }
    }
  }

  private static RefusalException failed(NodeResponse response, String problem) {
    return new RefusalException(
        Refusal.nodeFailed("the node " + response.node().name() + " " + problem));
  }
}
