package packhorse.exchange.lfs;

import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.Optional;
import packhorse.exchange.call.LocationRewriter;
import packhorse.request.Headers;
import packhorse.wire.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Adapts the response of a node to a batch: links to the node are put under the URL of the site
/// that the client called, and credentials that the client did not send are removed. Everything
/// else stays as it is. Used on the thread of the request.
///
/// @param links rewrites the links to the node
/// @param ofClient the client's own credential line
/// @param ofNode the credential line that the node was sent
record BatchResponse(LocationRewriter links, Optional<String> ofClient, Optional<String> ofNode) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String AUTHORIZATION = "Authorization";

  static BatchResponse of(LocationRewriter links, Headers fromClient, Headers toNode) {
    return new BatchResponse(
        links, fromClient.firstValue(AUTHORIZATION), toNode.firstValue(AUTHORIZATION));
  }

  /// Returns the body for the client.
  ///
  /// @throws JacksonException if the body is not JSON
  ByteString adapt(byte[] body) {
    var adapted = new ByteArrayOutputStream(body.length);
    try (JsonParser in = JSON.createParser(body);
        JsonGenerator out = JSON.createGenerator(adapted)) {
      copy(in, out);
    }
    return ByteString.wrap(adapted.toByteArray());
  }

  // One object at a time is held as a tree: those in the list `objects` of the response.
  private void copy(JsonParser in, JsonGenerator out) {
    int depth = 0;
    boolean inObjects = false;
    for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
      if (inObjects && depth == 2 && token == JsonToken.START_OBJECT) {
        JsonNode object = in.readValueAsTree();
        adaptObject(object);
        out.writeTree(object);
        continue;
      }
      if (depth == 1 && token == JsonToken.PROPERTY_NAME) {
        inObjects = in.currentName().equals("objects");
      }
      if (token.isStructStart()) depth++;
      if (token.isStructEnd()) depth--;
      out.copyCurrentEvent(in);
    }
  }

  private void adaptObject(JsonNode object) {
    for (String name : new String[] {"actions", "_links"}) {
      for (JsonNode action : object.path(name)) {
        if (action instanceof ObjectNode link) adaptLink(link);
      }
    }
  }

  private void adaptLink(ObjectNode link) {
    String href = link.path("href").asString("");
    boolean throughProxy = links.leadsThroughProxy(href);
    if (throughProxy) link.put("href", links.rewrite(href));
    if (!(link.path("header") instanceof ObjectNode header)) return;
    for (Iterator<String> names = header.propertyNames().iterator(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equalsIgnoreCase(AUTHORIZATION)) continue;
      Optional<String> value = Optional.of(header.path(name).asString(""));
      boolean own = value.equals(ofClient);
      if (!own && (throughProxy || value.equals(ofNode))) names.remove();
    }
  }
}
