package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// Responses of nodes that leave out the content type that git needs.
final class GitContentTypeTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /acme/app.git/info/refs?service=git-upload-pack, 001e#"
        + " service=git-upload-pack\\n00000000, application/x-git-upload-pack-advertisement",
    "GET, /acme/app.git/info/refs?service=git-upload-pack, 000eversion 2\\n0000,"
        + " application/x-git-upload-pack-advertisement",
    "GET, /acme/app.git/info/refs?service=git-receive-pack, 001f#"
        + " service=git-receive-pack\\n00000000, application/x-git-receive-pack-advertisement",
    "POST, /acme/app.git/git-upload-pack, 0008NAK\\n, application/x-git-upload-pack-result",
    "POST, /acme/app.git/git-receive-pack, 000eunpack ok\\n0000,"
        + " application/x-git-receive-pack-result",
    "GET, /acme/app.git/info/refs?service=git-upload-pack, 00ab4f7e\\trefs/heads/main\\n, ''",
    "GET, /acme/app.git/HEAD, 0000, ''"
  })
  void a_response_of_git_without_a_content_type_gets_it(
      String method, String path, String body, String type) throws Exception {
    String bytes = body.replace("\\n", "\n").replace("\\t", "\t");
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length() + "\r\n\r\n";
    try (var node = RawNode.respondingWith(head + bytes);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      String requestType = "application/x-" + path.replaceFirst(".*/", "") + "-request";
      String request =
          method.equals("GET") ? RawClient.get(path) : RawClient.post(path, requestType, "0000");
      RawClient.Response response = RawClient.exchange(proxy.port(), request);
      assertThat(response.text()).isEqualTo(bytes);
      assertThat(response.values("Content-Type"))
          .isEqualTo(type.isEmpty() ? List.of() : List.of(type));
    }
  }
}
