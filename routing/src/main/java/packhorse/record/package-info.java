/// Records how requests were served: the audit log, the meters, and the history of decisions that
/// `packhorse explain` searches. Every meter is named in [packhorse.record.Meters].
@NullMarked
package packhorse.record;

import org.jspecify.annotations.NullMarked;
