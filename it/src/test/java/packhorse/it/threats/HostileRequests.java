package packhorse.it.threats;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hostile requests, one row of `docs/threats.md` each: generators of raw bytes, after which a test
/// sends an unambiguous request. None of them asks for the hidden repository in a valid way.
enum HostileRequests {
  H1_LENGTH_AND_CODING(random -> {
    String length =
        random.varySpelling("Content-Length").replace('_', '-') + ": " + random.nextInt(60);
    String coding = random.varySpelling("Transfer-Encoding").replace('_', '-') + ": chunked";
    boolean first = random.nextBoolean();
    return MonitoredProxy.postRequest(
        "0\r\n\r\n" + hiddenRequest(), first ? length : coding, "X: x", first ? coding : length);
  }),
  H2_CODINGS(random -> {
    String value = "chunked";
    while (matches(value, "(?i)[ \\t]*chunked[ \\t]*")) {
      value = random.mutate("chunked", " \t\u000b\u00a0,;\"xX:-_\0=\r\n", 2);
    }
    String field = "Transfer-Encoding: " + value;
    if (random.nextBoolean())
      field = random.pick(FuzzDictionary.CODINGS).replace("VALUE", "chunked");
    return MonitoredProxy.postRequest("0\r\n\r\n" + hiddenRequest(), field);
  }),
  H3_CHUNKS(random -> {
    String body = "4\r\n0000\r\n0\r\n\r\n";
    while (ChunkedBodyValidator.startsWithValidBody(body)) {
      body = random.mutate("4\r\n0000\r\n0\r\n\r\n", "0123456789abcdefxX_+- ;=\"\r\n\t\0", 2);
    }
    return MonitoredProxy.postRequest(body + hiddenRequest(), "Transfer-Encoding: chunked");
  }),
  H4_LENGTHS(random -> {
    String length = "4";
    while (matches(length, "[ \\t]*[0-9]{1,18}[ \\t]*")) {
      length = random.mutate("4", "0123456789+-,xX \t\0.e\u00b2", 3);
    }
    return MonitoredProxy.postRequest("0000" + hiddenRequest(), "Content-Length: " + length);
  }),
  H5_NAMES_AND_VALUES(random -> {
    String unusual = "\0\u0001\t\r\n \u007f\u0085\u00a0:;,=()<>@[]{}\"/\\?_";
    String field = random.mutate("X-Odd: odd", unusual, 3);
    return MonitoredProxy.getRequest(MonitoredProxy.REFS, field, "Content_Length: 100");
  }),
  H9_NAMED_BY_CONNECTION(random -> {
    String name = "X-" + random.text("abcdefgh", 6) + "q";
    String names =
        String.join(
            random.pick(List.of(",", ", ", " ,\t")), "keep-alive", random.varySpelling(name));
    return MonitoredProxy.getRequest(
        MonitoredProxy.REFS, "Connection: " + names.replace('_', '-'), name + ": evil", "Te: evil");
  }),
  H10_BODY_OF_A_REFUSED_REQUEST(random -> {
    String body = hiddenRequest().repeat(1 + random.nextInt(4)) + random.text("abc\r\n\0", 40);
    String path = random.pick(List.of("/acme/../app.git/git-upload-pack", "/acme/app.git/x", "/"));
    return MonitoredProxy.requestHead(
            "POST " + path + " HTTP/1.1",
            "Authorization: " + random.pick(List.of("NTLM TlRM", "Basic !", "Negotiate x")),
            "Content-Type: " + MonitoredProxy.FETCH_TYPE,
            "Content-Length: " + body.length())
        + body;
  }),
  P1_DOT_SEGMENTS(random ->
      requestWithPath(random, List.of(".", "..", "%2e", "%2E%2e", ".%2e", "..;a=b", "..%5c"))),
  P2_ENCODED(random ->
      requestWithPath(random, List.of("%2F", "%2f", "%252F", "%5c", "%00", "%25", "%2Fx"))),
  P3_PARAMETERS(
      random -> requestWithPath(random, List.of(";x=1", "a;b", ";", "#", "x#y", "%3B", "%23"))),
  P4_EMPTY_SEGMENTS(
      random -> requestWithPath(random, List.of("", "x.", "x%20", "%20x", " ", "x/", ".git"))),
  P5_SUFFIXES(random ->
      requestWithPath(random, List.of(".git", "b.git.git", "b.GIT", ".wiki.git", "b.git.wiki"))),
  P6_CASE(random ->
      MonitoredProxy.getRequest(
          "/acme/"
              + random.varySpelling("app.git/info/refs").replace('_', '-')
              + "?service="
              + random.varySpelling("git-upload-pack").replace('_', '-'))),
  P7_UNICODE(random ->
      requestWithPath(
          random,
          List.of(
              "%EF%BC%8F",
              "%c0%af", "%e2%80%ae", "e%CC%81", "%C4%B0", "\u00e9", "%ff", "%EF%BC%8E."))),
  P8_DASHES(
      random -> requestWithPath(random, List.of("-u", "--upload-pack=x", "-", "--", "%2Du", "-c"))),
  P9_OTHER_ADDRESSES(random -> {
    String host =
        random.pick(List.of("evil.test", "169.254.169.254", "[::1]:22", "x@evil.test", "evil:1"));
    String line =
        random.pick(
            List.of(
                "GET http://" + host + MonitoredProxy.REFS,
                "CONNECT " + host,
                "GET //" + host + MonitoredProxy.REFS,
                "GET " + host + MonitoredProxy.REFS,
                "GET *"));
    return MonitoredProxy.requestHead(line + " HTTP/1.1");
  }),
  P9_OTHER_HOSTS(random -> {
    String host = random.mutate("127.0.0.1:PORT", "e.@:/\\ \t,[]%\0xvil", 3);
    return hiddenRequest().replaceFirst("Host: .*", "Host: evil" + quoteReplacement(host));
  }),
  P11_IDENTITIES(random -> {
    String name = random.varySpelling(random.pick(FuzzDictionary.IDENTITIES));
    return MonitoredProxy.getRequest(
        MonitoredProxy.REFS, name + ": evil", random.varySpelling(name) + ":evil");
  }),
  P11_CGI_SETTINGS(random -> {
    String name = random.varySpelling(random.pick(FuzzDictionary.CGI_SETTINGS));
    return MonitoredProxy.getRequest(
        MonitoredProxy.REFS, name + ": evil", random.varySpelling(name) + ":evil");
  }),
  P12_FORWARDING(random -> {
    String value =
        random.pick(List.of("evil", "1.2.3.4, evil", "for=evil", "_evil", "evil".repeat(500)));
    return MonitoredProxy.getRequest(
        MonitoredProxy.REFS,
        random.varySpelling(random.pick(FuzzDictionary.FORWARDING)) + ": " + value);
  }),
  P13_PROXY_HEADERS_NAMED_BY_CONNECTION(random -> {
    String proxyHeader =
        random.pick(List.of("X-Forwarded-For", "X-Request-Id", "Host", "Authorization"));
    return MonitoredProxy.getRequest(
        MonitoredProxy.REFS,
        "Connection: keep-alive, " + random.varySpelling(proxyHeader).replace('_', '-'));
  }),
  P14_VERSIONS(random -> {
    String value = random.mutate("version=2", "version=012:;, \tevil\u00a0\0", 6);
    return MonitoredProxy.getRequest(
        MonitoredProxy.REFS, random.varySpelling("Git-Protocol") + ": " + value);
  }),
  P15_QUERIES(random -> {
    String query = "service=git-upload-pack";
    while (query.matches("service=git-(upload|receive)-pack")) {
      query =
          random.mutate(
              random.nextBoolean() ? query : query + "&service=git-receive-pack", "&=%20?;Ss/", 2);
    }
    return getTarget("/acme/app.git/info/refs?" + query + random.pick(List.of("", "&evil", "%00")));
  }),
  P16_METHODS(random -> {
    String method = random.pick(FuzzDictionary.METHODS);
    String path =
        random.pick(List.of("info/refs", "git-upload-pack", "git-receive-pack", "HEAD", "x"));
    return MonitoredProxy.requestHead(
        method + " /acme/app.git/" + path + " HTTP/1.1",
        random.varySpelling("X-HTTP-Method-Override") + ": evil");
  });

