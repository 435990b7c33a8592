package packhorse.config;

import java.util.List;

/// The public keys found behind one reference; one a line, as in OpenSSH's `.pub` files.
public record KeyFile(Reference from, List<SshKey> keys) {}
