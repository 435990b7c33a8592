package packhorse.http.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Converts header fields and trailers between Jetty's form and the core's.
public final class JettyHeaders {
  private JettyHeaders() {}

  /// The fields in their order. A field without a value has an empty one.
  ///
  /// @param fields null for none
  public static Headers fromJetty(@Nullable HttpFields fields) {
    List<Header> headers = new ArrayList<>();
    if (fields != null) {
      fields.forEach(field ->
          headers.add(
              new Header(field.getName(), Objects.requireNonNullElse(field.getValue(), ""))));
    }
    return new Headers(headers);
  }

  public static HttpFields toJetty(Headers headers) {
    HttpFields.Mutable fields = HttpFields.build();
    headers.forEach(header -> fields.add(new HttpField(header.name(), header.value())));
    return fields;
  }
}
