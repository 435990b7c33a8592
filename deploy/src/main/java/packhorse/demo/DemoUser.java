package packhorse.demo;

import java.util.List;

/// A user of the demo's configuration. The passwords are public, because the proxy listens on the
/// loopback address only and serves nothing but sample data.
record DemoUser(String name, String password) {
  static final DemoUser ALICE = new DemoUser("alice", "hay");
  static final DemoUser BOB = new DemoUser("bob", "oats");

  static List<DemoUser> all() {
    return List.of(ALICE, BOB);
  }

  /// Returns the user information part of a URL: `alice:hay`.
  String userInfo() {
    return name + ":" + password;
  }
}
