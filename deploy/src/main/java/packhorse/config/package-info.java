/// The configuration file: reading, checking, collecting problems. The only package that knows
/// YAML.
@NullMarked
package packhorse.config;

import org.jspecify.annotations.NullMarked;
