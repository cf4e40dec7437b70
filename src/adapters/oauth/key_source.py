"""Where the signing keys come from."""

from typing import Protocol

MAX_DOCUMENT_BYTES = 262_144
"""Nothing that an issuer publishes or answers is larger: 256 KiB hold several hundred keys."""


class KeySource(Protocol):
    """A place that publishes a JSON Web Key Set. Constructing one opens nothing."""

    def changed(self) -> bool:
        """Tell whether a fetch is known to give something new. Cheap: it is asked for every token."""
        ...

    async def fetch(self) -> bytes:
        """Give the JSON Web Key Set as published now. Raises `IssuerUnavailable`.

        `CachedSigningKeys` bounds the time of a whole fetch, of however many requests.
        """
        ...

    async def aclose(self) -> None:
        """Close what fetching has opened."""
        ...
