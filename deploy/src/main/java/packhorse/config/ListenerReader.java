package packhorse.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads `listeners`.
///
/// @param state where host keys are kept if the file does not say
record ListenerReader(Surroundings surroundings, Path state, List<SiteSettings> sites) {
  private static final Address NO_ADDRESS = new Address("localhost", 0);

  private enum Protocol {
    HTTP,
    HTTPS,
    SSH,
    STATUS
  }

  List<ListenerSettings> read(Section root) {
    List<ListenerSettings> listeners =
        root.required("listeners", c -> c.entries(this::listener), List.of());
    if (listeners.isEmpty() && root.has("listeners")) {
      root.error("listeners", "is empty");
    }
    return listeners.stream().map(l -> settled(l, listeners)).toList();
  }

  private ListenerSettings listener(String name, Cursor cursor) {
    SiteReader.name(name, cursor);
    return cursor.section(s -> {
      Address address =
          s.required("address", c -> c.parsed(t -> Address.parse(t, -1), NO_ADDRESS), NO_ADDRESS);
      List<Cidr> allowFrom = s.condition("allow-from", ListenerReader::block);
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
                s.optional("host-keys", surroundings::path, state.resolve("host-keys")),
                s.optional("site", Cursor::text, ""));
        case STATUS -> new ListenerSettings.Status(name, address, allowFrom);
      };
    });
  }

  static Cidr block(Cursor cursor) {
    return cursor.parsed(Cidr::parse, Cidr.parse("127.0.0.1/32"));
  }

  private static Protocol protocol(String name, Section section) {
    Optional<Protocol> said = section.find("protocol", c -> c.choice(Protocol.class));
    Optional<Protocol> meant =
        said.or(() ->
            List.of(Protocol.values()).stream()
                .filter(p -> Cursor.word(p).equals(name))
                .findFirst());
    if (meant.isEmpty()) {
      section.missing("protocol");
    }
    return meant.orElse(Protocol.STATUS);
  }

  private static boolean redirect(Section section) {
    return section.optional(
        "redirect",
        c -> {
          if (!c.is("https")) {
            c.error("must be https");
          }
          return true;
        },
        false);
  }

  private Path file(Section section, String key) {
    return section.required(key, surroundings::path, surroundings.folder());
  }

  /// SSH tells no name, so an address stands for one site: the one it names, else the only one that
  /// no other SSH listener names.
  private ListenerSettings settled(ListenerSettings listener, List<ListenerSettings> all) {
    if (!(listener instanceof ListenerSettings.Ssh ssh) || !ssh.site().isEmpty()) {
      return listener;
    }
    List<String> left = sites.stream().map(SiteSettings::name).filter(s -> !named(s, all)).toList();
    String site = left.size() == 1 ? left.getFirst() : "";
    return new ListenerSettings.Ssh(
        ssh.name(), ssh.address(), ssh.allowFrom(), ssh.hostKeys(), site);
  }

  private static boolean named(String site, List<ListenerSettings> all) {
    return all.stream()
        .anyMatch(l -> l instanceof ListenerSettings.Ssh ssh && ssh.site().equals(site));
  }
}
