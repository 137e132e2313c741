package io.netloop.testkit;

import io.netloop.loop.Buffer;

/** What must arrive somewhere. */
interface Incoming {
  /** The place of the first byte that is not the one that belongs there, or -1. */
  int firstWrong(Buffer data, long position);
}
