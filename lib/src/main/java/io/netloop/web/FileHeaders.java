package io.netloop.web;

import io.netloop.http.HttpResponse;
import java.nio.file.Path;

/** Sets more headers of a response that sends a file. */
@FunctionalInterface
public interface FileHeaders {
  /**
   * Called on the loop, before the headers that come with the file are set: those of these names
   * stay as they are. It must not end the response.
   *
   * @param file the file that is sent, which may be a compressed form of the one asked for
   * @param size its length in bytes
   */
  void set(HttpResponse response, Path file, long size);
}
