"""What a caller presents in the headers."""

from litestar.datastructures import Headers

from adapters.http.access_refusals import ORGANISATION_HEADER
from adapters.http.headers import combined
from application.authorise_caller import AccessRequest


def access_request(headers: Headers) -> AccessRequest:
    """Read access token and organisation; a header sent more than once makes one malformed value."""
    return AccessRequest(
        _bearer_token(combined(headers, "Authorization")), combined(headers, ORGANISATION_HEADER)
    )


def _bearer_token(authorization: str | None) -> str | None:
    """Give what follows the scheme Bearer.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _space, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
