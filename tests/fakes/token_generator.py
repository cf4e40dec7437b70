"""Codes and tokens that a test can foresee."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from returns.result import Failure, Result, Success

from application.ports.invitations import DrawnSecrets, KeyRetired, TokenGenerator
from domain.invitations import RequestId, secret_text
from domain.patients import PatientId


class HashingTokenGenerator(TokenGenerator):
    """Derives secrets by hashing what they depend on.

    `codes` gives a patient a chosen code at an attempt, so that a test can make codes collide. `keys` are
    the ids of the keys, of which the first signs; a test may rotate them in the list.
    """

    def __init__(
        self, codes: Mapping[tuple[PatientId, int], str] | None = None, keys: Sequence[str] = ("fake",)
    ) -> None:
        self._codes = codes or {}
        self._keys = keys

    @property
    def derivation(self) -> str:
        return self._keys[0]

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        return [self._draw_one(self._keys[0], request_id, each, attempt) for each in patient_ids]

    def draw_again(
        self, derivation: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        if derivation not in self._keys:
            return Failure(KeyRetired())
        return Success(
            {
                each: self._draw_one(derivation, request_id, each, attempt)
                for each, attempt in attempts.items()
            }
        )

    def _draw_one(
        self, key_id: str, request_id: RequestId, patient_id: PatientId, attempt: int
    ) -> DrawnSecrets:
        source = f"{key_id} {request_id} {patient_id} {attempt}"
        code = self._codes.get((patient_id, attempt)) or secret_text(hashed("draw code", source))
        token = secret_text(hashed("draw token", source))
        return DrawnSecrets(code, token, code_digest(code), hashed("token digest", token), key_id)


def code_digest(code: str) -> bytes:
    """Digest a code like this generator, to recognise stored codes."""
    return hashed("code digest", code)


def hashed(purpose: str, text: str) -> bytes:
    """Digest a text for a purpose."""
    return sha256(f"{purpose}: {text}".encode(errors="surrogatepass")).digest()
