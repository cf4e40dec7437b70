"""A use case whose answer a test sets."""

from datetime import UTC, datetime

from returns.result import Failure, Result, Success

from application.claim_invitation import ClaimCommand
from domain.redemption import ClaimRefused, IssuedClaim

CLAIM = IssuedClaim("0123456789ABCDEFGHJKMNPQRS", datetime(2027, 1, 2, 9, 30, tzinfo=UTC))


class FixedClaims:
    """Gives a claim, or refuses, or raises; it keeps the commands that it was given."""

    def __init__(self) -> None:
        self.answer: IssuedClaim | ClaimRefused | Exception = CLAIM
        self.commands: list[ClaimCommand] = []

    async def __call__(self, command: ClaimCommand) -> Result[IssuedClaim, ClaimRefused]:
        self.commands.append(command)
        match self.answer:
            case Exception():
                raise self.answer
            case IssuedClaim():
                return Success(self.answer)
            case _:
                return Failure(self.answer)
