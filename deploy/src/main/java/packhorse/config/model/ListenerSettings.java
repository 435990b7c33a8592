package packhorse.config.model;

import java.nio.file.Path;
import java.util.List;
import packhorse.policy.CidrBlock;

/// An address on which the proxy accepts connections, and what its protocol needs.
public sealed interface ListenerSettings {

  /// The listener's key under `listeners`.
  String name();

  /// The address to listen on; port 0 takes a free port.
  Address address();

  /// The client addresses that may connect; empty if every address may.
  List<CidrBlock> allowFrom();

  /// Git over HTTP without TLS.
  ///
  /// @param redirectToHttps whether every request is answered with a redirect to the https URL
  record Http(String name, Address address, List<CidrBlock> allowFrom, boolean redirectToHttps)
      implements ListenerSettings {}

  /// Git over HTTP with TLS. The certificate chain and the private key are PEM files that belong
  /// together.
  record Https(
      String name, Address address, List<CidrBlock> allowFrom, Path certificate, Path privateKey)
      implements ListenerSettings {}

  /// Git over SSH.
  ///
  /// @param hostKeyFolder the folder whose private keys are the host keys
  /// @param site the one site that this address stands for, because SSH transmits no host name
  record Ssh(
      String name, Address address, List<CidrBlock> allowFrom, Path hostKeyFolder, String site)
      implements ListenerSettings {}

  /// Health, readiness and meters over HTTP, read-only.
  record Status(String name, Address address, List<CidrBlock> allowFrom)
      implements ListenerSettings {}
}
