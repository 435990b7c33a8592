package packhorse.config;

import java.nio.file.Path;
import java.util.List;

/// An address on which we accept connections, with what its protocol needs.
public sealed interface ListenerSettings {

  /// The key under `listeners`.
  String name();

  /// Where to listen; port 0 takes a free one.
  Address address();

  /// Who may connect; empty: everybody.
  List<Cidr> allowFrom();

  /// Git over HTTP without TLS.
  ///
  /// @param redirectToHttps answer nothing but a redirect to the https URL
  record Http(String name, Address address, List<Cidr> allowFrom, boolean redirectToHttps)
      implements ListenerSettings {}

  /// Git over HTTP with TLS; certificate chain and private key are PEM files that belong together.
  record Https(String name, Address address, List<Cidr> allowFrom, Path certificate, Path key)
      implements ListenerSettings {}

  /// Git over SSH.
  ///
  /// @param hostKeys the folder whose private keys are our host keys
  /// @param site the one site that this address stands for: SSH tells no name
  record Ssh(String name, Address address, List<Cidr> allowFrom, Path hostKeys, String site)
      implements ListenerSettings {}

  /// Health, readiness and meters over HTTP, read only.
  record Status(String name, Address address, List<Cidr> allowFrom) implements ListenerSettings {}
}
