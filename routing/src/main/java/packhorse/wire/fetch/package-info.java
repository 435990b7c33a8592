/// The protocol of `git-upload-pack` and `git-upload-archive`: fetch requests in v0 and v2, and the
/// parts of their responses that precede the pack.
@NullMarked
package packhorse.wire.fetch;

import org.jspecify.annotations.NullMarked;
