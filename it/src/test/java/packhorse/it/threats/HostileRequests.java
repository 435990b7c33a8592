package packhorse.it.threats;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Requests that mean harm, one row of the threats each: a generator of raw bytes, to be followed
/// by a request that is beyond doubt. None asks for the hidden repository in a way that is right.
enum HostileRequests {
  H1_LENGTH_AND_CODING(dice -> {
    String length = dice.spelt("Content-Length").replace('_', '-') + ": " + dice.below(60);
    String coding = dice.spelt("Transfer-Encoding").replace('_', '-') + ": chunked";
    boolean first = dice.coin();
    return Watched.post(
        "0\r\n\r\n" + hidden(), first ? length : coding, "X: x", first ? coding : length);
  }),
  H2_CODINGS(dice -> {
    String value = "chunked";
    while (right(value, "(?i)[ \\t]*chunked[ \\t]*")) {
      value = dice.mutated("chunked", " \t\u000b\u00a0,;\"xX:-_\0=\r\n", 2);
    }
    String field = "Transfer-Encoding: " + value;
    if (dice.coin()) field = dice.of(Names.CODINGS).replace("VALUE", "chunked");
    return Watched.post("0\r\n\r\n" + hidden(), field);
  }),
  H3_CHUNKS(dice -> {
    String body = "4\r\n0000\r\n0\r\n\r\n";
    while (Chunks.right(body)) {
      body = dice.mutated("4\r\n0000\r\n0\r\n\r\n", "0123456789abcdefxX_+- ;=\"\r\n\t\0", 2);
    }
    return Watched.post(body + hidden(), "Transfer-Encoding: chunked");
  }),
  H4_LENGTHS(dice -> {
    String length = "4";
    while (right(length, "[ \\t]*[0-9]{1,18}[ \\t]*")) {
      length = dice.mutated("4", "0123456789+-,xX \t\0.e\u00b2", 3);
    }
    return Watched.post("0000" + hidden(), "Content-Length: " + length);
  }),
  H5_NAMES_AND_VALUES(dice -> {
    String odd = "\0\u0001\t\r\n \u007f\u0085\u00a0:;,=()<>@[]{}\"/\\?_";
    String field = dice.mutated("X-Odd: odd", odd, 3);
    return Watched.get(Watched.REFS, field, "Content_Length: 100");
  }),
  H9_NAMED_BY_CONNECTION(dice -> {
    String name = "X-" + dice.text("abcdefgh", 6) + "q";
    String names = String.join(dice.of(List.of(",", ", ", " ,\t")), "keep-alive", dice.spelt(name));
    return Watched.get(
        Watched.REFS, "Connection: " + names.replace('_', '-'), name + ": evil", "Te: evil");
  }),
  H10_BODY_OF_A_REFUSED_REQUEST(dice -> {
    String body = hidden().repeat(1 + dice.below(4)) + dice.text("abc\r\n\0", 40);
    String path = dice.of(List.of("/acme/../app.git/git-upload-pack", "/acme/app.git/x", "/"));
    return Watched.head(
            "POST " + path + " HTTP/1.1",
            "Authorization: " + dice.of(List.of("NTLM TlRM", "Basic !", "Negotiate x")),
            "Content-Type: " + Watched.FETCH,
            "Content-Length: " + body.length())
        + body;
  }),
  P1_DOT_PARTS(dice -> path(dice, List.of(".", "..", "%2e", "%2E%2e", ".%2e", "..;a=b", "..%5c"))),
  P2_ENCODED(dice -> path(dice, List.of("%2F", "%2f", "%252F", "%5c", "%00", "%25", "%2Fx"))),
  P3_PARAMETERS(dice -> path(dice, List.of(";x=1", "a;b", ";", "#", "x#y", "%3B", "%23"))),
  P4_EMPTY_PARTS(dice -> path(dice, List.of("", "x.", "x%20", "%20x", " ", "x/", ".git"))),
  P5_SUFFIXES(dice -> path(dice, List.of(".git", "b.git.git", "b.GIT", ".wiki.git", "b.git.wiki"))),
  P6_CASE(dice ->
      Watched.get(
          "/acme/"
              + dice.spelt("app.git/info/refs").replace('_', '-')
              + "?service="
              + dice.spelt("git-upload-pack").replace('_', '-'))),
  P7_UNICODE(dice ->
      path(
          dice,
          List.of(
              "%EF%BC%8F",
              "%c0%af", "%e2%80%ae", "e%CC%81", "%C4%B0", "\u00e9", "%ff", "%EF%BC%8E."))),
  P8_DASHES(dice -> path(dice, List.of("-u", "--upload-pack=x", "-", "--", "%2Du", "-c"))),
  P9_OTHER_ADDRESSES(dice -> {
    String to =
        dice.of(List.of("evil.test", "169.254.169.254", "[::1]:22", "x@evil.test", "evil:1"));
    String line =
        dice.of(
            List.of(
                "GET http://" + to + Watched.REFS,
                "CONNECT " + to,
                "GET //" + to + Watched.REFS,
                "GET " + to + Watched.REFS,
                "GET *"));
    return Watched.head(line + " HTTP/1.1");
  }),
  P9_OTHER_HOSTS(dice -> {
    String host = dice.mutated("127.0.0.1:PORT", "e.@:/\\ \t,[]%\0xvil", 3);
    return hidden().replaceFirst("Host: .*", "Host: evil" + quoted(host));
  }),
  P11_IDENTITIES(dice -> {
    String name = dice.spelt(dice.of(Names.IDENTITIES));
    return Watched.get(Watched.REFS, name + ": evil", dice.spelt(name) + ":evil");
  }),
  P12_FORWARDING(dice -> {
    String value =
        dice.of(List.of("evil", "1.2.3.4, evil", "for=evil", "_evil", "evil".repeat(500)));
    return Watched.get(Watched.REFS, dice.spelt(dice.of(Names.FORWARDING)) + ": " + value);
  }),
  P13_OURS_NAMED_BY_CONNECTION(dice -> {
    String ours = dice.of(List.of("X-Forwarded-For", "X-Request-Id", "Host", "Authorization"));
    return Watched.get(
        Watched.REFS, "Connection: keep-alive, " + dice.spelt(ours).replace('_', '-'));
  }),
  P14_VERSIONS(dice -> {
    String value = dice.mutated("version=2", "version=012:;, \tevil\u00a0\0", 6);
    return Watched.get(Watched.REFS, dice.spelt("Git-Protocol") + ": " + value);
  }),
  P15_QUERIES(dice -> {
    String query = "service=git-upload-pack";
    while (query.matches("service=git-(upload|receive)-pack")) {
      query =
          dice.mutated(dice.coin() ? query : query + "&service=git-receive-pack", "&=%20?;Ss/", 2);
    }
    return target("/acme/app.git/info/refs?" + query + dice.of(List.of("", "&evil", "%00")));
  }),
  P16_METHODS(dice -> {
    String method = dice.of(Names.METHODS);
    String path = dice.of(List.of("info/refs", "git-upload-pack", "git-receive-pack", "HEAD", "x"));
    return Watched.head(
        method + " /acme/app.git/" + path + " HTTP/1.1",
        dice.spelt("X-HTTP-Method-Override") + ": evil");
  });

  // functions that hold nothing
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<Dice, String> made;

  HostileRequests(Function<Dice, String> made) {
    this.made = made;
  }

  String next(Dice dice) {
    return made.apply(dice);
  }

  private static String hidden() {
    return Watched.get(Watched.HIDDEN);
  }

  private static boolean right(String text, String pattern) {
    return Pattern.matches(pattern, text);
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  private static String target(String target) {
    return Watched.get(target);
  }

  private static String path(Dice dice, List<String> odd) {
    var path = new StringBuilder("/acme");
    for (int n = 1 + dice.below(3); n > 0; n--) {
      path.append(dice.of(List.of("/", "/", "/x"))).append(dice.of(odd));
      if (dice.below(8) == 0) path.append("/..");
    }
    String end = dice.of(List.of("/app.git", ".git", "/app", "/app.git/x", ""));
    return target(path + end + "/info/refs?service=git-upload-pack");
  }

  /// Whether the request cannot be framed, so that nothing behind it may be read.
  boolean misframed() {
    return name().matches("H[1-4]_.*");
  }
}
