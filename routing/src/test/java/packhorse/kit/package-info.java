/// Test fixtures: sample requests, a clock that tests advance, a link to scripted nodes, a client
/// that records what it is sent.
@NullMarked
package packhorse.kit;

import org.jspecify.annotations.NullMarked;
