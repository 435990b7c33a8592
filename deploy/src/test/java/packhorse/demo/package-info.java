@NullMarked
package packhorse.demo;

import org.jspecify.annotations.NullMarked;
