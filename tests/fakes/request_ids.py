"""Request ids that a test can foresee."""

from hashlib import sha256
from itertools import count
from uuid import UUID

from application.ports.invitations import RequestIds
from domain.invitations import RequestId


class SequentialRequestIds(RequestIds):
    """Gives the same ids in the same order every time, spread over all 128 bits."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def draw(self) -> RequestId:
        number = next(self._numbers)
        return RequestId(UUID(bytes=sha256(number.to_bytes(8)).digest()[:16]))
