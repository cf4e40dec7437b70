"""A span for each call.

Source: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias, TypeVar, cast

from grpc import HandlerCallDetails, RpcMethodHandler, StatusCode, stream_stream_rpc_method_handler
from grpc.aio import AbortError, ServerInterceptor, ServicerContext
from opentelemetry.trace import Span

from adapters.grpc.call import metadata_of, values_of
from adapters.grpc.dispatch import cancellation_reason
from adapters.grpc.messages import METHOD_PATHS
from adapters.serving.spans import TRACEPARENT, ServerSpans, note_failure

# the library counts these among the names that may still change
_RPC_SYSTEM_NAME = "rpc.system.name"
_RPC_METHOD = "rpc.method"
_RPC_RESPONSE_STATUS_CODE = "rpc.response.status_code"

_OURS = frozenset(
    {
        StatusCode.UNKNOWN,
        StatusCode.DEADLINE_EXCEEDED,
        StatusCode.UNIMPLEMENTED,
        StatusCode.INTERNAL,
        StatusCode.UNAVAILABLE,
        StatusCode.DATA_LOSS,
    }
)
"""The codes that the conventions count as failures of the server."""

_SYSTEM = "grpc"
_NOT_TRACED = "/grpc."
"""The start of the paths of health and reflection, which are not traced."""

Request = TypeVar("Request")
Response = TypeVar("Response")
_Answer: TypeAlias = Callable[[AsyncIterator[Request], ServicerContext[Request, Response]], Awaitable[None]]


class GrpcSpans(ServerInterceptor):
    """Makes a span for each call of the service, from its arrival to its last message."""

    def __init__(self, spans: ServerSpans) -> None:
        """Make spans with `spans`."""
        self._spans = spans

    async def intercept_service(
        self,
        continuation: "Callable[[HandlerCallDetails], Awaitable[RpcMethodHandler[Request, Response] | None]]",
        handler_call_details: HandlerCallDetails,
    ) -> "RpcMethodHandler[Request, Response] | None":
        """Pass the call on."""
        handler = await continuation(handler_call_details)
        path = handler_call_details.method
        if handler is None or path.startswith(_NOT_TRACED):
            return handler
        # the library's types know of synchronous servers alone
        traced = self._traced(path, cast("_Answer[Request, Response]", handler.stream_stream))
        return stream_stream_rpc_method_handler(cast("Any", traced))

    def _traced(self, path: str, answer: "_Answer[Request, Response]") -> "_Answer[Request, Response]":
        is_known = path in METHOD_PATHS
        # an unknown path may hold anything
        name = path.removeprefix("/") if is_known else _SYSTEM
        attributes = {_RPC_SYSTEM_NAME: _SYSTEM, _RPC_METHOD: name if is_known else "_OTHER"}

        async def traced(
            requests: AsyncIterator[Request], context: ServicerContext[Request, Response]
        ) -> None:
            traceparents = values_of(metadata_of(context), TRACEPARENT)
            with self._spans.of_call(name, attributes, traceparents) as span:
                try:
                    await answer(requests, context)
                except asyncio.CancelledError:
                    _note_status(span, cancellation_reason(cast("Any", context)))
                    raise
                except AbortError:
                    _note_status(span, context.code())
                    raise
                _note_status(span, StatusCode.OK)

        return traced


def _note_status(span: Span, code: StatusCode) -> None:
    span.set_attribute(_RPC_RESPONSE_STATUS_CODE, code.name)
    if code in _OURS:
        note_failure(span, code.name)
