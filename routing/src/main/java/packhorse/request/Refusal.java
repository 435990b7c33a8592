package packhorse.request;

import java.util.Locale;

/// The proxy's answer to a request that it does not serve. The set of kinds is closed; each front
/// sends a refusal in the form that its clients display.
///
/// @param message the message for the user: one line that is safe to print, without the id of the
///   decision
/// @param detail what led to the refusal, for the operator: the `rule` of the audit record, never
///   shown to users. Two kinds need a value here for the response: [Kind#MOVED] the URL of the
///   site, [Kind#WRONG_METHOD] the methods that are allowed.
public record Refusal(Kind kind, String message, String detail) {

  public Refusal {
    message = PrintableText.singleLine(message);
    detail = PrintableText.singleLine(detail);
  }

  /// The reasons for a refusal.
  public enum Kind {
    /// A credential is required and the client sent none.
    NO_CREDENTIAL,
    /// The credential is not valid.
    WRONG_CREDENTIAL,
    /// A policy rule, or the node, denies the operation.
    NOT_ALLOWED,
    /// The placement of the repository does not allow writes.
    READ_ONLY,
    /// The name that the client called is not a site of the proxy.
    NO_SUCH_SITE,
    /// The repository does not exist, or the client may not know that it does.
    NO_SUCH_REPOSITORY,
    /// The proxy does not offer the feature that was requested.
    NOT_SERVED,
    /// The request does not follow the protocol.
    MALFORMED,
    /// The content of the body is not what its type requires.
    INVALID_BODY,
    /// The HTTP method is not allowed for this URL.
    WRONG_METHOD,
    /// The media type or content coding of the request is not supported.
    WRONG_TYPE,
    /// The request exceeds a limit.
    TOO_LARGE,
    /// The request arrives too slowly.
    TOO_SLOW,
    /// A secret was sent over an unencrypted connection.
    IN_CLEAR,
    /// The site is served at another URL.
    MOVED,
    /// No node is available for the request.
    NODE_DOWN,
    /// A node failed while it served the request.
    NODE_FAILED,
    /// Too many logins from the client's address have failed lately.
    TOO_MANY_FAILURES,
    /// The proxy has too much work of this sort at the moment.
    BUSY,
    /// The proxy is shutting down.
    STOPPING,
    /// A node is configured to send its own calls to the proxy.
    NODE_SETTING,
    /// The proxy itself failed.
    INTERNAL;

    /// The name of the kind in audit records and meters.
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public static Refusal noCredential() {
    return of(Kind.NO_CREDENTIAL, "a user name and a password or token are needed here");
  }

  public static Refusal wrongCredential() {
    return of(Kind.WRONG_CREDENTIAL, "the user name, password, token or key was not accepted");
  }

  /// A refusal of an operation that the policy or a node does not allow.
  ///
  /// @param detail the policy rule, or the node's answer, that denies the operation
  public static Refusal notAllowed(String message, String detail) {
    return new Refusal(Kind.NOT_ALLOWED, message, detail);
  }

  /// A refusal of a key that more than one user has.
  public static Refusal ambiguousKey() {
    return new Refusal(
        Kind.WRONG_CREDENTIAL,
        "this key is registered for more than one user, so it identifies none of them; use another"
            + " key",
        "a key with two owners");
  }

  public static Refusal readOnly(String message) {
    return of(Kind.READ_ONLY, message);
  }

  public static Refusal noSuchSite(String name) {
    return of(Kind.NO_SUCH_SITE, "there is no site '" + PrintableText.of(name) + "' here");
  }

  public static Refusal noSuchRepository() {
    return of(Kind.NO_SUCH_REPOSITORY, "there is no such repository, or you may not read it");
  }

  public static Refusal notServed(String message) {
    return of(Kind.NOT_SERVED, message);
  }

  public static Refusal malformed(String message) {
    return of(Kind.MALFORMED, message);
  }

  /// A refusal of input that exceeds a limit.
  ///
  /// @param what the thing that is too large, such as `the request`
  /// @param limit the limit or what sets it, such as `4096 bytes` or `git's protocol`
  public static Refusal tooLarge(String what, String limit) {
    return of(Kind.TOO_LARGE, what + " is larger than " + limit + " allows");
  }

  /// A refusal of a secret that was sent over a connection that others can read.
  public static Refusal cleartextCredential() {
    return of(
        Kind.IN_CLEAR, "a password is not accepted over an unencrypted connection; use https");
  }

  /// A redirect to the encrypted URL of the site.
  ///
  /// @param url the URL of the site without a path
  public static Refusal moved(String url) {
    return new Refusal(Kind.MOVED, "this site is at " + url, url);
  }

  public static Refusal tooManyPasswordChecks() {
    return of(Kind.BUSY, "too many passwords are being checked just now; try again in a moment");
  }

  /// A refusal because other requests hold the memory that this one needs.
  public static Refusal noMemory() {
    return of(
        Kind.BUSY,
        "the proxy has no memory for this request just now, because others hold it; try again in a"
            + " moment");
  }

  /// A refusal of a request that would be held in memory for too long before it is complete.
  public static Refusal tooSlow() {
    return of(Kind.TOO_SLOW, "the request arrives too slowly");
  }

  /// A refusal of a password that is not checked because of `limits.logins`.
  public static Refusal tooManyFailedLogins() {
    return of(
        Kind.TOO_MANY_FAILURES,
        "too many logins from your address have failed; try again in a few minutes, or use a token"
            + " or an SSH key");
  }

  public static Refusal nodeDown(String message) {
    return of(Kind.NODE_DOWN, message);
  }

  public static Refusal nodeFailed(String message) {
    return of(Kind.NODE_FAILED, message);
  }

  /// A refusal of a call that a node must send to itself.
  ///
  /// @param setting which setting of the node must be changed, and how, for the operator
  public static Refusal nodeSetting(String setting) {
    return new Refusal(Kind.NODE_SETTING, "this path is not served here", setting);
  }

  /// The refusal of a repository path that two programs could interpret differently.
  public static Refusal badPath(Object path, String reason) {
    return malformed(
        "the path '" + PrintableText.of(String.valueOf(path)) + "' is refused: " + reason);
  }

  /// A refusal because of a bug in the proxy.
  ///
  /// @param fault the exception, for the operator
  public static Refusal internal(String fault) {
    return new Refusal(
        Kind.INTERNAL,
        "an internal error occurred in the proxy; its log has more under this decision",
        fault);
  }

  /// A refusal whose detail is its kind.
  public static Refusal of(Kind kind, String message) {
    return new Refusal(kind, message, kind.label());
  }
}
