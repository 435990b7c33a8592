package packhorse.wire.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;

/// Parses the arguments of a v2 command one by one. There may be very many of them, so they are not
/// kept as text.
interface V2ArgumentParser {

  void add(String argument) throws WireException;

  /// The command, once all arguments have been added.
  V2Command toCommand(V2CommandHeader header) throws WireException;

  /// The parser for the arguments of a command.
  static V2ArgumentParser of(String command, V2CommandHeader header) throws WireException {
    return switch (command) {
      case "ls-refs" -> new LsRefsParser();
      case "fetch" -> new FetchParser(header);
      default -> new UnknownCommandParser(command);
    };
  }

  /// Parses the arguments of `ls-refs`.
  final class LsRefsParser implements V2ArgumentParser {
    private static final String PREFIX = "ref-prefix ";

    private final List<String> prefixes = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private boolean tooManyPrefixes;
    private boolean peel;
    private boolean symrefs;
    private boolean unborn;

    @Override
    public void add(String argument) {
      switch (argument) {
        case "peel" -> peel = true;
        case "symrefs" -> symrefs = true;
        case "unborn" -> unborn = true;
        default -> addPrefixOrUnknown(argument);
      }
    }

    private void addPrefixOrUnknown(String argument) {
      if (!argument.startsWith(PREFIX)) {
        FetchArguments.addUnknown(unknown, argument);
      } else if (prefixes.size() == WireLimits.REF_PREFIXES) {
        tooManyPrefixes = true;
      } else {
        prefixes.add(argument.substring(PREFIX.length()));
      }
    }

    @Override
    public V2Command toCommand(V2CommandHeader header) {
      return new V2Command.LsRefs(
          tooManyPrefixes ? List.of() : prefixes, peel, symrefs, unborn, unknown, header);
    }
  }

  /// Parses the arguments of `fetch`.
  final class FetchParser implements V2ArgumentParser {
    private final FetchArguments arguments = new FetchArguments();
    private boolean sidebandAll;

    FetchParser(V2CommandHeader header) throws WireException {
      arguments.requireFormat(Optional.of(header.format()));
    }

    @Override
    public void add(String argument) throws WireException {
      Optional<FetchOption> option = FetchOption.of(argument);
      if (option.isPresent()) {
        arguments.addOption(option.get());
      } else if (argument.startsWith("want ")) {
        arguments.addWant(argument.substring(5));
      } else if (argument.startsWith("have ")) {
        arguments.addHave(argument.substring(5));
      } else if (argument.startsWith("want-ref ")) {
        arguments.addWantRef(argument.substring(9));
      } else if (argument.startsWith("packfile-uris ")) {
        arguments.addPackfileUris(argument.substring(14));
      } else {
        addOther(argument);
      }
    }

    private void addOther(String argument) throws WireException {
      switch (argument) {
        case "done" -> arguments.setDone();
        case "deepen-relative" -> arguments.setDeepenRelative();
        case "sideband-all" -> sidebandAll = true;
        default -> {
          if (!arguments.addUploadRequestLine(argument)) {
            arguments.addUnknown(argument);
          }
        }
      }
    }

    @Override
    public V2Command toCommand(V2CommandHeader header) throws WireException {
      header.unknownCapabilities().forEach(arguments::addUnknown);
      Fetch.FetchKey key = arguments.toFetchKey(header.serverOptions());
      return new V2Command.FetchCommand(
          new Fetch(key, header.clientAgent(), new FetchDialect.V2(sidebandAll)), header);
    }
  }

  /// Ignores the arguments of a command that this codec does not know.
  record UnknownCommandParser(String name) implements V2ArgumentParser {
    @Override
    public void add(String argument) {}

    @Override
    public V2Command toCommand(V2CommandHeader header) {
      return new V2Command.Other(name, header);
    }
  }
}
