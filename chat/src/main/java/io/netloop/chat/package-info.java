/** The chat room. */
@NullMarked
package io.netloop.chat;

import org.jspecify.annotations.NullMarked;
