/// Git nodes for tests: over HTTP and SSH with real git, and over HTTP with a script. They record
/// what they receive.
@NullMarked
package packhorse.it.kit.node;

import org.jspecify.annotations.NullMarked;
