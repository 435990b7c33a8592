/// Reads keys and certificates and configures TLS.
@NullMarked
package packhorse.http.tls;

import org.jspecify.annotations.NullMarked;
