/** The event loop. */
@NullMarked
package io.netloop.loop;

import org.jspecify.annotations.NullMarked;
