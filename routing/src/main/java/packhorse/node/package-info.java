/// Nodes, their health, the selection of a node for each request, and the links that requests are
/// sent over. The fronts' modules implement the links.
@NullMarked
package packhorse.node;

import org.jspecify.annotations.NullMarked;
