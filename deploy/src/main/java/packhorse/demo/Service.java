package packhorse.demo;

import java.util.Arrays;
import java.util.Optional;

/// The services that a node of the demo offers.
enum Service {
  UPLOAD_PACK("git-upload-pack"),
  RECEIVE_PACK("git-receive-pack");

  private final String gitName;

  Service(String gitName) {
    this.gitName = gitName;
  }

  /// As git writes it in addresses.
  String gitName() {
    return gitName;
  }

  static Optional<Service> named(String gitName) {
    return Arrays.stream(values()).filter(each -> each.gitName.equals(gitName)).findFirst();
  }
}
