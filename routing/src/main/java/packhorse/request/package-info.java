@NullMarked
package packhorse.request;

import org.jspecify.annotations.NullMarked;
