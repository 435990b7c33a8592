package packhorse.it.matrix;

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
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.junit.TestProfile;

/// Marks a test of a [ClientMatrix] that runs for every transport: in the profile `thorough` with
/// every protocol version, else with one version for each, so that over all tests each pair of
/// (test, transport, version) is tested at least once.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}", allowZeroInvocations = true)
@ArgumentsSource(ForEachProtocol.Provider.class)
public @interface ForEachProtocol {
  /// Provides the transports and protocol versions of one test.
  final class Provider implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      MatrixTarget target = ((ClientMatrix) context.getRequiredTestInstance()).target();
      String testName = context.getRequiredTestMethod().getName();
      List<ClientProtocol> protocols =
          includedProtocols(target, testName, TestProfile.isThorough());
      if (TestProfile.skipsOrdinaryCases())
        protocols.removeAll(includedProtocols(target, testName, false));
      return protocols.stream().map(Arguments::of);
    }

    private static List<ClientProtocol> includedProtocols(
        MatrixTarget target, String testName, boolean all) {
      List<ClientProtocol> protocols = protocols(testName, all);
      protocols.removeIf(protocol -> !target.transports().contains(protocol.transport()));
      protocols.removeIf(protocol -> !target.includes(testName, protocol, all));
      return protocols;
    }

    /// Returns the transports and versions that a test runs with, whatever the target.
    ///
    /// @param all whether to combine each transport with every version, or with one
    static List<ClientProtocol> protocols(String testName, boolean all) {
      var protocols = new ArrayList<ClientProtocol>();
      int chosenVersion = Math.floorMod(testName.hashCode(), 3);
      for (GitTransport transport : GitTransport.values()) {
        chosenVersion = (chosenVersion + 1) % 3;
        for (int version = 0; version <= 2; version++) {
          if (all || version == chosenVersion)
            protocols.add(new ClientProtocol(transport, version));
        }
      }
      return protocols;
    }
  }
}
