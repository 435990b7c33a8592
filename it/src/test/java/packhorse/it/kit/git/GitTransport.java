package packhorse.it.kit.git;

/// The transport between a client and a repository.
///
/// Over clear HTTP, git with `-c http.version=HTTP/2` sends `Upgrade: h2c` with the first request
/// of each connection ([#H2C]). The proxy and the nodes of the tests ignore it and respond over
/// HTTP/1.1. Git cannot start a connection with HTTP/2 ("prior knowledge"); curl can, with
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
