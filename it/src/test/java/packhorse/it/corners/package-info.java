/// The corners of git's protocol that proxies get wrong (`docs/corners.md`), tested through the
/// assembled proxy.
@NullMarked
package packhorse.it.corners;

import org.jspecify.annotations.NullMarked;
