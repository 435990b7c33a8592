package packhorse.request;

/// One protocol's entry to the proxy.
public enum Front {
  HTTP,
  SSH
}
