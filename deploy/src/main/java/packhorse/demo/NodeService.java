package packhorse.demo;

import java.util.Arrays;
import java.util.Optional;

/// The git services that a node of the demo offers.
enum NodeService {
  UPLOAD_PACK("git-upload-pack"),
  RECEIVE_PACK("git-receive-pack");

  private final String gitName;

  NodeService(String gitName) {
    this.gitName = gitName;
  }

  /// The name of the service in URLs and media types.
  String gitName() {
    return gitName;
  }

  /// Returns the service of this name, if the node offers it.
  static Optional<NodeService> of(String gitName) {
    return Arrays.stream(values()).filter(service -> service.gitName.equals(gitName)).findFirst();
  }
}
