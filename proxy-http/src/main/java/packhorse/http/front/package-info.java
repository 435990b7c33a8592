/// The HTTP front: reads requests strictly, calls the pipeline, and writes responses and refusals
/// in the form that git shows.
@NullMarked
package packhorse.http.front;

import org.jspecify.annotations.NullMarked;
