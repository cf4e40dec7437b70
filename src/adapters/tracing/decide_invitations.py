"""The span of deciding who is invited."""

from collections.abc import Sequence

from returns.result import Result

from adapters.tracing.part_spans import PartSpans
from application.decide_invitations import DecideInvitations
from application.find_patients import FindPatients, NamingRefused
from application.ports.clock import Clock
from domain.caller import AuthorisedCaller
from domain.decisions import Decisions
from domain.eligibility_policy import EligibilityPolicy
from domain.requested_identifiers import RequestedIdentifier


class TracedDecideInvitations(DecideInvitations):
    """Decides as ever. To decide is to read and then to compare, so the span has that of reading in it."""

    def __init__(self, find: FindPatients, policy: EligibilityPolicy, clock: Clock, spans: PartSpans) -> None:
        """Take what deciding takes."""
        super().__init__(find, policy, clock)
        self._spans = spans

    async def __call__(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], at_most: int
    ) -> Result[Decisions, NamingRefused]:
        """Return what is decided."""
        with self._spans.part("decide"):
            return await super().__call__(authorised, requested, at_most)
