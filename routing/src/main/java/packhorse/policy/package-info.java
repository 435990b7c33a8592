@NullMarked
package packhorse.policy;

import org.jspecify.annotations.NullMarked;
