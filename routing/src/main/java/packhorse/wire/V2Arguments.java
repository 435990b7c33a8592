package packhorse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes the arguments of a v2 command one by one: they may be very many, and are not kept as they
/// came.
interface V2Arguments {

  void add(String argument) throws WireException;

  /// The command, when all arguments have been added.
  V2Command command(V2Request request) throws WireException;

  static V2Arguments of(String command, V2Request request) throws WireException {
    return switch (command) {
      case "ls-refs" -> new LsRefs();
      case "fetch" -> new FetchArguments(request);
      default -> new Unread(command);
    };
  }

  /// `ls-refs`
  final class LsRefs implements V2Arguments {
    private static final String PREFIX = "ref-prefix ";

    private final List<String> prefixes = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private boolean tooMany;
    private boolean peel;
    private boolean symrefs;
    private boolean unborn;

    @Override
    public void add(String argument) {
      switch (argument) {
        case "peel" -> peel = true;
        case "symrefs" -> symrefs = true;
        case "unborn" -> unborn = true;
        default -> other(argument);
      }
    }

    private void other(String argument) {
      if (!argument.startsWith(PREFIX)) {
        Words.addUnknown(unknown, argument);
      } else if (prefixes.size() == Limits.REF_PREFIXES) {
        tooMany = true;
      } else {
        prefixes.add(argument.substring(PREFIX.length()));
      }
    }

    @Override
    public V2Command command(V2Request request) {
      return new V2Command.LsRefs(
          tooMany ? List.of() : prefixes, peel, symrefs, unborn, unknown, request);
    }
  }

  /// `fetch`
  final class FetchArguments implements V2Arguments {
    private final FetchLines lines = new FetchLines();
    private boolean sidebandAll;

    FetchArguments(V2Request request) throws WireException {
      lines.announced(Optional.of(request.format()));
    }

    @Override
    public void add(String argument) throws WireException {
      Optional<FetchOption> option = FetchOption.of(argument);
      if (option.isPresent()) {
        lines.option(option.get());
      } else if (argument.startsWith("want ")) {
        lines.want(argument.substring(5));
      } else if (argument.startsWith("have ")) {
        lines.have(argument.substring(5));
      } else if (argument.startsWith("want-ref ")) {
        lines.wantRef(argument.substring(9));
      } else if (argument.startsWith("packfile-uris ")) {
        lines.packfileUris(argument.substring(14));
      } else {
        word(argument);
      }
    }

    private void word(String argument) throws WireException {
      switch (argument) {
        case "done" -> lines.done();
        case "deepen-relative" -> lines.relative();
        case "sideband-all" -> sidebandAll = true;
        default -> {
          if (!lines.wantsLine(argument)) {
            lines.unknown(argument);
          }
        }
      }
    }

    @Override
    public V2Command command(V2Request request) throws WireException {
      request.unknown().forEach(lines::unknown);
      Fetch.Question question = lines.question(request.serverOptions());
      return new V2Command.FetchCommand(
          new Fetch(question, request.caller(), new Dialect.V2(sidebandAll)), request);
    }
  }

  /// A command that we do not know.
  record Unread(String name) implements V2Arguments {
    @Override
    public void add(String argument) {}

    @Override
    public V2Command command(V2Request request) {
      return new V2Command.Other(name, request);
    }
  }
}
