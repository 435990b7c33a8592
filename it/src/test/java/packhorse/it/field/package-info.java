/// What people met with git servers behind proxies, each through the real fronts.
@NullMarked
package packhorse.it.field;

import org.jspecify.annotations.NullMarked;
