@NullMarked
package packhorse.http;

import org.jspecify.annotations.NullMarked;
