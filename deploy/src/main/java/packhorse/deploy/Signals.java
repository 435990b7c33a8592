package packhorse.deploy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// Hands SIGTERM and SIGINT to the program, each time they come. Java's own way (shutdown hooks)
/// hears only the first; the class that hears all is not part of Java's API, hence by reflection.
final class Signals {
  private Signals() {}

  /// Runs the action at each of these signals, on a thread of the JVM, from now on.
  static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) -> {
            if (method.getDeclaringClass().equals(Object.class)) return method.getName().length();
            action.run();
            return null;
          };
      Object ours =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
      for (String name : List.of("TERM", "INT")) {
        Object which = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, which, ours);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java hands over no signals", e);
    }
  }
}
