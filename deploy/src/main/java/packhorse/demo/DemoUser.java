package packhorse.demo;

import java.util.List;

/// Somebody whom the demo's configuration knows, with a password that is no secret: the proxy
/// listens on the loopback address only, and what it guards is made up.
record DemoUser(String name, String password) {
  static final DemoUser ALICE = new DemoUser("alice", "hay");
  static final DemoUser BOB = new DemoUser("bob", "oats");

  static List<DemoUser> all() {
    return List.of(ALICE, BOB);
  }

  /// As git takes it in an address: `alice:hay`.
  String inAddress() {
    return name + ":" + password;
  }
}
