"""What the issuer may be asked about itself, as the operator's settings have it."""

from adapters.oauth.issuer_description import IssuerDescription, UndescribedIssuer
from adapters.oauth.issuer_metadata import IssuerMetadata


def configured_issuer_description(issuer: str, jwks: str) -> IssuerDescription:
    """Give the source of what is told of the issuer. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, which replaces the issuer's metadata, or empty.
    """
    return UndescribedIssuer() if jwks else IssuerMetadata(issuer)
