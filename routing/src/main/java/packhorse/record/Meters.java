package packhorse.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.exchange.call.Interruption;
import packhorse.memory.ClientMemory;
import packhorse.node.NodeHealth;
import packhorse.node.NodeState;
import packhorse.node.Nodes;
import packhorse.request.Front;
import packhorse.request.Operation;
import packhorse.request.Request;

/// Defines all meters of the proxy and keeps their values. The values of labels come from closed
/// sets and from the configuration, never from a client. Called on any thread.
public final class Meters {
  private static final String REQUESTS = "packhorse.requests";
  private static final String REFUSALS = "packhorse.refusals";
  private static final String ANSWERED_BYTES = "packhorse.answered.bytes";
  private static final String NODE_ANSWERS = "packhorse.node.answers";
  private static final String NODE_FAILURES = "packhorse.node.failures";
  private static final String LISTS_OLDER = "packhorse.lists.older";
  private static final String NODE_UP = "packhorse.node.up";
  private static final String AUDIT_LOST = "packhorse.audit.lost";
  private static final String LOGINS_FAILED = "packhorse.logins.failed";
  private static final String SECRETS_UNREADABLE = "packhorse.secrets.unreadable";
  private static final String LOG_LOST = "packhorse.log.lost";
  private static final String REQUEST_MEMORY = "packhorse.memory.requests";
  private static final String REQUESTS_WITHOUT_MEMORY = "packhorse.memory.requests.refused";
  private static final String CONNECTION_MEMORY = "packhorse.memory.connections";
  private static final String CONNECTIONS_WITHOUT_MEMORY = "packhorse.memory.connections.closed";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// Returns the values of all meters in the text format that Prometheus reads.
  public String scrape() {
    return registry.scrape();
  }

  /// Adds a gauge for the state of each node. Called once, at startup.
  public void registerNodes(Nodes nodes) {
    for (NodeHealth node : nodes.all()) {
      Gauge.builder(NODE_UP, () -> node.state() == NodeState.UP ? 1 : 0)
          .tags("pool", node.node().pool(), "node", node.node().name())
          .register(registry);
    }
  }

  /// Adds a gauge for the number of audit records that could not be written. Called once, at
  /// startup.
  public void registerLostAuditRecords(Supplier<Number> lost) {
    // A gauge keeps a strong reference to a supplier, but only a weak one to an object with a
    // function.
    gauge(AUDIT_LOST, lost);
  }

  /// Adds a gauge for the number of log events that could not be written. Called once, at startup.
  public void registerLostLogEvents(Supplier<Number> lost) {
    gauge(LOG_LOST, lost);
  }

  /// Adds gauges for the bytes that clients hold, and for the requests and connections for which
  /// there were none. Called once, at startup.
  public void registerMemory(ClientMemory memory) {
    gauge(REQUEST_MEMORY, memory.requests()::heldBytes);
    gauge(REQUESTS_WITHOUT_MEMORY, memory.requests()::refusedRequests);
    gauge(CONNECTION_MEMORY, memory.connections()::heldBytes);
    gauge(CONNECTIONS_WITHOUT_MEMORY, memory.connections()::closedConnections);
  }

  private void gauge(String name, Supplier<Number> value) {
    Gauge.builder(name, value).register(registry);
  }

  void count(Outcome outcome) {
    String front = label(outcome.arrival().front());
    String operation =
        outcome.request().map(Request::operation).map(Operation::label).orElse("none");
    String pool = outcome.placement().map(placement -> placement.pool().name()).orElse("none");
    String result = outcome.result();
    Timer.builder(REQUESTS)
        .tags("front", front, "operation", operation, "pool", pool, "outcome", result)
        .register(registry)
        .record(outcome.duration());
    outcome
        .refusal()
        .filter(_ -> !outcome.isChallenge())
        .map(refusal -> refusal.kind().label())
        .ifPresent(this::countRefusal);
    outcome
        .answer()
        .ifPresent(answer -> {
          counter(ANSWERED_BYTES, "pool", pool, "operation", operation)
              .increment((double) answer.bytes());
          counter(NODE_ANSWERS, "pool", pool, "node", answer.node().name(), "operation", operation)
              .increment();
          boolean truncated = answer.interruption().filter(Interruption::isTruncation).isPresent();
          counter(NODE_FAILURES, "pool", pool)
              .increment(answer.failures().size() + (truncated ? 1 : 0));
          counter(LISTS_OLDER, "pool", pool).increment(answer.listAge() == ListAge.OLDER ? 1 : 0);
        });
  }

  void countFailedLogin(Front front, String credential) {
    counter(LOGINS_FAILED, "front", label(front), "credential", credential).increment();
  }

  void countUnreadableSecret() {
    counter(SECRETS_UNREADABLE).increment();
  }

  private static String label(Front front) {
    return front.name().toLowerCase(Locale.ROOT);
  }

  private void countRefusal(String kind) {
    counter(REFUSALS, "kind", kind).increment();
  }

  private Counter counter(String name, String... tags) {
    return Counter.builder(name).tags(tags).register(registry);
  }
}
