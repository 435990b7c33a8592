/// What hostile clients and nodes may try, against the assembled proxy: the rows of
/// `docs/threats.md`.
@NullMarked
package packhorse.it.threats;

import org.jspecify.annotations.NullMarked;
