package packhorse.it.threats;

import java.util.List;

/// Header names, header lines and methods that mean something to some nodes and must not arrive
/// from a client.
final class FuzzDictionary {
  /// Headers in which a proxy in front of a node would name the user.
  static final List<String> IDENTITIES =
      List.of(
          "X-WEBAUTH-USER",
          "X-WEBAUTH-EMAIL",
          "X-Forwarded-User",
          "X-Forwarded-Email",
          "X-Forwarded-Groups",
          "X-Remote-User",
          "Remote-User",
          "X-Gitlab-Token",
          "Gitlab-Shell-Api-Request",
          "Gitlab-Workhorse-Api-Request",
          "Gitlab-Workhorse-Proxy-Start",
          "X-Gitea-Internal-Auth",
          "Private-Token",
          "Sudo");

  /// Headers that a node running as CGI finds in its environment and could take for settings.
  static final List<String> CGI_SETTINGS =
      List.of(
          "Proxy",
          "Https-Proxy",
          "Proxy-Host",
          "Script-Name",
          "Path-Info",
          "X-Script-Name",
          "X-Original-URL",
          "X-Rewrite-URL",
          "Https",
          "X-Sendfile-Type",
          "X-Accel-Mapping",
          "Client-Cert",
          "X-SSL-Client-Verify");

  /// Headers in which a proxy in front of a node would name the client's address.
  static final List<String> FORWARDING =
      List.of(
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Port",
          "X-Forwarded-Prefix",
          "X-Forwarded-Server",
          "X-Real-IP",
          "Forwarded");

  /// Ambiguous spellings of `Transfer-Encoding`; `VALUE` stands for its value.
  static final List<String> CODINGS =
      List.of(
          "Transfer-Encoding : VALUE",
          "Transfer-Encoding\t: VALUE",
          " Transfer-Encoding: VALUE",
          "Transfer-\r\n Encoding: VALUE",
          "Transfer-Encoding:\r\n VALUE",
          "Transfer-Encoding: VALUE\r\nTransfer-Encoding: VALUE",
          "Transfer-Encoding: VALUE\r\nTransfer-encoding: identity",
          "X: x\nTransfer-Encoding: VALUE",
          "X: x\rTransfer-Encoding: VALUE",
          "Transfer-Encoding: VALUE\r\nContent-Length: 0");

  /// HTTP methods, valid and invalid ones.
  static final List<String> METHODS =
      List.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "DELETE",
          "TRACE",
          "OPTIONS",
          "PATCH",
          "CONNECT",
          "PRI",
          "PROPFIND",
          "MKCOL",
          "MOVE",
          "COPY",
          "LOCK",
          "get",
          "Post",
          "EVIL",
          "G",
          "GET\t");

  private FuzzDictionary() {}
}
