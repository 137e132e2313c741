/**
 * Web applications. The way of a request:
 *
 * <pre>
 *   HttpServer 'request' ─▶ App ─▶ Walk ─(PathTree: which layers, Params)─▶ Middleware … ─▶ Handler
 *                                   │                                                        │
 *                                   └▶ LastResort (nobody answered, or an error)             │
 *   HttpResponse ◀─ (BodyFilter: compression) ◀─ WebResponse ◀─────────────────────────────┘
 * </pre>
 */
@NullMarked
package io.netloop.web;

import org.jspecify.annotations.NullMarked;
