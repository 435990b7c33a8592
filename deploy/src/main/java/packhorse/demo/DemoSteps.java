package packhorse.demo;

import static packhorse.demo.DemoStep.anotherNodeServes;
import static packhorse.demo.DemoStep.exitsWith;
import static packhorse.demo.DemoStep.noNodeServes;
import static packhorse.demo.DemoStep.nodeServes;
import static packhorse.demo.DemoStep.prints;
import static packhorse.demo.NodeEvent.Type.FETCH;
import static packhorse.demo.NodeEvent.Type.PUSH;

import java.nio.file.Path;
import java.util.List;

/// The list of the demo's steps, which are printed to be pasted, or played.
final class DemoSteps {
  private DemoSteps() {}

  /// @param ports the ports on which the proxy listens
  /// @param program the command `packhorse`, quoted for a shell
  /// @param configuration the path of the proxy's configuration file
  static List<DemoStep> of(DemoPorts ports, String program, Path configuration) {
    String http = "127.0.0.1:" + ports.http();
    String app = "http://" + DemoUser.ALICE.userInfo() + "@" + http + "/acme/app.git";
    String appAsBob = "http://" + DemoUser.BOB.userInfo() + "@" + http + "/acme/app.git";
    String site = "ssh://git@127.0.0.1:" + ports.ssh() + "/acme/site.git";
    return List.of(
        new DemoStep(
            "Clone over HTTP, with a password",
            "git clone " + app + " one",
            "a clone; the demo's terminal names the node that served it",
            exitsWith(0).and(nodeServes(FETCH))),
        new DemoStep(
            "Clone again",
            "git clone " + app + " two",
            "another node served this clone, because fetches are spread over the nodes",
            exitsWith(0).and(nodeServes(FETCH)).and(anotherNodeServes())),
        new DemoStep(
            "Clone over SSH, with Alice's key",
            "git clone " + site + " site",
            "a clone through the same proxy from the same nodes, over another protocol",
            exitsWith(0).and(nodeServes(FETCH))),
        new DemoStep(
            "Push",
            "cd one && git commit -q --allow-empty -m 'Hello from the demo' && git push origin"
                + " main",
            "main is updated; one node accepted the push",
            exitsWith(0).and(nodeServes(PUSH)).and(prints("main -> main"))),
        new DemoStep(
            "Fetch what was pushed",
            "cd two && git pull -q && git log -1 --format='%an: %s'",
            "Alice Ames: Hello from the demo, whichever node served the fetch",
            exitsWith(0).and(prints("Alice Ames: Hello from the demo"))),
        new DemoStep(
            "Push as Bob, to a branch that he may not change",
            "cd two && git commit -q --allow-empty -m 'Straight to main' && git push "
                + appAsBob
                + " main",
            "[remote rejected] with the reason from the policy and the id of the decision; no node"
                + " is sent the push",
            exitsWith(1)
                .and(prints("main is changed by merge only"))
                .and(prints("(decision "))
                .and(noNodeServes())),
        new DemoStep(
            "Explain the refusal, with the decision id at its end",
            program + " explain --config " + DemoShell.quote(configuration.toString()) + " ID",
            "the user, the operation and the rule that denied it",
            exitsWith(0).and(prints("bob")).and(prints("acme/app"))));
  }
}
