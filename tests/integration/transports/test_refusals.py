"""The refusals of callers and requests are the same over every transport."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeAlias

import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import NHS
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, SCOPE, STATUS_SCOPE, Issuer
from tests.integration.http.support.people import ADULT, CROWD, DECEASED, HOSPITAL, NOT_GRANTED, UNKNOWN
from tests.integration.transports.setup import access_of
from tests.integration.transports.transport import Access, Refused, Tokens, Transport, Why

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
def test_a_caller_without_permission_to_generate_is_refused(
    transport: Transport, issuer: Issuer, new_access: NewAccess, why: Why
) -> None:
    assert transport.generate(new_access(issuer), [ADULT]) == Refused(why)


@pytest.mark.parametrize(("new_access", "why"), CALLERS)
def test_a_caller_without_permission_to_query_is_refused(
    transport: Transport, issuer: Issuer, new_access: NewAccess, why: Why
) -> None:
    assert transport.query_status(new_access(issuer), [ADULT]) == Refused(why)


def test_the_scope_of_one_operation_does_not_permit_the_other(transport: Transport, issuer: Issuer) -> None:
    to_generate, to_query = access_of(issuer, scope=SCOPE), access_of(issuer, scope=STATUS_SCOPE)

    assert transport.query_status(to_generate, [ADULT]) == Refused(Why.FORBIDDEN)
    assert transport.generate(to_query, [ADULT]) == Refused(Why.FORBIDDEN)


@pytest.mark.parametrize(("identifiers", "positions"), REQUESTS)
def test_a_refusal_lists_the_position_of_every_wrong_identifier(
    transport: Transport,
    access: Access,
    identifiers: Sequence[RequestedIdentifier],
    positions: tuple[int, ...],
) -> None:
    refused = Refused(Why.INVALID, positions)

    assert transport.generate(access, identifiers) == refused
    assert transport.query_status(access, identifiers) == refused


def test_a_request_for_more_than_500_invitations_is_refused(transport: Transport, access: Access) -> None:
    assert transport.generate(access, [*CROWD, DECEASED]) == Refused(Why.INVALID)


def test_a_status_query_for_more_than_5000_is_refused(transport: Transport, access: Access) -> None:
    assert transport.query_status(access, [*CROWD * 10, ADULT]) == Refused(Why.INVALID)


@pytest.mark.parametrize("key", ["k" * 256, "two words"], ids=["too-long", "space"])
def test_a_malformed_idempotency_key_is_refused(transport: Transport, access: Access, key: str) -> None:
    assert transport.generate(access, [ADULT], key=key) == Refused(Why.INVALID)


def test_an_idempotency_key_of_other_patients_is_refused(transport: Transport, access: Access) -> None:
    key = f"used-{next(_numbers)}-{datetime.now(UTC).timestamp()}"
    first = transport.generate(access, [ADULT], key=key)

    second = transport.generate(access, [CROWD[1]], key=key)

    assert isinstance(first, Tokens)
    assert second == Refused(Why.CONFLICT)
