package packhorse.it.kit;

/// How a client reaches a repository.
///
/// Git comes to HTTP/2 in clear (`-c http.version=HTTP/2`) by `Upgrade: h2c` on the first request
/// of each connection, whatever it is; the requests after it are HTTP/2 from their first byte. It
/// has no way to begin with HTTP/2 ("prior knowledge"); curl has one, `--http2-prior-knowledge`.
public enum Transport {
  HTTP1,
  H2C,
  H2_TLS,
  SSH;

  public boolean http() {
    return this != SSH;
  }
}
