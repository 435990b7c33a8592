/// The SSH front, on Apache MINA SSHD: authenticates users by their public keys, reads exec
/// requests and serves them through the pipeline. It decides nothing about users and repositories
/// itself.
@NullMarked
package packhorse.ssh;

import org.jspecify.annotations.NullMarked;
