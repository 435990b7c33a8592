package packhorse.it.kit.node;

import java.io.ByteArrayOutputStream;
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
import packhorse.it.kit.git.GitRunner;

/// Runs `git http-backend` as a CGI program for one request, and reads the head of its response.
final class HttpBackend {
  // The program itself: as a command of git it would take one more process for each request.
  private static final String PROGRAM = GitRunner.execPath().resolve("git-http-backend").toString();

  private HttpBackend() {}

  /// The head of a CGI response: everything before the empty line.
  record ResponseHead(int status, Map<String, String> headers) {}

  static Process start(NodeOptions options, Request request, Optional<String> user, Path errors)
      throws IOException {
    var builder = new ProcessBuilder(PROGRAM);
    builder.environment().clear();
    builder.environment().putAll(environment(options, request));
    user.ifPresent(name -> builder.environment().put("REMOTE_USER", name));
    builder.redirectError(errors.toFile());
    return builder.start();
  }

  private static Map<String, String> environment(NodeOptions options, Request request) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    variables.put("LC_ALL", "C");
    variables.put("HOME", options.root().toString());
    variables.put("GIT_CONFIG_NOSYSTEM", "1");
    variables.put("GIT_PROJECT_ROOT", options.root().toString());
    variables.put("GIT_HTTP_EXPORT_ALL", "1");
    variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    variables.put("REQUEST_METHOD", request.getMethod());
    variables.put("PATH_INFO", URIUtil.decodePath(request.getHttpURI().getPath()));
    variables.put("QUERY_STRING", Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""));
    variables.put("REMOTE_ADDR", "127.0.0.1");
    options.namespace().ifPresent(name -> variables.put("GIT_NAMESPACE", name));
    put(variables, request, HttpHeader.CONTENT_TYPE.asString(), "CONTENT_TYPE");
    put(variables, request, HttpHeader.CONTENT_LENGTH.asString(), "CONTENT_LENGTH");
    put(variables, request, HttpHeader.CONTENT_ENCODING.asString(), "HTTP_CONTENT_ENCODING");
    put(variables, request, "Git-Protocol", "HTTP_GIT_PROTOCOL");
    put(variables, request, "Git-Protocol", "GIT_PROTOCOL");
    if (options.dialect() == NodeOptions.Dialect.V0_ONLY) {
      variables.remove("HTTP_GIT_PROTOCOL");
      variables.remove("GIT_PROTOCOL");
    }
    return variables;
  }

  private static void put(
      Map<String, String> environment, Request request, String header, String name) {
    String value = request.getHeaders().get(header);
    if (value != null) environment.put(name, value);
  }

  /// Reads up to the empty line.
  ///
  /// @throws IOException if the program ends before it
  static ResponseHead readHead(InputStream fromGit) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    int status = 200;
    for (String line = readLine(fromGit); !line.isEmpty(); line = readLine(fromGit)) {
      int colon = line.indexOf(':');
      if (colon < 0) throw new IOException("not a CGI header: \"" + line + "\"");
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.toLowerCase(Locale.ROOT).equals("status"))
        status = Integer.parseInt(value.substring(0, 3));
      else headers.put(name, value);
    }
    return new ResponseHead(status, headers);
  }

  private static String readLine(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new IOException("git http-backend ended within the head of its response");
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }
}
