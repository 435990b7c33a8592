package packhorse.it.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;

/// `git http-backend` for one request: its environment, its process, and the head of its answer.
final class Cgi {
  // itself: as a command of git it would be one process more for each request
  private static final String BACKEND = GitRunner.programs().resolve("git-http-backend").toString();

  private Cgi() {}

  /// The head of an answer: what stands before the empty line.
  record Head(int status, Map<String, String> headers) {}

  static Process start(NodeOptions options, Request request, Optional<String> user, Path errors)
      throws IOException {
    var builder = new ProcessBuilder(BACKEND);
    builder.environment().clear();
    builder.environment().putAll(environment(options, request));
    user.ifPresent(name -> builder.environment().put("REMOTE_USER", name));
    builder.redirectError(errors.toFile());
    return builder.start();
  }

  private static Map<String, String> environment(NodeOptions options, Request request) {
    var e = new LinkedHashMap<String, String>();
    e.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    e.put("LC_ALL", "C");
    e.put("HOME", options.root().toString());
    e.put("GIT_CONFIG_NOSYSTEM", "1");
    e.put("GIT_PROJECT_ROOT", options.root().toString());
    e.put("GIT_HTTP_EXPORT_ALL", "1");
    e.put("GATEWAY_INTERFACE", "CGI/1.1");
    e.put("REQUEST_METHOD", request.getMethod());
    e.put("PATH_INFO", URIUtil.decodePath(request.getHttpURI().getPath()));
    e.put("QUERY_STRING", Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""));
    e.put("REMOTE_ADDR", "127.0.0.1");
    options.namespace().ifPresent(name -> e.put("GIT_NAMESPACE", name));
    put(e, request, HttpHeader.CONTENT_TYPE.asString(), "CONTENT_TYPE");
    put(e, request, HttpHeader.CONTENT_LENGTH.asString(), "CONTENT_LENGTH");
    put(e, request, HttpHeader.CONTENT_ENCODING.asString(), "HTTP_CONTENT_ENCODING");
    put(e, request, "Git-Protocol", "HTTP_GIT_PROTOCOL");
    put(e, request, "Git-Protocol", "GIT_PROTOCOL");
    if (options.dialect() == NodeOptions.Dialect.V0_ONLY) {
      e.remove("HTTP_GIT_PROTOCOL");
      e.remove("GIT_PROTOCOL");
    }
    return e;
  }

  private static void put(
      Map<String, String> environment, Request request, String header, String name) {
    String value = request.getHeaders().get(header);
    if (value != null) environment.put(name, value);
  }

  /// Reads as far as the empty line.
  ///
  /// @throws IOException if the program ended before it
  static Head head(InputStream fromGit) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    int status = 200;
    for (String line = line(fromGit); !line.isEmpty(); line = line(fromGit)) {
      int colon = line.indexOf(':');
      if (colon < 0) throw new IOException("no header of a CGI: \"" + line + "\"");
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.toLowerCase(Locale.ROOT).equals("status"))
        status = Integer.parseInt(value.substring(0, 3));
      else headers.put(name, value);
    }
    return new Head(status, headers);
  }

  private static String line(InputStream in) throws IOException {
    var line = new java.io.ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new IOException("git http-backend ended before its answer began");
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }
}
