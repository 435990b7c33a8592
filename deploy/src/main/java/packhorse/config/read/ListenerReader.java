package packhorse.config.read;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import packhorse.config.model.Address;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.SiteSettings;
import packhorse.policy.CidrBlock;

/// Reads the section `listeners` of the configuration file.
///
/// @param stateDirectory the folder in which host keys are kept by default
record ListenerReader(ReferenceResolver resolver, Path stateDirectory, List<SiteSettings> sites) {
  private static final Address NO_ADDRESS = new Address("localhost", 0);

  private enum Protocol {
    HTTP,
    HTTPS,
    SSH,
    STATUS
  }

  List<ListenerSettings> read(Section root) {
    List<ListenerSettings> listeners =
        root.required("listeners", v -> v.entries(this::listener), List.of());
    if (listeners.isEmpty() && root.has("listeners")) {
      root.error("listeners", "is empty");
    }
    return listeners.stream().map(l -> withDefaultSite(l, listeners)).toList();
  }

  private ListenerSettings listener(String name, YamlValue value) {
    SiteReader.checkedName(name, value);
    return value.section(s -> {
      Address address =
          s.required("address", v -> v.parse(t -> Address.parse(t, -1), NO_ADDRESS), NO_ADDRESS);
      List<CidrBlock> allowFrom = s.condition("allow-from", ListenerReader::cidrBlock);
      return switch (protocol(name, s)) {
        case HTTP -> new ListenerSettings.Http(name, address, allowFrom, redirect(s));
        case HTTPS ->
            new ListenerSettings.Https(
                name, address, allowFrom, file(s, "certificate"), file(s, "key"));
        case SSH ->
            new ListenerSettings.Ssh(
                name,
                address,
                allowFrom,
                s.optional("host-keys", resolver::path, stateDirectory.resolve("host-keys")),
                s.optional("site", YamlValue::text, ""));
        case STATUS -> new ListenerSettings.Status(name, address, allowFrom);
      };
    });
  }

  static CidrBlock cidrBlock(YamlValue value) {
    return value.parse(CidrFormat::parse, CidrFormat.parse("127.0.0.1/32"));
  }

  private static Protocol protocol(String name, Section section) {
    Optional<Protocol> protocol =
        section
            .find("protocol", v -> v.choice(Protocol.class))
            .or(() ->
                Arrays.stream(Protocol.values())
                    .filter(p -> YamlValue.wordOf(p).equals(name))
                    .findFirst());
    if (protocol.isEmpty()) {
      section.reportMissing("protocol");
    }
    return protocol.orElse(Protocol.STATUS);
  }

  private static boolean redirect(Section section) {
    return section.optional(
        "redirect",
        v -> {
          if (!v.hasText("https")) {
            v.error("must be https");
          }
          return true;
        },
        false);
  }

  private Path file(Section section, String key) {
    return section.required(key, resolver::path, resolver.folder());
  }

  /// Completes an SSH listener whose `site` is absent. SSH transmits no host name, so an address
  /// stands for one site: by default the only site that no other SSH listener names.
  private ListenerSettings withDefaultSite(
      ListenerSettings listener, List<ListenerSettings> listeners) {
    if (!(listener instanceof ListenerSettings.Ssh ssh) || !ssh.site().isEmpty()) {
      return listener;
    }
    List<String> unnamed =
        sites.stream().map(SiteSettings::name).filter(s -> !isNamed(s, listeners)).toList();
    String site = unnamed.size() == 1 ? unnamed.getFirst() : "";
    return new ListenerSettings.Ssh(
        ssh.name(), ssh.address(), ssh.allowFrom(), ssh.hostKeyFolder(), site);
  }

  private static boolean isNamed(String site, List<ListenerSettings> listeners) {
    return listeners.stream()
        .anyMatch(l -> l instanceof ListenerSettings.Ssh ssh && ssh.site().equals(site));
  }
}
