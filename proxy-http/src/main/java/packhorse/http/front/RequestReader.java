package packhorse.http.front;

import java.util.Optional;
import org.eclipse.jetty.http.HttpURI;
import packhorse.http.io.JettyHeaders;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.LfsRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.Request;
import packhorse.request.WebRequest;
import packhorse.wire.ProtocolVersion;

/// Reads a request of the core from Jetty's, or a refusal. Stateless; called by [FrontHandler].
final class RequestReader {
  private RequestReader() {}

  /// A request, or a refusal and what was read before it.
  ///
  /// @param target the service and step, if the request's target could be read: it decides the form
  ///   of a refusal
  /// @param coding the coding of the body
  /// @param badFraming whether the request was refused for its framing, so that its connection must
  ///   be closed
  record Result(
      Optional<RequestTarget.ServiceTarget> target,
      ContentCoding coding,
      Optional<Request> request,
      Optional<Refusal> refusal,
      boolean badFraming) {}

  static Result read(org.eclipse.jetty.server.Request jettyRequest, Arrival arrival) {
    Optional<RequestTarget.ServiceTarget> serviceTarget = Optional.empty();
    boolean framingChecked = false;
    try {
      FramingCheck.check(jettyRequest);
      framingChecked = true;
      Headers headers = JettyHeaders.fromJetty(jettyRequest.getHeaders());
      RequestTarget target = target(jettyRequest);
      if (target instanceof RequestTarget.ServiceTarget service) {
        serviceTarget = Optional.of(service);
        ContentCoding.checkContentType(service.service(), service.step(), headers);
      }
      ContentCoding coding = coding(target, headers);
      String host = RequestHost.read(jettyRequest, arrival.encrypted());
      Request request = request(target, arrival, host, headers);
      return new Result(serviceTarget, coding, Optional.of(request), Optional.empty(), false);
    } catch (RefusalException e) {
      return new Result(
          serviceTarget,
          ContentCoding.IDENTITY,
          Optional.empty(),
          Optional.of(e.refusal()),
          !framingChecked);
    }
  }

  // The body of a request for a page is relayed unread, in whatever coding.
  private static ContentCoding coding(RequestTarget target, Headers headers)
      throws RefusalException {
    return target instanceof RequestTarget.PageTarget
        ? ContentCoding.IDENTITY
        : ContentCoding.read(headers);
  }

  private static RequestTarget target(org.eclipse.jetty.server.Request jettyRequest)
      throws RefusalException {
    HttpURI uri = jettyRequest.getHttpURI();
    if (uri.getFragment() != null) {
      throw new RefusalException(
          Refusal.malformed("the URL of a request must not have a fragment"));
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    return GitUrl.read(jettyRequest.getMethod(), path, Optional.ofNullable(uri.getQuery()));
  }

  private static Request request(
      RequestTarget target, Arrival arrival, String host, Headers headers) throws RefusalException {
    Credential credential = AuthorizationReader.read(headers);
    Optional<String> requestedHost = Optional.of(host);
    return switch (target) {
      case RequestTarget.ServiceTarget(var repository, var service, var step) ->
          new GitRequest(
              arrival,
              requestedHost,
              credential,
              repository,
              service,
              step,
              ProtocolVersion.parse(headers.firstValue("Git-Protocol").orElse("")),
              headers);
      case RequestTarget.LfsTarget(var repository, var method, var call, var file, var query) ->
          new LfsRequest(
              arrival,
              requestedHost,
              credential,
              repository,
              method,
              call,
              file,
              query,
              Optional.empty(),
              headers);
      case RequestTarget.PageTarget(var method, var path, var query, var file) ->
          new WebRequest(arrival, requestedHost, credential, method, path, query, file, headers);
    };
  }
}
