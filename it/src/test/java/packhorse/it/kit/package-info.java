/// The kit of the end-to-end tests: real git, real repositories, nodes that record what they hear,
/// raw clients. Nothing here touches the home folder, and everything listens on loopback, on a port
/// that the system picks.
@NullMarked
package packhorse.it.kit;

import org.jspecify.annotations.NullMarked;
