"""The library's server, except that it answers calls of every path.

The library decodes each path that is not registered. At one that is not UTF-8 it closes all connections and
ends, and any caller can send one. It compares registered paths as bytes. So here every known path is
registered, and calls of all others are answered without a look at their path.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import grpc.aio
from grpc import RpcMethodHandler
from grpc._cython import cygrpc
from grpc.aio import _server as library

Handler: TypeAlias = "RpcMethodHandler[bytes, bytes]"

UNKNOWN_PATH = ""
"""What stands for every path that has no handler: it may hold anything."""


class AnyPathServer(library.Server):
    """Passes calls to the handlers of their paths, and all others to that of `UNKNOWN_PATH`."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        interceptors: Sequence[grpc.aio.ServerInterceptor],
        options: Sequence[tuple[str, int]],
    ) -> None:
        """Make it within an event loop."""
        self._loop = asyncio.get_running_loop()
        self._server = _CoreServer(self._loop, None, (), interceptors, options, None)
        known = dict(handlers)
        self._server.unknown_paths = _UnknownPaths(known.pop(UNKNOWN_PATH), tuple(interceptors), self._loop)
        self._server.add_registered_method_handlers(known)


class _CoreServer(cygrpc.AioServer):  # type: ignore[misc]  # the library has no types for it
    """Keeps calls of unknown paths from the loop that decodes paths."""

    unknown_paths: "_UnknownPaths"

    async def _request_call(self) -> None:
        """Wait for calls of unknown paths, until the library raises its exception at the end."""
        while True:
            self.unknown_paths.answer(await super()._request_call())


class _UnknownPaths:
    """Answers calls as the library does, without their paths."""

    def __init__(self, handler: Handler, interceptors: tuple[object, ...], loop: object) -> None:
        self._resolver = cygrpc._MethodResolver([], {UNKNOWN_PATH: handler})  # noqa: SLF001 - as the library
        self._interceptors = interceptors
        self._loop = loop
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, call: Any) -> None:  # noqa: ANN401 - the library has no types for it
        handled = cygrpc._handle_rpc(  # noqa: SLF001 - as the library
            UNKNOWN_PATH, self._resolver, self._interceptors, call, self._loop, concurrency_exceeded=False
        )
        scheduled = cygrpc._schedule_rpc_coro(handled, call, self._loop, UNKNOWN_PATH)  # noqa: SLF001 - as the library
        task = asyncio.create_task(scheduled)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