  // The functions have no state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<SeededRandom, String> generator;

  HostileRequests(Function<SeededRandom, String> made) {
    this.generator = made;
  }

  /// Returns another request. `PORT` stands for the port of the proxy.
  String generate(SeededRandom random) {
    return generator.apply(random);
  }

  private static String hiddenRequest() {
    return MonitoredProxy.getRequest(MonitoredProxy.HIDDEN_REFS);
  }

  private static boolean matches(String text, String pattern) {
    return Pattern.matches(pattern, text);
  }

  private static String quoteReplacement(String text) {
    return Matcher.quoteReplacement(text);
  }

  private static String getTarget(String target) {
    return MonitoredProxy.getRequest(target);
  }

  private static String requestWithPath(SeededRandom random, List<String> unusual) {
    var path = new StringBuilder("/acme");
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      path.append(random.pick(List.of("/", "/", "/x"))).append(random.pick(unusual));
      if (random.nextInt(8) == 0) path.append("/..");
    }
    String suffix = random.pick(List.of("/app.git", ".git", "/app", "/app.git/x", ""));
    return getTarget(path + suffix + "/info/refs?service=git-upload-pack");
  }

  /// Returns whether the request's length is ambiguous, so that nothing after it may be read as a
  /// request.
  boolean isMisframed() {
    return name().matches("H[1-4]_.*");
  }
}
