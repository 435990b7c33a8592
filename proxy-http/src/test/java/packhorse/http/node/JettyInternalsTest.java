package packhorse.http.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Jetty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks what the proxy relies on in Jetty's internals, which any version of Jetty may change. It
/// compares Jetty's classes, by reflection and by their byte code, with those of the version that
/// the proxy was last compared with. If a test fails after an update of Jetty, its message says
/// what has to be compared again.
final class JettyInternalsTest {
  private static final String COMPARED_VERSION = "12.1.14";

  private static final String CLIENT = "org.eclipse.jetty.client.transport.";
  private static final String RECEIVER = CLIENT + "internal.HttpReceiverOverHTTP";
  private static final String CHANNEL = CLIENT + "internal.HttpChannelOverHTTP";
  private static final String CONNECTION = CLIENT + "internal.HttpConnectionOverHTTP";
  private static final String SERVER_CONNECTION =
      "org.eclipse.jetty.server.internal.HttpConnection";
  private static final String REQUEST_HANDLER = SERVER_CONNECTION + "$RequestHandler";

  private static final String TRANSPORT_TESTS = "RawResponseHeadTest and NodeResponsesTest";
  private static final String SERVER_TESTS = "FramingTest and RequestBodiesTest";

  /// Calls that say nothing about what a method does.
  private static final Set<String> IGNORED_OWNERS =
      Set.of("org/slf4j/Logger", "java/lang/Boolean", "java/lang/Integer", "java/lang/String");

  private static final Set<String> IGNORED_CALLS =
      Set.of("<init>", "ordinal", "toDetailString", "requireNonNull");

  /// A method of Jetty that an adapter overrides or calls.
  ///
  /// @param signature the return type, the name and the parameter types, by their simple names
  record Reliance(String adapter, String type, String signature) {
    @Override
    public String toString() {
      return adapter + ": " + simpleName(type) + " " + signature;
    }
  }

