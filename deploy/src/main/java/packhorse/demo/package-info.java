/// What `packhorse demo` starts: three nodes on JGit with sample repositories, a configuration of
/// the proxy in front of them, and the steps that show what it does. Nothing of the proxy itself is
/// here.
@NullMarked
package packhorse.demo;

import org.jspecify.annotations.NullMarked;
