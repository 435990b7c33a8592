@NullMarked
package packhorse.config;

import org.jspecify.annotations.NullMarked;
