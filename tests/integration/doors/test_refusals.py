"""Who and what is refused, and how a program can tell why, is the same through every door."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeAlias

import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import NHS
from tests.integration.doors.door import Access, Door, Refused, Tokens, Why
from tests.integration.doors.setup import access_of
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, SCOPE, STATUS_SCOPE, Issuer
from tests.integration.http.support.people import ADULT, CROWD, DECEASED, HOSPITAL, NOT_GRANTED, UNKNOWN

NewAccess: TypeAlias = Callable[[Issuer], Access]

ANOTHER_SYSTEM = RequestedIdentifier("https://hospital.test/record-number", "4711")
NO_SYSTEM = RequestedIdentifier("", ADULT.value)
NO_VALUE = RequestedIdentifier(NHS.value, "")

_numbers = count(1)


def _in(**delta: float) -> datetime:
    return datetime.now(UTC) + timedelta(**delta)


def _naming(*organisations: str) -> NewAccess:
    return lambda issuer: Access(access_of(issuer).authorization, organisations)


CALLERS = [
    pytest.param(lambda _issuer: Access(()), Why.UNAUTHENTICATED, id="no-token"),
    pytest.param(lambda _issuer: Access(("Basic bGV0dGVyczpzZWNyZXQ=",)), Why.UNAUTHENTICATED, id="basic"),
    pytest.param(lambda _issuer: Access(("Bearer x",)), Why.UNAUTHENTICATED, id="no-jwt"),
    pytest.param(lambda _issuer: access_of(Issuer()), Why.UNAUTHENTICATED, id="forged"),
    pytest.param(
        lambda issuer: access_of(issuer, iss=f"{ISSUER}/"), Why.UNAUTHENTICATED, id="another-issuer"
    ),
    pytest.param(
        lambda issuer: access_of(issuer, aud=f"{AUDIENCE}/"), Why.UNAUTHENTICATED, id="another-audience"
    ),
    pytest.param(lambda issuer: access_of(issuer, exp=_in(minutes=-1)), Why.UNAUTHENTICATED, id="expired"),
    pytest.param(lambda issuer: access_of(issuer, nbf=_in(hours=1)), Why.UNAUTHENTICATED, id="not-yet-valid"),
    pytest.param(
        lambda issuer: Access(access_of(issuer).authorization * 2), Why.UNAUTHENTICATED, id="two-tokens"
    ),
    pytest.param(lambda issuer: access_of(issuer, scope=None), Why.FORBIDDEN, id="no-scope"),
    pytest.param(_naming(), Why.INVALID, id="no-organisation"),
    pytest.param(_naming("hospital"), Why.INVALID, id="no-uuid"),
    pytest.param(_naming(str(HOSPITAL), str(HOSPITAL)), Why.INVALID, id="two-organisations"),
    pytest.param(_naming(str(UNKNOWN)), Why.FORBIDDEN, id="unknown-organisation"),
    pytest.param(_naming(str(NOT_GRANTED)), Why.FORBIDDEN, id="not-granted"),
]

REQUESTS = [
    pytest.param([], (), id="nobody"),
    pytest.param([ADULT, NO_SYSTEM, ADULT, NO_VALUE], (1, 3), id="incomplete"),
    pytest.param([ANOTHER_SYSTEM, ADULT, ANOTHER_SYSTEM, ANOTHER_SYSTEM], (0, 2, 3), id="another-system"),
    pytest.param([ANOTHER_SYSTEM] * 500, tuple(range(500)), id="500-of-another-system"),
    pytest.param([ADULT, ANOTHER_SYSTEM] * 250, tuple(range(1, 500, 2)), id="every-other-one"),
]


@pytest.mark.parametrize(("new_access", "why"), CALLERS)
def test_a_caller_who_may_not_generate_is_turned_away(
    door: Door, issuer: Issuer, new_access: NewAccess, why: Why
) -> None:
    assert door.generate(new_access(issuer), [ADULT]) == Refused(why)


@pytest.mark.parametrize(("new_access", "why"), CALLERS)
def test_a_caller_who_may_not_query_is_turned_away(
    door: Door, issuer: Issuer, new_access: NewAccess, why: Why
) -> None:
    assert door.query_status(new_access(issuer), [ADULT]) == Refused(why)


def test_the_scope_of_one_operation_is_not_that_of_the_other(door: Door, issuer: Issuer) -> None:
    to_generate, to_query = access_of(issuer, scope=SCOPE), access_of(issuer, scope=STATUS_SCOPE)

    assert door.query_status(to_generate, [ADULT]) == Refused(Why.FORBIDDEN)
    assert door.generate(to_query, [ADULT]) == Refused(Why.FORBIDDEN)


@pytest.mark.parametrize(("identifiers", "positions"), REQUESTS)
def test_a_request_that_is_at_fault_is_refused_with_every_position(
    door: Door, access: Access, identifiers: Sequence[RequestedIdentifier], positions: tuple[int, ...]
) -> None:
    refused = Refused(Why.INVALID, positions)

    assert door.generate(access, identifiers) == refused
    assert door.query_status(access, identifiers) == refused


def test_more_than_500_are_not_invited(door: Door, access: Access) -> None:
    assert door.generate(access, [*CROWD, DECEASED]) == Refused(Why.INVALID)


def test_the_status_of_more_than_5000_is_not_told(door: Door, access: Access) -> None:
    assert door.query_status(access, [*CROWD * 10, ADULT]) == Refused(Why.INVALID)


@pytest.mark.parametrize("key", ["k" * 256, "two words"], ids=["too-long", "space"])
def test_a_key_that_is_none_is_refused(door: Door, access: Access, key: str) -> None:
    assert door.generate(access, [ADULT], key=key) == Refused(Why.INVALID)


def test_a_key_is_not_used_for_others(door: Door, access: Access) -> None:
    key = f"used-{next(_numbers)}-{datetime.now(UTC).timestamp()}"
    first = door.generate(access, [ADULT], key=key)

    second = door.generate(access, [CROWD[1]], key=key)

    assert isinstance(first, Tokens)
    assert second == Refused(Why.CONFLICT)
