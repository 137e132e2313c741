package io.netloop.net;

/** Stands here until the first class arrives: a module may not export an empty package. */
final class Placeholder {}
