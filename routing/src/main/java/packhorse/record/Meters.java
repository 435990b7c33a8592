package packhorse.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import packhorse.node.NodeHealth;
import packhorse.node.Nodes;
import packhorse.node.State;
import packhorse.request.Refusal;
import packhorse.request.Request;

/// All meters, named here and nowhere else. Labels come from closed sets and from the
/// configuration, never from a client. Called on any thread.
public final class Meters {
  private static final String REQUESTS = "packhorse.requests";
  private static final String REFUSALS = "packhorse.refusals";
  private static final String ANSWERED_BYTES = "packhorse.answered.bytes";
  private static final String NODE_ANSWERS = "packhorse.node.answers";
  private static final String NODE_FAILURES = "packhorse.node.failures";
  private static final String NODE_UP = "packhorse.node.up";
  private static final String AUDIT_LOST = "packhorse.audit.lost";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// The text that Prometheus reads.
  public String scrape() {
    return registry.scrape();
  }

  /// Watches the nodes' states; called once by the assembly.
  public void watch(Nodes nodes) {
    for (NodeHealth node : nodes.all()) {
      Gauge.builder(NODE_UP, () -> node.state() == State.UP ? 1 : 0)
          .tags("pool", node.node().pool(), "node", node.node().name())
          .register(registry);
    }
  }

  /// Watches the audit file's losses; called once by the assembly.
  public void watchAudit(Supplier<Number> lost) {
    // a gauge made of a supplier holds it; one of an object and a function forgets both
    Gauge.builder(AUDIT_LOST, lost).register(registry);
  }

  void count(Outcome outcome) {
    String front = outcome.arrival().front().name().toLowerCase(Locale.ROOT);
    String operation = outcome.request().map(Request::operation).map(o -> o.word()).orElse("none");
    String pool = outcome.placement().map(placement -> placement.pool().name()).orElse("none");
    String result = outcome.word();
    Timer.builder(REQUESTS)
        .tags("front", front, "operation", operation, "pool", pool, "outcome", result)
        .register(registry)
        .record(outcome.took());
    outcome.refusal().map(Refusal::kind).map(Refusal.Kind::word).ifPresent(this::refused);
    outcome
        .answer()
        .ifPresent(answer -> {
          counter(ANSWERED_BYTES, "pool", pool, "operation", operation)
              .increment((double) answer.bytes());
          counter(NODE_ANSWERS, "pool", pool, "node", answer.node().name(), "operation", operation)
              .increment();
          counter(NODE_FAILURES, "pool", pool).increment(answer.failures().size());
        });
  }

  private void refused(String kind) {
    counter(REFUSALS, "kind", kind).increment();
  }

  private Counter counter(String name, String... tags) {
    return Counter.builder(name).tags(tags).register(registry);
  }
}
