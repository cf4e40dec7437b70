"""The gRPC server."""

import asyncio
from collections.abc import Sequence
from logging import getLogger

import grpc.aio

from adapters.door.log_line import describe
from adapters.grpc.answering import Answering
from adapters.grpc.stopping import Stopping
from adapters.grpc.tls import TlsFiles

_logger = getLogger("invitations.grpc")

DRAIN_SECONDS = 10.0
"""How long calls under way may take to end once the service is told to stop."""

_LOOK_SECONDS = 0.2
"""How soon a server that broke down is replaced."""

_ARGUMENTS = (
    # each worker listens on the same port
    ("grpc.so_reuseport", 1),
    # callers that vanished without a word are found by pings
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
)


class GrpcServer:
    """Listens for calls, from start to stop.

    A path that is not UTF-8 breaks the library's server down, which anybody can send. What is under way
    then goes on, and another server takes its place.
    """

    def __init__(
        self, answering: Answering, stopping: Stopping, message_bytes: int, tls: TlsFiles | None
    ) -> None:
        """Open nothing yet. Every call goes through the `interceptors` that are there at the start."""
        self.interceptors: Sequence[grpc.aio.ServerInterceptor] = ()
        self._answering = answering
        self._stopping = stopping
        # what is larger than allowed is refused in our words, unless it is much larger
        self._arguments = (*_ARGUMENTS, ("grpc.max_receive_message_length", 2 * message_bytes))
        self._tls = tls
        self._address = ""
        self._server: grpc.aio.Server | None = None
        self._replacing: asyncio.Task[None] | None = None

    async def start(self, address: str) -> None:
        """Listen on an address and port. Raises RuntimeError or OSError."""
        self._address = address
        self._server = await self._started()
        self._replacing = asyncio.create_task(self._replace(self._server))

    async def stop(self) -> None:
        """Take no more calls, and end those under way; the service has to be started for that."""
        self._stopping.begin()
        if self._replacing is not None:
            self._replacing.cancel()
        if self._server is not None:
            await self._server.stop(DRAIN_SECONDS)

    async def _started(self) -> grpc.aio.Server:
        server = grpc.aio.server(options=self._arguments, interceptors=self.interceptors)
        server.add_generic_rpc_handlers([self._answering])
        if self._tls is None:
            server.add_insecure_port(self._address)
        else:
            server.add_secure_port(self._address, self._tls.credentials())
        await server.start()
        return server

    async def _replace(self, server: grpc.aio.Server) -> None:
        while True:
            try:
                await server.wait_for_termination(_LOOK_SECONDS)
            except Exception as broken:  # noqa: BLE001 - whatever broke it down
                _logger.error("server broke down", extra=describe(broken))  # noqa: TRY400 - its text stays out
                server = self._server = await self._started_again()

    async def _started_again(self) -> grpc.aio.Server:
        while True:
            try:
                return await self._started()
            except (RuntimeError, OSError) as error:
                # somebody else may have the port for a moment
                _logger.error("server not replaced yet", extra=describe(error))  # noqa: TRY400 - its text stays out
                await asyncio.sleep(_LOOK_SECONDS)
