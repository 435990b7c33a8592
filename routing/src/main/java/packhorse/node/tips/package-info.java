/// What is remembered of the refs of a repository whose nodes can differ: which lists clients were
/// shown and what was pushed, and how far the list of a node is behind that.
@NullMarked
package packhorse.node.tips;

import org.jspecify.annotations.NullMarked;
