/// Clients, nodes and certificates for the tests of this module.
@NullMarked
package packhorse.http.kit;

import org.jspecify.annotations.NullMarked;
