"""Derives codes and tokens by HMAC-SHA-256."""

from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.hmac import HMAC
from returns.result import Failure, Result, Success

from adapters.keys.key_ring import Key, KeyRing
from application.ports.invitations import DrawnSecrets, KeyRetired, TokenGenerator
from domain.invitations import RequestId, secret_text
from domain.patients import PatientId

_CODE = b"c"
_TOKEN = b"t"
_ATTEMPT_BYTES = 4


class HmacTokenGenerator(TokenGenerator):
    """Derives codes and tokens from the request, the patient and a key, and digests them under others.

    They are stored nowhere, are unpredictable without the key, and can be derived again with it.
    """

    def __init__(self, keys: KeyRing) -> None:
        """Sign by the first key of the ring."""
        self._signing = _Derivation(keys.signing_key)
        self._keys = {key.id: key for key in keys.keys}

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Draw for every patient of a request at once, in the order given."""
        return self._signing.draw(request_id, patient_ids, attempt)

    def draw_again(
        self, key_id: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Draw again what was drawn for each patient at its attempt, under a key that may no longer sign."""
        key = self._keys.get(key_id)
        if key is None:
            return Failure(KeyRetired())
        derivation = _Derivation(key)
        return Success(
            {
                patient_id: derivation.draw(request_id, [patient_id], attempt)[0]
                for patient_id, attempt in attempts.items()
            }
        )


class _Derivation:
    """The derivation under one key; derivation, code digest and token digest have a labelled key each."""

    def __init__(self, key: Key) -> None:
        self._key_id = key.id
        self._derivation = key.labelled("derivation")
        self._code_digest = key.labelled("code-digest")
        self._token_digest = key.labelled("token-digest")

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        request = self._derivation.copy()
        request.update(request_id.bytes)
        which = attempt.to_bytes(_ATTEMPT_BYTES)
        return [self._draw_one(request, patient_id.bytes, which) for patient_id in patient_ids]

    def _draw_one(self, request: HMAC, patient: bytes, attempt: bytes) -> DrawnSecrets:
        code = secret_text(_digest(request, patient + _CODE + attempt))
        token = secret_text(_digest(request, patient + _TOKEN + attempt))
        return DrawnSecrets(
            code,
            token,
            code_digest=_digest(self._code_digest, code.encode()),
            token_digest=_digest(self._token_digest, token.encode()),
            key_id=self._key_id,
        )


def _digest(keyed: HMAC, message: bytes) -> bytes:
    mac = keyed.copy()
    mac.update(message)
    return mac.finalize()
