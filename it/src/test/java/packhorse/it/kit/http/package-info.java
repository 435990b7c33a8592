/// HTTP/1.1 and TLS on the level of bytes: a raw client, messages, a recording TCP forwarder, and
/// certificates.
@NullMarked
package packhorse.it.kit.http;

import org.jspecify.annotations.NullMarked;