  static Stream<Reliance> methods() {
    return Stream.of(
        new Reliance("StrictHttp1Receiver", RECEIVER, "Chunk read(boolean)"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "void dispose()"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "boolean isShutdown()"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "ByteBuffer getResponseBuffer()"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "ByteBuffer onUpgradeFrom()"),
        new Reliance(
            "StrictHttp1Receiver", RECEIVER, "void startResponse(HttpVersion, int, String)"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "void parsedHeader(HttpField)"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "boolean headerComplete()"),
        new Reliance("StrictHttp1Receiver", RECEIVER, "boolean messageComplete()"),
        new Reliance("StrictHttp1Connection", CHANNEL, "HttpReceiverOverHTTP newHttpReceiver()"),
        new Reliance("StrictHttp1Connection", CHANNEL, "void receive()"),
        new Reliance("StrictHttp1Connection", CONNECTION, "HttpChannelOverHTTP newHttpChannel()"),
        new Reliance("NodeExchange", CONNECTION, "long getMessagesOut()"),
        new Reliance("StrictHttp1Factory", SERVER_CONNECTION, "RequestHandler newRequestHandler()"),
        new Reliance("StrictHttp1Factory", REQUEST_HANDLER, "void messageBegin()"),
        new Reliance(
            "StrictHttp1Factory",
            REQUEST_HANDLER,
            "void startRequest(String, String, HttpVersion)"),
        new Reliance("StrictHttp1Factory", REQUEST_HANDLER, "void parsedHeader(HttpField)"),
        new Reliance("StrictHttp1Factory", REQUEST_HANDLER, "boolean headerComplete()"),
        new Reliance("StrictHttp1Factory", REQUEST_HANDLER, "void badMessage(HttpException)"),
        new Reliance("StrictHttp1Factory", REQUEST_HANDLER, "void earlyEOF()"));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void methods_that_the_adapters_use_exist(Reliance reliance) {
    List<String> signatures =
        Arrays.stream(load(reliance.type()).getDeclaredMethods())
            .filter(JettyInternalsTest::isOverridable)
            .map(JettyInternalsTest::signature)
            .toList();
    assertThat(signatures)
        .as(
            "Jetty %s: %s has no method `%s` that can be overridden, but %s uses it. Compare the"
                + " class with Jetty %s and change the adapter.",
            Jetty.VERSION,
            simpleName(reliance.type()),
            reliance.signature(),
            reliance.adapter(),
            COMPARED_VERSION)
        .contains(reliance.signature());
  }

  private static boolean isOverridable(Method method) {
    int modifiers = method.getModifiers();
    return (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers))
        && !Modifier.isFinal(modifiers)
        && !Modifier.isStatic(modifiers);
  }

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(
            Collectors.joining(
                ", ", method.getReturnType().getSimpleName() + " " + method.getName() + "(", ")"));
  }

  /// The behavior of a method of Jetty, as the list of the methods that it calls.
  ///
  /// @param calls in the order of the byte code
  /// @param reliance what the adapter relies on in that method
  record Behavior(
      String adapter, String type, String method, String calls, String reliance, String tests) {
    @Override
    public String toString() {
      return adapter + ": " + simpleName(type) + "." + method;
    }
  }

  static Stream<Behavior> behaviors() {
    return Stream.of(receiverBehaviors(), connectionBehaviors(), serverBehaviors())
        .flatMap(behaviors -> behaviors);
  }

  private static Stream<Behavior> receiverBehaviors() {
    return Stream.of(
        new Behavior(
            "StrictHttp1Receiver",
            RECEIVER,
            "parseAndFill",
            "getHttpConnection getEndPoint acquireNetworkBuffer parse hasRemaining"
                + " releaseNetworkBuffer isClosed isShutdown releaseNetworkBuffer isRetained"
                + " reacquireNetworkBuffer hasRemaining getByteBuffer fill addBytesIn"
                + " releaseNetworkBuffer shutdown releaseNetworkBuffer failAndClose",
            "it calls isShutdown() after it has parsed all bytes of the buffer and before it fills"
                + " the buffer again, which is when the head in it must be recorded",
            TRANSPORT_TESTS),
        new Behavior(
            "StrictHttp1Receiver",
            RECEIVER,
            "parse",
            "getByteBuffer parseNext getHttpExchange responseHeaders responseContentAvailable"
                + " getHttpChannel isTunnel responseSuccess hasRemaining isInterim clear"
                + " responseSuccess clear",
            "it discards the bytes after a response only after messageComplete(), which checks"
                + " whether there are any",
            TRANSPORT_TESTS),
        new Behavior(
            "StrictHttp1Receiver",
            RECEIVER,
            "onUpgradeFrom",
            "hasRemaining getHttpDestination getHttpClient remaining isUseInputDirectByteBuffers"
                + " allocate clearToFill getByteBuffer put flipToFlush releaseNetworkBuffer",
            "it releases the buffer and does nothing else if the buffer is empty",
            TRANSPORT_TESTS),
        new Behavior(
            "StrictHttp1Receiver",
            RECEIVER,
            "dispose",
            "dispose close release",
            "it releases the current chunk but not the buffer; once it does, releaseUnreadBytes()"
                + " is no longer needed",
            TRANSPORT_TESTS));
  }

  private static Stream<Behavior> connectionBehaviors() {
    return Stream.of(
        new Behavior(
            "StrictHttp1Connection",
            CHANNEL,
            "<init>",
            "getHttpDestination newHttpSender newHttpReceiver",
            "it makes the receiver, before the fields of a subclass are initialized",
            TRANSPORT_TESTS),
        new Behavior(
            "StrictHttp1Connection",
            CHANNEL,
            "receive",
            "receive",
            "it only lets the receiver read",
            TRANSPORT_TESTS),
        new Behavior(
            "ResponseHeadValidator",
            CHANNEL,
            "exchangeTerminated",
            "exchangeTerminated getRequest getMethod getResponse getStatus getHeaders isTunnel"
                + " isFailed isShutdown isShutdown getVersion compareTo asString contains asString"
                + " contains isFailed getFailure close close remove release",
            "it closes the connection if the response has the header Connection: close, also if"
                + " that was added after the response was received",
            TRANSPORT_TESTS),
        new Behavior(
            "StrictHttp1Transport",
            CLIENT + "HttpClientConnectionFactory",
            "newConnection",
            "isInitializeConnections setInitialize getTransferEncodingChunkMaxLength"
                + " setTransferEncodingChunkMaxLength customize",
            "StrictHttp1Transport.newConnection leaves out what it configures, because the values"
                + " are the defaults of a connection",
            TRANSPORT_TESTS));
  }

  private static Stream<Behavior> serverBehaviors() {
    return Stream.of(
        new Behavior(
            "StrictHttp1Factory",
            "org.eclipse.jetty.server.HttpConnectionFactory",
            "newConnection",
            "getTransferEncodingChunkMaxLength setTransferEncodingChunkMaxLength configure",
            "StrictHttp1Factory.newConnection is a copy of it that makes another connection",
            SERVER_TESTS),
        new Behavior(
            "StrictHttp1Factory",
            REQUEST_HANDLER,
            "headerComplete",
            "get headerComplete",
            "it reports an invalid head before it returns, so that an error after it is one of the"
                + " body",
            SERVER_TESTS),
        new Behavior(
            "StrictHttp1Factory",
            REQUEST_HANDLER,
            "earlyEOF",
            "setPersistent get isFailure isLast getFailure addSuppressed getFailure addSuppressed"
                + " from release from",
            "it makes the body of the request fail and ends the connection",
            SERVER_TESTS),
        new Behavior(
            "StrictHttp1Factory",
            REQUEST_HANDLER,
            "badMessage",
            "setPersistent get newHttpStream set setHttpStream getRequest getBeginNanoTime"
                + " onRequest getServer getThreadPool onFailure executeImmediately",
            "it does not make the body of the request fail; once it does, StrictHttp1Factory is no"
                + " longer needed",
            SERVER_TESTS));
  }

  @ParameterizedTest
  @MethodSource("behaviors")
  void methods_that_the_adapters_rely_on_are_unchanged(Behavior behavior) throws IOException {
    assertThat(calls(behavior.type(), behavior.method()))
        .as(
            "Jetty %s changed %s.%s. %s relies on this: %s. Compare the method with Jetty %s,"
                + " change the adapter if needed, run %s, and then change this test.",
            Jetty.VERSION,
            simpleName(behavior.type()),
            behavior.method(),
            behavior.adapter(),
            behavior.reliance(),
            COMPARED_VERSION,
            behavior.tests())
        .isEqualTo(behavior.calls());
  }

  /// The names of the methods that a method calls; empty if there is no such method.
  private static String calls(String type, String method) throws IOException {
    String resource = type.substring(type.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = load(type).getResourceAsStream(resource)) {
      assertThat(in).as("the class file of %s", type).isNotNull();
      return ClassFile.of().parse(in.readAllBytes()).methods().stream()
          .filter(candidate -> candidate.methodName().equalsString(method))
          .flatMap(candidate -> calls(candidate).stream())
          .collect(Collectors.joining(" "));
    }
  }

  private static List<String> calls(MethodModel method) {
    List<String> calls = new ArrayList<>();
    if (method.code().isEmpty()) return calls;
    CodeModel code = method.code().get();
    for (CodeElement element : code) {
      if (!(element instanceof InvokeInstruction call)) continue;
      String name = call.name().stringValue();
      boolean ignored =
          IGNORED_OWNERS.contains(call.owner().asInternalName()) || IGNORED_CALLS.contains(name);
      if (!ignored) calls.add(name);
    }
    return calls;
  }

  private static Class<?> load(String type) {
    try {
      return Class.forName(type, false, JettyInternalsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(
          "Jetty %s has no class %s, which Jetty %s has and the proxy relies on"
              .formatted(Jetty.VERSION, type, COMPARED_VERSION),
          e);
    }
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
  }
}
