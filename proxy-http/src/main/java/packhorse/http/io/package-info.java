/// Moves bytes between Jetty and blocking code; used by the front and by the links to nodes.
@NullMarked
package packhorse.http.io;

import org.jspecify.annotations.NullMarked;
