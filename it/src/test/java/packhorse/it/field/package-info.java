/// Problems that users had with git servers behind proxies (`docs/corners.md`), tested through the
/// assembled proxy.
@NullMarked
package packhorse.it.field;

import org.jspecify.annotations.NullMarked;
