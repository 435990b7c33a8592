/// A replicated pool whose nodes fail while clients push and read: what clients are told stays
/// true.
@NullMarked
package packhorse.it.replicas;

import org.jspecify.annotations.NullMarked;
