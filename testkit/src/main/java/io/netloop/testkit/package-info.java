/**
 * What tests of network programs need: {@link io.netloop.testkit.FaultProxy}, a network that
 * misbehaves on purpose and can repeat it, and {@link io.netloop.testkit.LeakCheck}, which finds
 * what a test has left open.
 */
@NullMarked
package io.netloop.testkit;

import org.jspecify.annotations.NullMarked;
