/// The interfaces to a running proxy for operators and monitoring: the control socket with its
/// commands, and the status listener.
@NullMarked
package packhorse.control;

import org.jspecify.annotations.NullMarked;
