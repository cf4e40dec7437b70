"""A bound for the answers that the bulk client reads, from any server."""

import zlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

MAX_ANSWER_BYTES = 16_777_216
"""Four times an answer about 5,000 patients."""

IDENTITY = {"Accept-Encoding": "identity"}
"""Without compression, the size on the wire is the size in memory."""

SMALL: Mapping[str, Any] = {"max_answer_bytes": 262_144}
"""The extensions of a request whose answer is small, such as one for an access token."""


_GZIP = {"gzip", "x-gzip"}
_WITH_GZIP_HEADER = zlib.MAX_WBITS + 16


async def bound_answer(response: httpx.Response) -> None:
    """Bound what is read of an answer; a hook of the HTTP client. Raises httpx.DecodingError.

    Some proxies compress what was asked for as it is. What it expands to is bounded too.
    """
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"identity", *_GZIP}:
        raise httpx.DecodingError("the answer has a content coding other than gzip", request=response.request)
    bound = response.request.extensions.get("max_answer_bytes", MAX_ANSWER_BYTES)
    response.stream = _Bounded(response, bound, is_gzip=coding in _GZIP)
    response.headers.pop("Content-Encoding", None)


class _Bounded(httpx.AsyncByteStream):
    """The decoded stream of an answer, which ends by an error where it becomes too large."""

    def __init__(self, response: httpx.Response, bound: int, *, is_gzip: bool) -> None:
        self._request = response.request
        self._stream = response.stream
        self._bound = bound
        self._decompressor = zlib.decompressobj(_WITH_GZIP_HEADER) if is_gzip else None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if not isinstance(self._stream, httpx.AsyncByteStream):
            raise TypeError("the answer of an asynchronous client has an asynchronous stream")
        length = 0
        async for chunk in self._stream:
            decoded = self._decoded(chunk, self._bound - length + 1)
            length += len(decoded)
            if length > self._bound:
                raise httpx.DecodingError("the answer is too large", request=self._request)
            yield decoded

    def _decoded(self, chunk: bytes, at_most: int) -> bytes:
        if self._decompressor is None:
            return chunk
        try:
            return self._decompressor.decompress(chunk, at_most)
        except zlib.error:
            raise httpx.DecodingError(
                "the answer is not in gzip, as it says", request=self._request
            ) from None

    async def aclose(self) -> None:
        if isinstance(self._stream, httpx.AsyncByteStream):
            await self._stream.aclose()
