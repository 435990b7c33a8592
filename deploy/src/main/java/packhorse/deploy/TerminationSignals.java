package packhorse.deploy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// Handles every SIGTERM and SIGINT of the process. A shutdown hook would run for the first signal
/// only; the class that handles all of them is not part of Java's API, hence the reflection.
final class TerminationSignals {
  private TerminationSignals() {}

  /// Runs the action at each of these signals from now on, on a thread of the JVM.
  static void handle(Runnable action) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      InvocationHandler invocations =
          (proxy, method, arguments) -> {
            if (method.getDeclaringClass().equals(Object.class)) return method.getName().length();
            action.run();
            return null;
          };
      Object handler =
          Proxy.newProxyInstance(
              handlerType.getClassLoader(), new Class<?>[] {handlerType}, invocations);
      for (String name : List.of("TERM", "INT")) {
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime has no signal handlers", e);
    }
  }
}
