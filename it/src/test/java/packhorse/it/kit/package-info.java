/// Tests of the test kit. The kit itself is in the sub-packages: real git, real repositories, nodes
/// that record their requests, and raw clients. Nothing in it uses the home folder, and all its
/// servers listen on the loopback address, on free ports.
@NullMarked
package packhorse.it.kit;

import org.jspecify.annotations.NullMarked;
