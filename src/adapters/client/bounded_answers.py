"""A bound for the answers that the bulk client reads, from any server."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

MAX_ANSWER_BYTES = 16_777_216
"""Four times an answer about 5,000 patients."""

IDENTITY = {"Accept-Encoding": "identity"}
"""Without compression, the size on the wire is the size in memory."""

SMALL: Mapping[str, Any] = {"max_answer_bytes": 262_144}
"""The extensions of a request whose answer is small, such as one for an access token."""


async def bound_answer(response: httpx.Response) -> None:
    """Bound what is read of an answer; a hook of the HTTP client. Raises httpx.DecodingError.

    A compressed answer is refused: a small one may expand to any size.
    """
    coding = response.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        raise httpx.DecodingError("the answer is compressed", request=response.request)
    bound = response.request.extensions.get("max_answer_bytes", MAX_ANSWER_BYTES)
    response.stream = _Bounded(response, bound)


class _Bounded(httpx.AsyncByteStream):
    """The stream of an answer, which ends by an error where it becomes too large."""

    def __init__(self, response: httpx.Response, bound: int) -> None:
        self._request = response.request
        self._stream = response.stream
        self._bound = bound

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if not isinstance(self._stream, httpx.AsyncByteStream):
            raise TypeError("the answer of an asynchronous client has an asynchronous stream")
        length = 0
        async for chunk in self._stream:
            length += len(chunk)
            if length > self._bound:
                raise httpx.DecodingError("the answer is too large", request=self._request)
            yield chunk

    async def aclose(self) -> None:
        if isinstance(self._stream, httpx.AsyncByteStream):
            await self._stream.aclose()
