"""The key source that the operator's settings ask for."""

from pathlib import Path

from adapters.oauth.issuer_metadata import IssuerMetadata
from adapters.oauth.jwks_file import JwksFile
from adapters.oauth.jwks_url import JwksUrl
from adapters.oauth.key_source import KeySource


def configured_key_source(issuer: str, jwks: str) -> KeySource:
    """Give the source of the issuer's keys. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, or empty: then the issuer's metadata gives the keys.
    """
    if not jwks:
        return IssuerMetadata(issuer)
    if jwks.lower().startswith(("http://", "https://")):
        return JwksUrl(jwks)
    return JwksFile(Path(jwks))
