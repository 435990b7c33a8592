package packhorse.exchange;

import java.io.IOException;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatelessClient;
import packhorse.exchange.fetch.StatelessFetch;
import packhorse.exchange.lfs.LfsRelay;
import packhorse.exchange.push.StatelessPush;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.exchange.web.WebRelay;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.LfsRequest;
import packhorse.request.RefusalException;
import packhorse.request.WebRequest;
import packhorse.request.WebRequest.RepositoryFile;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;

/// Answers requests over HTTP.
final class StatelessExchanges {
  private final FailoverClient failover;
  private final NodeRequestFactory requests;
  private final RefAdvertisements advertisements;
  private final Operations operations;

  /// What answers the operations that have a package of their own.
  record Operations(
      StatelessFetch fetches, StatelessPush pushes, LfsRelay largeFiles, WebRelay pages) {}

  StatelessExchanges(
      FailoverClient failover,
      NodeRequestFactory requests,
      RefAdvertisements advertisements,
      Operations operations) {
    this.failover = failover;
    this.requests = requests;
    this.advertisements = advertisements;
    this.operations = operations;
  }

  Answer answer(PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    return switch (routes.permit().request()) {
      case GitRequest request -> answerGit(request, routes, client);
      case LfsRequest request -> operations.largeFiles().answer(request, routes, client);
      case WebRequest request -> answerWeb(request, routes, client);
    };
  }

  private Answer answerGit(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    return switch (request.step()) {
      case ADVERTISEMENT -> answerAdvertisement(request, routes, client);
      case EXCHANGE ->
          switch (request.service()) {
            case UPLOAD_PACK -> operations.fetches().answer(request, routes, client);
            case RECEIVE_PACK -> operations.pushes().answer(request, routes, client);
            case UPLOAD_ARCHIVE -> answerArchive(request, routes, client);
          };
      case PREFLIGHT -> answerPreflight(request, routes, client);
      case CONVERSATION -> throw new IllegalArgumentException("a conversation over HTTP");
    };
  }

  private Answer answerAdvertisement(
      GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    return request.service() == GitService.RECEIVE_PACK
        ? operations.pushes().advertisement(request, routes, client)
        : operations.fetches().advertisement(request, routes, client);
  }

  private Answer answerArchive(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    Permit permit = routes.permit();
    ByteString body = ByteString.wrap(StatelessFetch.readBody(client));
    NodeRequest toNode =
        requests.serviceRequest(
            permit,
            GitService.UPLOAD_ARCHIVE,
            request.version(),
            new NodeRequest.BufferedBody(body));
    AnswerObserver archive = AnswerObserver.of(new AnswerResult.Archive());
    try (RoutedResponse response = advertisements.sendToCurrentNode(routes, toNode, client)) {
      return ResponseCopier.relay(permit, response.withObserver(archive), client);
    }
  }

  private Answer answerWeb(WebRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    boolean servesFiles = routes.permit().placement().pool().servesDumbHttp();
    return request.file().isPresent() && servesFiles
        ? answerFile(request, request.file().get(), routes, client)
        : operations.pages().answer(request, routes, client);
  }

  private Answer answerFile(
      WebRequest request, RepositoryFile file, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    Permit permit = routes.permit();
    NodeRequest toNode = requests.file(permit, request.method(), file);
    try (RoutedResponse response =
        advertisements.sendToCurrentNode(
            routes, client.presence(), route -> sendForAnyContent(routes, route, toNode, client))) {
      return relay(permit, response, new AnswerResult.File(), client);
    }
  }

  // Its response depends on no refs.
  private Answer answerPreflight(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    NodeRequest toNode = requests.preflight(routes.permit(), request);
    try (RoutedResponse response = sendForAnyContent(routes, routes.read(), toNode, client)) {
      return relay(routes.permit(), response, new AnswerResult.Other(), client);
    }
  }

  private RoutedResponse sendForAnyContent(
      PermittedRoutes routes, Route route, NodeRequest toNode, StatelessClient client)
      throws RefusalException, IOException {
    return failover.sendForAnyContent(routes.permit(), route, toNode, client.presence());
  }

  private static Answer relay(
      Permit permit, RoutedResponse response, AnswerResult result, StatelessClient client)
      throws RefusalException, IOException {
    return ResponseCopier.relay(permit, response.withObserver(AnswerObserver.of(result)), client);
  }
}
