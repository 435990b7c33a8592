package packhorse.request;

import java.util.ArrayList;
import java.util.List;

/// Removes the cookies by which the proxy keeps visitors on their nodes: they are for the proxy
/// only. Stateless.
public final class VisitorCookieFilter {
  /// What the names of these cookies begin with, over http.
  public static final String PREFIX = "packhorse-";

  /// The same over https. A browser accepts a cookie with such a name only over https, without a
  /// domain and with the path "/" (RFC 6265bis §4.1.3.2), so that no page of a neighbouring host
  /// can set it.
  public static final String SECURE_PREFIX = "__Host-" + PREFIX;

  private VisitorCookieFilter() {}

  /// The headers of a client's request without these cookies. Lines that have none are unchanged.
  public static Headers without(Headers fromClient) {
    if (cookies(fromClient).stream().noneMatch(VisitorCookieFilter::isVisitorCookie)) {
      return fromClient;
    }
    List<Header> kept = new ArrayList<>();
    for (Header header : fromClient) {
      if (!header.hasName("Cookie")) {
        kept.add(header);
        continue;
      }
      List<String> others =
          split(header.value()).stream().filter(cookie -> !isVisitorCookie(cookie)).toList();
      if (!others.isEmpty()) kept.add(new Header(header.name(), String.join("; ", others)));
    }
    return new Headers(kept);
  }

  private static boolean isVisitorCookie(String cookie) {
    return cookie.startsWith(PREFIX) || cookie.startsWith(SECURE_PREFIX);
  }

  /// The cookies in the headers of a request, each as `NAME=VALUE`.
  public static List<String> cookies(Headers headers) {
    List<String> cookies = new ArrayList<>();
    for (String line : headers.allValues("Cookie")) cookies.addAll(split(line));
    return cookies;
  }

  private static List<String> split(String line) {
    List<String> cookies = new ArrayList<>();
    for (String cookie : line.split(";", -1)) cookies.add(cookie.strip());
    return cookies;
  }
}
