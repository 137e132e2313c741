package io.netloop.chat;

/** Stands here until the first class arrives: a module may not export an empty package. */
final class Placeholder {}
