package packhorse.http.front;

import java.io.IOException;
import java.util.regex.Pattern;
import packhorse.memory.CollectedInput;
import packhorse.request.LfsRequest;
import packhorse.request.LfsRequest.Call;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.UnreadableBodyException;
import packhorse.wire.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Reads the body of a batch of Git LFS (its API's "Batch API"), which says whether objects are
/// downloaded or uploaded. Stateless; called by [FrontHandler] on the thread of the request.
final class LfsBatchReader {
  private static final int MAX_BYTES = 1 << 20;
  private static final int HEAP_PER_BYTE = 2;
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{64}");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private LfsBatchReader() {}

  /// Returns the request with its body, for the operation that the body names.
  ///
  /// @throws RefusalException with [Refusal.Kind#INVALID_BODY] if the body is larger than 1 MiB, is
  ///   not JSON, names neither `download` nor `upload` or both, or has an object whose id is not 64
  ///   hexadecimal digits; with another kind if the body cannot be read
  /// @throws IOException if the client leaves meanwhile
  static LfsRequest read(LfsRequest request, HttpStatelessClient client)
      throws RefusalException, IOException {
    client.memory().enter();
    byte[] body = readBody(client.collectedInput(HEAP_PER_BYTE));
    try (JsonParser json = JSON.createParser(body)) {
      return request.withBatch(call(json), ByteString.wrap(body));
    } catch (JacksonException e) {
      throw invalid("the batch is not JSON");
    }
  }

  private static byte[] readBody(CollectedInput in) throws RefusalException, IOException {
    byte[] body;
    try {
      body = in.readNBytes(MAX_BYTES + 1);
    } catch (UnreadableBodyException e) {
      throw new RefusalException(e.refusal());
    }
    if (body.length > MAX_BYTES) throw invalid("the batch is larger than 1 MiB");
    return body;
  }

  private static Call call(JsonParser json) throws RefusalException {
    if (json.nextToken() != JsonToken.START_OBJECT) throw invalid("the batch is not JSON");
    String operation = "";
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      if (token == null) throw invalid("the batch is not JSON");
      if (token.isStructStart()) depth++;
      if (token.isStructEnd()) depth--;
      if (token != JsonToken.PROPERTY_NAME) continue;
      String name = json.currentName();
      if (depth == 1 && name.equalsIgnoreCase("operation")) {
        if (!operation.isEmpty() || !name.equals("operation")) throw ambiguous();
        operation = text(json);
      } else if (name.equalsIgnoreCase("oid") && !OBJECT_ID.matcher(text(json)).matches()) {
        throw invalid("the id of an object in the batch is not 64 hexadecimal digits");
      }
    }
    if (json.nextToken() != null) throw invalid("the batch is not JSON");
    return switch (operation) {
      case "download" -> Call.DOWNLOAD_BATCH;
      case "upload" -> Call.UPLOAD_BATCH;
      default -> throw ambiguous();
    };
  }

  private static String text(JsonParser json) throws RefusalException {
    if (json.nextToken() != JsonToken.VALUE_STRING) throw invalid("the batch is malformed");
    return json.getString();
  }

  private static RefusalException ambiguous() {
    return invalid("the batch must have exactly one operation, download or upload");
  }

  private static RefusalException invalid(String message) {
    return new RefusalException(Refusal.of(Refusal.Kind.INVALID_BODY, message));
  }
}
