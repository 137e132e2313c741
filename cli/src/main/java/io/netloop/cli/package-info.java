/** The command line. */
@NullMarked
package io.netloop.cli;

import org.jspecify.annotations.NullMarked;
