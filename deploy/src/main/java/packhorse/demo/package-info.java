/// What `packhorse demo` starts: three JGit nodes with sample repositories, a configuration of the
/// proxy in front of them, and the steps that show what the proxy does. The proxy itself is not
/// part of this package.
@NullMarked
package packhorse.demo;

import org.jspecify.annotations.NullMarked;
