/// The connectors of HTTP listeners: sockets, protocol versions, limits and deadlines of client
/// connections.
@NullMarked
package packhorse.http.connector;

import org.jspecify.annotations.NullMarked;
