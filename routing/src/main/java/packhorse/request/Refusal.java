package packhorse.request;

import java.util.Locale;

/// A typed no of ours. The set of kinds is closed; each front gives it the form that its clients
/// show.
///
/// @param kind which of the closed set
/// @param sentence for the user, one line that is safe to print, without the decision's id
/// @param rule what decided, for the operator; not shown to users
public record Refusal(Kind kind, String sentence, String rule) {

  public Refusal {
    sentence = Printable.line(sentence);
    rule = Printable.line(rule);
  }

  /// Why; the word is used by audit and meters.
  public enum Kind {
    NO_CREDENTIAL,
    WRONG_CREDENTIAL,
    NOT_ALLOWED,
    READ_ONLY,
    NO_SUCH_SITE,
    NO_SUCH_REPOSITORY,
    NOT_SERVED,
    MALFORMED,
    WRONG_METHOD,
    WRONG_TYPE,
    TOO_LARGE,
    IN_CLEAR,
    MOVED,
    NODE_DOWN,
    NODE_FAILED,
    BUSY,
    STOPPING,
    INTERNAL;

    /// The word of the audit and the meters.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public static Refusal noCredential() {
    return of(Kind.NO_CREDENTIAL, "a user name and a password or token are needed here");
  }

  public static Refusal wrongCredential() {
    return of(Kind.WRONG_CREDENTIAL, "the user name, password, token or key was not accepted");
  }

  public static Refusal notAllowed(String because, String rule) {
    return new Refusal(Kind.NOT_ALLOWED, because, rule);
  }

  public static Refusal keyOfTwo() {
    return new Refusal(
        Kind.WRONG_CREDENTIAL,
        "this key is registered for more than one user, so it is nobody's; use another key",
        "a key with two owners");
  }

  public static Refusal readOnly(String because) {
    return of(Kind.READ_ONLY, because);
  }

  public static Refusal noSuchSite(String name) {
    return of(Kind.NO_SUCH_SITE, "there is no site '" + Printable.of(name) + "' here");
  }

  public static Refusal noSuchRepository() {
    return of(Kind.NO_SUCH_REPOSITORY, "there is no such repository, or it is not yours to see");
  }

  public static Refusal notServed(String sentence) {
    return of(Kind.NOT_SERVED, sentence);
  }

  public static Refusal malformed(String sentence) {
    return of(Kind.MALFORMED, sentence);
  }

  public static Refusal tooLarge(String what, String limit) {
    return of(Kind.TOO_LARGE, what + " is larger than " + limit + " allows");
  }

  public static Refusal inClear() {
    return of(Kind.IN_CLEAR, "a password is not taken over an unencrypted connection; use https");
  }

  /// The site is encrypted, and found elsewhere.
  ///
  /// @param url of the site, without a path; it is the rule too: a client is sent there
  public static Refusal moved(String url) {
    return new Refusal(Kind.MOVED, "this site is at " + url, url);
  }

  public static Refusal busy() {
    return of(Kind.BUSY, "too many passwords are being checked just now; try again in a moment");
  }

  public static Refusal nodeDown(String what) {
    return of(Kind.NODE_DOWN, what);
  }

  public static Refusal nodeFailed(String what) {
    return of(Kind.NODE_FAILED, what);
  }

  /// A fault of our own.
  ///
  /// @param fault what it was, for the operator
  public static Refusal internal(String fault) {
    return new Refusal(
        Kind.INTERNAL, "the proxy has failed; its log says more under this decision", fault);
  }

  public static Refusal of(Kind kind, String sentence) {
    return new Refusal(kind, sentence, kind.word());
  }
}
