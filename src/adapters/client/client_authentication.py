"""How the bulk client proves to the OAuth server who it is."""

from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Protocol, TypeAlias
from urllib.parse import quote_plus

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from msgspec import DecodeError, json

from domain.confidential import Confidential

SigningKey: TypeAlias = RSAKey | ECKey

KEY_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")

_ASSERTION_SECONDS = 300
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_OF_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_OF_RSA = "RS384"
"""What SMART asks of servers: https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html ."""


class ClientAuthentication(Protocol):
    """A way of https://www.iana.org/assignments/oauth-parameters for a client to authenticate.

    `to_check` names what is wrong if the OAuth server does not know the client.
    """

    to_check: str

    def fields(self) -> Mapping[str, str]:
        """Give the fields that it adds to the form of a request."""
        ...

    def basic(self) -> httpx.BasicAuth | None:
        """Give the header that it adds to a request, if any."""
        ...


class ClientSecretBasic(ClientAuthentication):
    """Id and secret in the header: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""

    to_check = "--client-id and the secret"

    def __init__(self, client_id: str, secret: str) -> None:
        """Take id and secret."""
        self._header = httpx.BasicAuth(quote_plus(client_id), quote_plus(secret))

    def fields(self) -> Mapping[str, str]:
        """Add nothing."""
        return {}

    def basic(self) -> httpx.BasicAuth:
        """Give the header."""
        return self._header


class ClientSecretPost(ClientAuthentication):
    """Id and secret in the form: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""

    to_check = "--client-id and the secret"

    def __init__(self, client_id: str, secret: str) -> None:
        """Take id and secret."""
        self._fields = {"client_id": client_id, "client_secret": secret}

    def fields(self) -> Mapping[str, str]:
        """Give id and secret."""
        return self._fields

    def basic(self) -> None:
        """Add nothing."""


class ClientKey(Confidential, frozen=True):
    """A private key with its id, if it has one, and the algorithm that it signs with."""

    key: SigningKey
    key_id: str | None
    algorithm: str


class PrivateKeyJwt(ClientAuthentication):
    """A new signed assertion for each request: https://www.rfc-editor.org/rfc/rfc7523#section-2.2 ."""

    to_check = "--client-id, --client-key-file and --client-key-id"

    def __init__(self, client_id: str, key: ClientKey, token_url: str, clock: Callable[[], float]) -> None:
        """Sign for the token endpoint. The clock gives the seconds since 1970."""
        self._client_id = client_id
        self._key = key
        self._token_url = token_url
        self._clock = clock

    def fields(self) -> Mapping[str, str]:
        """Give an assertion that is valid for five minutes, once."""
        now = int(self._clock())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._token_url,
            "jti": token_urlsafe(),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        kid = {"kid": self._key.key_id} if self._key.key_id else {}
        algorithm = self._key.algorithm
        assertion = jwt.encode({"alg": algorithm, **kid}, claims, self._key.key, [algorithm])
        return {
            "client_id": self._client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": assertion,
        }

    def basic(self) -> None:
        """Add nothing."""


def read_client_key(content: str, key_id: str | None, algorithm: str | None) -> ClientKey:
    """Read a private key, as PEM or as a JSON Web Key, which may name its own id and algorithm.

    Raises ValueError, whose text completes the sentence "the file ...".
    """
    key = _from_jwk(content) if content.lstrip().startswith("{") else _from_pem(content)
    if not key.is_private:
        raise ValueError("has a public key; the private one is needed")
    own_id, own_algorithm = key.get("kid"), key.get("alg")
    fitting = _fitting_algorithms(key)
    chosen = algorithm or (str(own_algorithm) if own_algorithm else fitting[0])
    if chosen not in fitting:
        raise ValueError(f"has a key that cannot sign with {chosen}; it signs with {', '.join(fitting)}")
    return ClientKey(key, key_id or (str(own_id) if own_id else None), chosen)


def _from_jwk(content: str) -> SigningKey:
    try:
        jwk = json.decode(content, type=dict[str, str | list[str]])
        match jwk.get("kty"):
            case "RSA":
                return RSAKey.import_key(jwk)
            case "EC":
                return ECKey.import_key(jwk)
    except (DecodeError, JoseError, ValueError, KeyError, TypeError):
        raise ValueError("is not a JSON Web Key") from None
    raise ValueError("is not a JSON Web Key of RSA or EC")


def _from_pem(content: str) -> SigningKey:
    try:
        key = load_pem_private_key(content.encode(), None)
    except TypeError:
        raise ValueError("is encrypted; decrypt it") from None
    except ValueError:
        raise ValueError("is neither a private key in PEM nor a JSON Web Key") from None
    match key:
        case RSAPrivateKey():
            return RSAKey.import_key(content)
        case EllipticCurvePrivateKey():
            return ECKey.import_key(content)
        case _:
            raise ValueError("has a key that is neither RSA nor EC")


def _fitting_algorithms(key: SigningKey) -> list[str]:
    """Give the algorithms that a key can sign with, the usual one first."""
    if isinstance(key, ECKey):
        return [_OF_CURVES[key.curve_name]] if key.curve_name in _OF_CURVES else []
    return [_OF_RSA, *(each for each in KEY_ALGORITHMS if each[0] in "RP" and each != _OF_RSA)]
