/** What several packages share and no user sees. */
@NullMarked
package io.netloop.engine;

import org.jspecify.annotations.NullMarked;
