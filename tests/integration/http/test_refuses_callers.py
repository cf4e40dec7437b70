"""The rows of the error table about callers and organisations."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller, asking_for
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, SCOPE, STATUS_SCOPE, Issuer
from tests.integration.http.support.people import ADULT, HOSPITAL, NOT_GRANTED, UNKNOWN
from tests.integration.http.support.refused import NO_TOKEN, Refused, refusal_in, refused

REALM = 'Bearer realm="invitation-tokens"'

INVALID = refused(
    401,
    "login",
    "The access token is not valid for this service. Get a new one from the issuer.",
    response_code="BAD_AUTHENTICATION",
    header="Authorization",
    WWW_Authenticate=f'{REALM}, error="invalid_token"',
)
EXPIRED = refused(
    401,
    "expired",
    "The access token has expired. Get a new one.",
    response_code="ACC_TOKEN_EXPIRED",
    header="Authorization",
    WWW_Authenticate=f'{REALM}, error="invalid_token", error_description="expired"',
)
NO_ORGANISATION = refused(
    400,
    "required",
    "Name the organisation that you act for in the header X-Org-Public-Id.",
    header="X-Org-Public-Id",
)
BAD_ORGANISATION = refused(
    400,
    "value",
    "The header X-Org-Public-Id takes one UUID, and is sent once.",
    header="X-Org-Public-Id",
)
FORBIDDEN = refused(
    403,
    "forbidden",
    "You may not act for the organisation in the header X-Org-Public-Id. Ask the operator for a grant.",
    header="X-Org-Public-Id",
)


def no_scope(scope: str) -> Refused:
    return refused(
        403,
        "forbidden",
        "The access token lacks the scope that this operation needs. Get one that has it.",
        response_code="USER_TYPE_NOT_PERM",
        header="Authorization",
        WWW_Authenticate=f'{REALM}, error="insufficient_scope", scope="{scope}"',
    )


def _in(**delta: float) -> datetime:
    return datetime.now(UTC) + timedelta(**delta)


@pytest.mark.parametrize(
    ("authorization", "refusal"),
    [
        pytest.param(None, NO_TOKEN, id="none"),
        pytest.param("Basic bGV0dGVyczpzZWNyZXQ=", NO_TOKEN, id="basic"),
        pytest.param("Bearer", INVALID, id="scheme_alone"),
        pytest.param("Bearer not-a-token", INVALID, id="no_jwt"),
        pytest.param("Bearer e30.e30.", INVALID, id="unsigned"),
    ],
)
def test_refuses_a_malformed_access_token(
    caller_of_each: Caller, authorization: str | None, refusal: Refused
) -> None:
    response = caller_of_each.call(changes={"Authorization": authorization})

    assert refusal_in(response) == refusal


@pytest.mark.parametrize(
    ("access_token", "refusal"),
    [
        pytest.param(lambda _: Issuer().access_token(), INVALID, id="forged"),
        pytest.param(lambda issuer: issuer.access_token()[:-4], INVALID, id="cut_off"),
        pytest.param(lambda issuer: issuer.access_token(iss=f"{ISSUER}/"), INVALID, id="other_issuer"),
        pytest.param(lambda issuer: issuer.access_token(aud=f"{AUDIENCE}/"), INVALID, id="other_audience"),
        pytest.param(lambda issuer: issuer.access_token(aud=None), INVALID, id="no_audience"),
        pytest.param(lambda issuer: issuer.access_token(nbf=_in(hours=1)), INVALID, id="not_yet_valid"),
        pytest.param(lambda issuer: issuer.access_token(exp=None), INVALID, id="for_ever"),
        pytest.param(lambda issuer: issuer.access_token(exp=_in(minutes=-1)), EXPIRED, id="expired"),
    ],
)
def test_refuses_an_access_token_for_another_service(
    caller: Caller, issuer: Issuer, access_token: Callable[[Issuer], str], refusal: Refused
) -> None:
    response = caller.call(changes={"Authorization": f"Bearer {access_token(issuer)}"})

    assert refusal_in(response) == refusal


@pytest.mark.parametrize(
    ("operation", "needed", "carried"),
    [
        pytest.param(OPERATION, SCOPE, STATUS_SCOPE, id="generate_with_the_other"),
        pytest.param(OPERATION, SCOPE, None, id="generate_with_none"),
        pytest.param(STATUS_OPERATION, STATUS_SCOPE, SCOPE, id="status_with_the_other"),
        pytest.param(STATUS_OPERATION, STATUS_SCOPE, None, id="status_with_none"),
    ],
)
def test_refuses_an_access_token_without_the_scope_of_the_operation(
    client: httpx.Client, issuer: Issuer, operation: str, needed: str, carried: str | None
) -> None:
    response = Caller(client, issuer.access_token(scope=carried), operation).call()

    assert refusal_in(response) == no_scope(needed)


@pytest.mark.parametrize(
    ("operation", "needed"),
    [(OPERATION, SCOPE), (STATUS_OPERATION, STATUS_SCOPE)],
    ids=["generate", "status"],
)
def test_takes_an_access_token_with_the_scope_of_the_operation_alone(
    client: httpx.Client, issuer: Issuer, operation: str, needed: str
) -> None:
    response = Caller(client, issuer.access_token(scope=needed), operation).call()

    assert response.status_code == 200


def test_refuses_two_access_tokens_though_both_are_good(caller: Caller) -> None:
    response = caller.call(changes={"Authorization": [f"Bearer {caller.access_token}"] * 2})

    assert refusal_in(response) == INVALID


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        pytest.param("query", {}, id="query"),
        pytest.param("body", {"Content-Type": "application/x-www-form-urlencoded"}, id="body"),
        pytest.param("cookie", {"Cookie": "access_token={}"}, id="cookie"),
        pytest.param("header", {"Access-Token": "{}"}, id="other_header"),
    ],
)
def test_ignores_an_access_token_outside_the_header(
    caller: Caller, place: str, changes: Mapping[str, str]
) -> None:
    argument = f"access_token={caller.access_token}"
    headers = {name: value.format(caller.access_token) for name, value in changes.items()}

    response = caller.call(
        argument.encode() if place == "body" else asking_for(ADULT),
        {"Authorization": None, **headers},
        path=f"{OPERATION}?{argument}" if place == "query" else OPERATION,
    )

    assert refusal_in(response) == NO_TOKEN


@pytest.mark.parametrize(
    ("characters", "status"),
    [
        pytest.param(16_384, 401, id="16_KiB"),
        pytest.param(65_536, 401, id="64_KiB"),
        pytest.param(1_048_576, 431, id="1_MiB"),
    ],
)
def test_refuses_an_access_token_of_any_size(caller: Caller, characters: int, status: int) -> None:
    response = caller.call(changes={"Authorization": f"Bearer {'A' * characters}"})

    assert response.status_code == status


@pytest.mark.parametrize(
    ("named", "refusal"),
    [
        pytest.param(None, NO_ORGANISATION, id="missing"),
        pytest.param([str(HOSPITAL), str(HOSPITAL)], BAD_ORGANISATION, id="repeated"),
        pytest.param(f"{HOSPITAL}, {HOSPITAL}", BAD_ORGANISATION, id="list"),
        pytest.param("", BAD_ORGANISATION, id="empty"),
        pytest.param("the-hospital", BAD_ORGANISATION, id="no_uuid"),
        pytest.param(f"{{{HOSPITAL}}}", BAD_ORGANISATION, id="braces"),
        pytest.param(f"urn:uuid:{HOSPITAL}", BAD_ORGANISATION, id="urn"),
        pytest.param(str(HOSPITAL).replace("-", ""), BAD_ORGANISATION, id="no_hyphens"),
        pytest.param(str(UNKNOWN), FORBIDDEN, id="unknown"),
        pytest.param(str(NOT_GRANTED), FORBIDDEN, id="not_granted"),
    ],
)
def test_refuses_to_act_for_an_organisation(
    caller_of_each: Caller, named: str | Sequence[str] | None, refusal: Refused
) -> None:
    response = caller_of_each.call(changes={"X-Org-Public-Id": named})

    assert refusal_in(response) == refusal


def test_refuses_an_unknown_organisation_like_one_that_is_not_granted(caller: Caller) -> None:
    unknown = caller.call(changes={"X-Org-Public-Id": str(UNKNOWN)})
    not_granted = caller.call(changes={"X-Org-Public-Id": str(NOT_GRANTED)})

    assert unknown.content == not_granted.content


def test_refuses_another_client_of_the_same_issuer(caller_of_each: Caller, issuer: Issuer) -> None:
    access_token = issuer.access_token(client_id="somebody-else")

    response = caller_of_each.call(changes={"Authorization": f"Bearer {access_token}"})

    assert refusal_in(response) == FORBIDDEN


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_takes_the_scheme_bearer_in_any_case(caller: Caller, scheme: str) -> None:
    response = caller.call(changes={"Authorization": f"{scheme} {caller.access_token}"})

    assert response.status_code == 200


def test_takes_an_organisation_in_upper_case(caller: Caller) -> None:
    response = caller.call(changes={"X-Org-Public-Id": str(HOSPITAL).upper()})

    assert response.status_code == 200


def test_an_unauthenticated_caller_learns_of_no_other_fault(caller_of_each: Caller) -> None:
    everything_wrong = {"Authorization": None, "X-Org-Public-Id": None, "Content-Type": None}

    response = caller_of_each.call(b"[", everything_wrong)

    assert refusal_in(response) == NO_TOKEN
