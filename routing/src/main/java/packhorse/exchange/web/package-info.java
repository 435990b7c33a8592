/// Relays pages of the nodes to browsers and API clients.
@NullMarked
package packhorse.exchange.web;

import org.jspecify.annotations.NullMarked;
