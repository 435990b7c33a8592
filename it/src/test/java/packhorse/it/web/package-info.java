/// Pages and the API of nodes through the proxy.
@NullMarked
package packhorse.it.web;

import org.jspecify.annotations.NullMarked;
