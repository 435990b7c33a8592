package packhorse.it.matrix;

import packhorse.it.kit.git.GitTransport;

/// A transport and the protocol version that the client requests.
public record ClientProtocol(GitTransport transport, int version) {
  @Override
  public String toString() {
    return transport + " v" + version;
  }
}
