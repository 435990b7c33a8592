package packhorse.request;

/// The protocol by which a client reaches the proxy. The part of the proxy that implements it is
/// called a front.
public enum Front {
  HTTP,
  SSH
}
