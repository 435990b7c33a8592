package packhorse.http;

import java.util.Optional;
import org.eclipse.jetty.http.HttpURI;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.FileRequest;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.Request;
import packhorse.wire.ProtocolVersion;

/// Turns Jetty's request into the core's, or into a refusal. Pure; called by the {@link FrontDoor}.
final class RequestReader {
  private RequestReader() {}

  /// What came of it: a request, or a refusal and how far the reading came.
  ///
  /// @param asked the service and step, where the target could be read: it decides in which form a
  ///   no is said
  /// @param coding how the body is packed
  record Reading(
      Optional<Target.Git> asked,
      ContentCoding coding,
      Optional<Request> request,
      Optional<Refusal> refusal,
      boolean misframed) {}

  /// @param upgraded whether the request came by `Upgrade: h2c`
  static Reading read(org.eclipse.jetty.server.Request jetty, boolean upgraded, Arrival arrival) {
    Optional<Target.Git> asked = Optional.empty();
    boolean framed = false;
    try {
      Framing.check(jetty, upgraded);
      framed = true;
      Headers headers = JettyAnswer.headers(jetty.getHeaders());
      Target target = target(jetty);
      if (target instanceof Target.Git git) asked = Optional.of(git);
      if (target instanceof Target.Git git)
        ContentCoding.checkType(git.service(), git.step(), headers);
      ContentCoding coding = ContentCoding.read(headers);
      String calledAs = CalledAs.read(jetty.getHttpURI(), arrival.encrypted());
      Request request = request(target, arrival, calledAs, headers);
      return new Reading(asked, coding, Optional.of(request), Optional.empty(), false);
    } catch (Refused refused) {
      return new Reading(
          asked, ContentCoding.PLAIN, Optional.empty(), Optional.of(refused.refusal()), !framed);
    }
  }

  private static Target target(org.eclipse.jetty.server.Request jetty) throws Refused {
    HttpURI uri = jetty.getHttpURI();
    if (uri.getFragment() != null) {
      throw new Refused(Refusal.malformed("a URL with a fragment cannot be asked for"));
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    return GitUrl.read(jetty.getMethod(), path, Optional.ofNullable(uri.getQuery()));
  }

  private static Request request(Target target, Arrival arrival, String calledAs, Headers headers)
      throws Refused {
    Credential credential = Credentials.read(headers);
    Optional<String> name = Optional.of(calledAs);
    return switch (target) {
      case Target.Git(var repository, var service, var step) ->
          new GitRequest(
              arrival,
              name,
              credential,
              repository,
              service,
              step,
              ProtocolVersion.parse(headers.first("Git-Protocol").orElse("")),
              headers);
      case Target.RepositoryFile(var repository, var method, var file, var query) ->
          new FileRequest(arrival, name, credential, repository, method, file, query, headers);
    };
  }
}
