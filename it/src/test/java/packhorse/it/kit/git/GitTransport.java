package packhorse.it.kit.git;

/// The transport between a client and a repository.
///
/// Git uses HTTP/2 in cleartext (`-c http.version=HTTP/2`) by sending `Upgrade: h2c` with the first
/// request of each connection, whatever that request is; the following requests are HTTP/2. It
/// cannot start a connection with HTTP/2 ("prior knowledge"); curl can, with
/// `--http2-prior-knowledge`.
public enum GitTransport {
  HTTP1,
  H2C,
  H2_TLS,
  SSH;

  /// Returns whether this is any version of HTTP.
  public boolean isHttp() {
    return this != SSH;
  }
}
