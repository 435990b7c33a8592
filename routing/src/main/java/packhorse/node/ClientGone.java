package packhorse.node;

import java.io.IOException;

/// The client's connection failed, or the client ended in the midst of what it was sending or
/// taking: nobody is left to tell.
public final class ClientGone extends IOException {
  public ClientGone(String what, Throwable cause) {
    super(what, cause);
  }
}
