/** TCP. */
@NullMarked
package io.netloop.net;

import org.jspecify.annotations.NullMarked;
