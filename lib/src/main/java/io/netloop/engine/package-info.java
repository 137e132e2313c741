/**
 * What the packages of this module share and no user sees: the way to the kernel, the turn of the
 * loop, the way out for bytes. Nothing here knows a protocol.
 */
@NullMarked
package io.netloop.engine;

import org.jspecify.annotations.NullMarked;
