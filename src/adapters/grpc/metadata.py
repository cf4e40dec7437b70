"""What a caller presents in the metadata of a call."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from grpc.aio import ServicerContext

from application.authorise_caller import AccessRequest

Metadata: TypeAlias = Sequence[tuple[str, str | bytes]]

AUTHORIZATION = "authorization"
ORGANISATION = "x-org-public-id"


def metadata_of(context: ServicerContext[Any, Any]) -> Metadata:
    """Give what came with a call."""
    return tuple(context.invocation_metadata() or ())


def access_request(metadata: Metadata) -> AccessRequest:
    """Read access token and organisation; what is sent more than once makes one malformed value."""
    return AccessRequest(_bearer_token(metadata), _combined(metadata, ORGANISATION))


def values_of(metadata: Metadata, name: str) -> list[str]:
    """Give every value that is sent under a name."""
    return [value for key, value in metadata if key == name and isinstance(value, str)]


def _bearer_token(metadata: Metadata) -> str | None:
    """Give what follows the scheme Bearer.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _space, token = (_combined(metadata, AUTHORIZATION) or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _combined(metadata: Metadata, name: str) -> str | None:
    values = values_of(metadata, name)
    return ", ".join(values) if values else None
