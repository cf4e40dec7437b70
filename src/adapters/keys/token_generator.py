"""Derives codes and tokens by HMAC-SHA-256."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from cryptography.hazmat.primitives.hmac import HMAC
from returns.result import Failure, Result, Success

from adapters.keys.key_ring import CURRENT_DERIVATION, Key, KeyRing
from application.ports.invitations import DrawnSecrets, KeyRetired, TokenGenerator
from domain.invitations import RequestId, secret_text
from domain.patients import PatientId

_ATTEMPT_BYTES = 4
_TOKEN_AT = 8

_Texts: TypeAlias = tuple[str, str]
_Derive: TypeAlias = Callable[[HMAC, bytes, bytes], _Texts]


class HmacTokenGenerator(TokenGenerator):
    """Derives codes and tokens from the request, the patient and a key, and digests them under others.

    They are stored nowhere, are unpredictable without the key, and can be derived again with it.
    """

    def __init__(self, keys: KeyRing) -> None:
        """Sign by the first key of the ring."""
        self._keys = keys
        self._signing = _Derivation(keys.signing_key, CURRENT_DERIVATION)

    @property
    def derivation(self) -> str:
        """The way of deriving, and the key that signs."""
        return self._keys.signing_key.derivation

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Draw for every patient of a request at once, in the order given."""
        return self._signing.draw(request_id, patient_ids, attempt)

    def draw_again(
        self, derivation: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Draw again what was drawn for each patient at its attempt, by an earlier derivation."""
        key, way = self._keys.derivation(derivation)
        if key is None or way not in _WAYS:
            return Failure(KeyRetired())
        former = _Derivation(key, way)
        return Success(
            {
                patient_id: former.draw(request_id, [patient_id], attempt)[0]
                for patient_id, attempt in attempts.items()
            }
        )


class _Derivation:
    """A derivation under one key; derivation, code digest and token digest have a labelled key each."""

    def __init__(self, key: Key, way: str) -> None:
        label, self._derive = _WAYS[way]
        self._key_id = key.id
        self._derivation = key.labelled(label)
        self._code_digest = key.labelled("code-digest")
        self._token_digest = key.labelled("token-digest")

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        request = self._derivation.copy()
        request.update(request_id.bytes)
        which = attempt.to_bytes(_ATTEMPT_BYTES)
        return [self._digested(*self._derive(request, patient_id.bytes, which)) for patient_id in patient_ids]

    def _digested(self, code: str, token: str) -> DrawnSecrets:
        code_digest = _digest(self._code_digest, code.encode())
        return DrawnSecrets(
            code, token, code_digest, _digest(self._token_digest, token.encode()), self._key_id
        )


def _together(request: HMAC, patient: bytes, attempt: bytes) -> _Texts:
    """Derive code and token at once: a digest has bits for both."""
    bits = _digest(request, patient + attempt)
    return secret_text(bits), secret_text(bits[_TOKEN_AT:])


def _apart(request: HMAC, patient: bytes, attempt: bytes) -> _Texts:
    """Derive code and token as earlier releases did, for requests that they stored."""
    code = secret_text(_digest(request, patient + b"c" + attempt))
    return code, secret_text(_digest(request, patient + b"t" + attempt))


_WAYS: Mapping[str, tuple[str, _Derive]] = {"1": ("derivation", _apart), "2": ("derivation-2", _together)}


def _digest(keyed: HMAC, message: bytes) -> bytes:
    mac = keyed.copy()
    mac.update(message)
    return mac.finalize()
