/// Determines who a client is: verifies credentials against the users that the proxy knows.
@NullMarked
package packhorse.identity;

import org.jspecify.annotations.NullMarked;
