/// Clients of git (git itself, JGit, and a minimal one), and the repositories that tests create.
@NullMarked
package packhorse.it.kit.git;

import org.jspecify.annotations.NullMarked;
