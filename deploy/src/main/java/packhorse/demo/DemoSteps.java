package packhorse.demo;

import static packhorse.demo.DemoStep.anotherNode;
import static packhorse.demo.DemoStep.ends;
import static packhorse.demo.DemoStep.noNode;
import static packhorse.demo.DemoStep.node;
import static packhorse.demo.DemoStep.says;
import static packhorse.demo.NodeAnswer.Work.FETCH;
import static packhorse.demo.NodeAnswer.Work.PUSH;

import java.nio.file.Path;
import java.util.List;

/// The steps of the demo, as data: printed to be pasted, or played.
final class DemoSteps {
  private DemoSteps() {}

  /// @param ports where the proxy listens
  /// @param program the command `packhorse`, as a shell takes it
  /// @param configuration the file that the proxy runs
  static List<DemoStep> of(DemoPorts ports, String program, Path configuration) {
    String http = "127.0.0.1:" + ports.http();
    String app = "http://" + DemoUser.ALICE.inAddress() + "@" + http + "/acme/app.git";
    String bobs = "http://" + DemoUser.BOB.inAddress() + "@" + http + "/acme/app.git";
    String site = "ssh://git@127.0.0.1:" + ports.ssh() + "/acme/site.git";
    return List.of(
        new DemoStep(
            "Clone over HTTP, with a password",
            "git clone " + app + " one",
            "a clone; the demo's terminal names the node that packed it",
            ends(0).and(node(FETCH))),
        new DemoStep(
            "Clone again",
            "git clone " + app + " two",
            "another node packed this one: fetches are spread over the nodes",
            ends(0).and(node(FETCH)).and(anotherNode())),
        new DemoStep(
            "Clone over SSH, with Alice's key",
            "git clone " + site + " site",
            "the same proxy, the same nodes, another front",
            ends(0).and(node(FETCH))),
        new DemoStep(
            "Push",
            "cd one && git commit -q --allow-empty -m 'Hello from the demo' && git push origin"
                + " main",
            "main moved; one node took the push",
            ends(0).and(node(PUSH)).and(says("main -> main"))),
        new DemoStep(
            "Fetch what was pushed",
            "cd two && git pull -q && git log -1 --format='%an: %s'",
            "Alice Ames: Hello from the demo, whichever node answered",
            ends(0).and(says("Alice Ames: Hello from the demo"))),
        new DemoStep(
            "Push as Bob, to a branch that is not his to change",
            "cd two && git commit -q --allow-empty -m 'Straight to main' && git push "
                + bobs
                + " main",
            "[remote rejected] with the reason from the policy and the decision's id; no node heard"
                + " of it",
            ends(1)
                .and(says("main is changed by merge only"))
                .and(says("(decision "))
                .and(noNode())),
        new DemoStep(
            "Ask why, with the id that the refusal ended in",
            program + " explain --config " + Words.quoted(configuration.toString()) + " ID",
            "who it was, what was asked, which rule said no",
            ends(0).and(says("bob")).and(says("acme/app"))));
  }
}
