/// Hostile clients and nodes against the assembled proxy: the rows of `docs/threats.md`.
@NullMarked
package packhorse.it.threats;

import org.jspecify.annotations.NullMarked;
