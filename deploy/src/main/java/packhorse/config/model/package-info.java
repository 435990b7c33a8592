/// The configuration as one immutable tree of records, and the value types that it is made of.
@NullMarked
package packhorse.config.model;

import org.jspecify.annotations.NullMarked;
