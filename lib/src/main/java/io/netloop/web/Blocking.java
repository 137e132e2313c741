package io.netloop.web;

import io.netloop.loop.Loop;

/** Has a handler run where it may wait. */
final class Blocking implements Middleware {
  private final Middleware handler;

  Blocking(Middleware handler) {
    this.handler = handler;
  }

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    Loop.offload(
            () -> {
              handler.handle(request, response, next);
              return true;
            })
        .onError(next::fail);
  }
}
