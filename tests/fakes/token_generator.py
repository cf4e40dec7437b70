"""Codes and tokens that a test can foresee."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from application.ports.token_generator import DrawnSecrets, TokenGenerator
from domain.invitation import RequestId
from domain.patient import PatientId
from domain.secret_text import secret_text


class HashingTokenGenerator(TokenGenerator):
    """Derives secrets by hashing what they depend on.

    `codes` gives a patient a chosen code at an attempt, so that a test can make codes collide.
    """

    key_id = "fake"

    def __init__(self, codes: Mapping[tuple[PatientId, int], str] | None = None) -> None:
        self._codes = codes or {}

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        return [self._draw_one(request_id, patient_id, attempt) for patient_id in patient_ids]

    def _draw_one(self, request_id: RequestId, patient_id: PatientId, attempt: int) -> DrawnSecrets:
        source = f"{request_id} {patient_id} {attempt}"
        code = self._codes.get((patient_id, attempt)) or secret_text(_hash("draw code", source))
        token = secret_text(_hash("draw token", source))
        return DrawnSecrets(code, token, code_digest(code), _hash("token digest", token), self.key_id)


def code_digest(code: str) -> bytes:
    """Digest a code as this generator does, to tell which codes are stored."""
    return _hash("code digest", code)


def _hash(purpose: str, text: str) -> bytes:
    return sha256(f"{purpose}: {text}".encode()).digest()
