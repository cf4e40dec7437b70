"""The port to codes and tokens."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from returns.result import Result

from domain.confidential import Confidential
from domain.invitation import RequestId
from domain.patient import PatientId


class DrawnSecrets(Confidential, frozen=True):
    """A code and a token for one patient, and the digests that are stored in their place."""

    code: str
    token: str
    code_digest: bytes
    token_digest: bytes
    key_id: str


class KeyGone(Struct, frozen=True):
    """The operator no longer holds the key that something was derived under."""


class TokenGenerator(Protocol):
    """Draws codes and tokens that nobody without the key can foresee."""

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Draw for every patient of a request at once, in the order given.

        The same request, patient and attempt give the same secrets under the same key; another attempt
        gives others.
        """
        ...

    def draw_again(
        self, key_id: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyGone]:
        """Draw what was drawn for each patient at its attempt when another key signed."""
        ...
