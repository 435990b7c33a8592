package packhorse.deploy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// Handles signals of the process. A shutdown hook would run for the first signal only, and a
/// SIGHUP would end the process; the class that handles every signal is not part of Java's API,
/// hence the reflection.
final class Signals {
  private Signals() {}

  /// Runs the action at each of these signals from now on, on a thread of the JVM.
  ///
  /// @param names without the prefix, such as `TERM`
  static void handle(List<String> names, Runnable action) {
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
      for (String name : names) {
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime has no signal handlers", e);
    }
  }
}
