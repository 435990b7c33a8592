/// Requests as the fronts (the HTTP and SSH entries of the proxy) parse them, with their
/// credentials, and the ways in which a request can be refused.
@NullMarked
package packhorse.request;

import org.jspecify.annotations.NullMarked;
