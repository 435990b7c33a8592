/// Links to nodes over HTTP/1.1: sends requests with Jetty's client, validates response heads more
/// strictly than Jetty does, and probes the health of nodes.
@NullMarked
package packhorse.http.node;

import org.jspecify.annotations.NullMarked;
