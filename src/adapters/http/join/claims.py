"""Claims an invitation by what was typed into the form, and says what came of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from returns.result import Result

from adapters.http.bodies import Scope
from adapters.http.join.client_addresses import ClientAddresses
from adapters.http.join.form import Answers, Problem, Typed, checked
from adapters.http.join.pages import Page, Pages
from adapters.http.join.words import CODE_TRIED_TOO_OFTEN, TOO_MANY_TRIES, UNAVAILABLE, Ended, said_of
from adapters.serving.balances import Balances
from application.claim_invitation import ClaimCommand
from application.ports.system import Clock, Unavailable
from domain.rate_limits import RateLimit, Throttled
from domain.redemption import JOIN_PAGE, ClaimRefused, IssuedClaim, PairUnknown, forgiven
from domain.results import failed

_WRONG = 422
_TOO_MANY = 429
_UNAVAILABLE = 503
_RETRY_AFTER_SECONDS = 60


_TRIES = RateLimit(10)
"""For each address, and for each code.

Many people share the address of a mobile network. A code has 50 random bits, and five tries once it is known.
"""

Claim: TypeAlias = Callable[[ClaimCommand], Awaitable[Result[IssuedClaim, ClaimRefused]]]
"""The use case."""


class Judged(Struct, frozen=True):
    """The page that answers a form, and what the log says of it."""

    page: Page
    noted: Mapping[str, object] = {}


class JoinClaims:
    """Checks the form, limits unknown codes by the client's address and tries of each code, and claims."""

    def __init__(
        self,
        claim: Claim,
        clock: Clock,
        pages: Pages,
        addresses: ClientAddresses,
        now: Callable[[], int],
    ) -> None:
        """Claim by the use case; `now` is a monotonic clock, in nanoseconds."""
        self._claim = claim
        self._clock = clock
        self._pages = pages
        self._addresses = addresses
        self._unknown_codes: Balances[str] = Balances(_TRIES, now)
        self._codes: Balances[str] = Balances(_TRIES, now)

    async def __call__(self, typed: Typed, scope: Scope) -> Judged:
        """Give the page that answers the form."""
        answers = checked(typed, self._clock.today())
        if failed(answers):
            return self._again(typed, answers.failure(), _WRONG, "FormIncomplete")
        address = self._addresses(scope)
        taken = self._unknown_codes.take(address)
        if failed(taken):
            return self._throttled(typed, TOO_MANY_TRIES, taken.failure())
        tried = self._codes.take(forgiven(answers.unwrap().code))
        if failed(tried):
            self._unknown_codes.give_back(address)
            return self._throttled(typed, CODE_TRIED_TOO_OFTEN, tried.failure())
        try:
            claimed = await self._claimed(answers.unwrap(), address)
        except Unavailable as error:
            again = self._again(
                typed, [UNAVAILABLE], _UNAVAILABLE, type(error).__name__, _RETRY_AFTER_SECONDS
            )
            return Judged(again.page, {**again.noted, "cause": str(error)})
        if failed(claimed):
            return self._refused(typed, claimed.failure())
        return Judged(self._pages.claimed(claimed.unwrap()))

    async def _claimed(self, answers: Answers, address: str) -> Result[IssuedClaim, ClaimRefused]:
        is_unknown = False
        try:
            claimed = await self._claim(
                ClaimCommand(JOIN_PAGE, answers.code, answers.token, answers.birth_date)
            )
            is_unknown = failed(claimed) and isinstance(claimed.failure(), PairUnknown)
        finally:
            if not is_unknown:
                self._unknown_codes.give_back(address)
        return claimed

    def _throttled(self, typed: Typed, problem: Problem, throttled: Throttled) -> Judged:
        wait = throttled.retry_after_seconds
        return self._again(typed, [problem], _TOO_MANY, type(throttled).__name__, wait)

    def _refused(self, typed: Typed, refused: ClaimRefused) -> Judged:
        said = said_of(refused)
        name = type(refused).__name__
        if isinstance(said, Ended):
            return Judged(self._pages.ended(said, _WRONG), {"refusal": name})
        return self._again(typed, [said], _WRONG, name)

    def _again(
        self, typed: Typed, problems: Sequence[Problem], status: int, refusal: str, wait: int | None = None
    ) -> Judged:
        return Judged(self._pages.form(typed, problems, status, wait), {"refusal": refusal})
