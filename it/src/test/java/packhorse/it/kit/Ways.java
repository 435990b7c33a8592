package packhorse.it.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// A test of a [ClientMatrix], run for every transport: in the thorough profile with every protocol
/// version, else with one version each, so that over all tests each two of (behaviour, transport,
/// version) meet at least once.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}", allowZeroInvocations = true)
@ArgumentsSource(Ways.Rows.class)
public @interface Ways {
  /// Chooses the rows of one test.
  final class Rows implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext test) {
      Address address = ((ClientMatrix) test.getRequiredTestInstance()).address();
      String behaviour = test.getRequiredTestMethod().getName();
      List<Way> rows = served(address, behaviour, Sizes.thorough());
      if (Sizes.onlyLarger()) rows.removeAll(served(address, behaviour, false));
      return rows.stream().map(Arguments::of);
    }

    private static List<Way> served(Address address, String behaviour, boolean all) {
      List<Way> rows = rows(behaviour, all);
      rows.removeIf(way -> !address.transports().contains(way.transport()));
      rows.removeIf(way -> !address.serves(behaviour, way, all));
      return rows;
    }

    /// The rows of one test.
    static List<Way> rows(String behaviour, boolean all) {
      var rows = new ArrayList<Way>();
      int one = Math.floorMod(behaviour.hashCode(), 3);
      for (Transport transport : Transport.values()) {
        one = (one + 1) % 3;
        for (int version = 0; version <= 2; version++) {
          if (all || version == one) rows.add(new Way(transport, version));
        }
      }
      return rows;
    }
  }
}
