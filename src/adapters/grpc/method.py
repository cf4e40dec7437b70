"""What answers calls of one method."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from returns.result import Result

from adapters.grpc.call import Call
from adapters.grpc.refusal import Refusal

Answered: TypeAlias = Result[None, Refusal]
"""All messages are written, or the call is refused."""

Method: TypeAlias = Callable[[Call], Awaitable[Answered]]
