"""The service grpc.reflection.v1alpha.ServerReflection: what services there are, for tools that ask.

Source: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
"""

from collections.abc import AsyncIterator

from grpc_reflection.v1alpha.reflection import aio
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from returns.result import Failure, Success

from adapters.grpc.call import Call
from adapters.grpc.method import Answered
from adapters.grpc.service import HEALTH, REFLECTION, SERVICE


class Reflection:
    """Describes the services, as the library knows them."""

    def __init__(self) -> None:
        """Name the services that are told of."""
        self._servicer = aio.ReflectionServicer([SERVICE, HEALTH, REFLECTION])

    async def __call__(self, call: Call) -> Answered:
        """Answer question after question, as long as they come."""
        async for answer in self._servicer.ServerReflectionInfo(_questions(call), None):
            await call.write(answer)
        return Success(None)


async def _questions(call: Call) -> AsyncIterator[ServerReflectionRequest]:
    while True:
        question = await call.read_next(ServerReflectionRequest)
        if isinstance(question, Failure) or question.unwrap() is None:
            return
        yield question.unwrap()
