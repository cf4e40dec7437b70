import pytest
from returns.result import Failure, Success

from application.authorise_caller import (
    AccessRefused,
    AccessRequest,
    AccessTokenMissing,
    AuthoriseCaller,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.ports.access_token_verifier import (
    AccessTokenExpired,
    AccessTokenInvalid,
    AccessTokenVerifier,
)
from application.ports.organisation_grants import OrganisationGrants
from application.ports.unavailable import Unavailable
from domain.caller import AuthorisedCaller, Caller
from tests.builders import CLIENT, HOSPITAL, OTHER_HOSPITAL, a_grant
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.grant_register import InMemoryGrants
from tests.fakes.unavailable import OutOfOrder

SCOPE = "system/Organization.write"
CALLER = Caller(CLIENT, frozenset({SCOPE, "system/Patient.read"}))
UNSCOPED = Caller(CLIENT, frozenset({"system/Organization.write.all", "write"}))
VERIFIER = KnownAccessTokens(
    {"good": Success(CALLER), "unscoped": Success(UNSCOPED), "expired": Failure(AccessTokenExpired())}
)


def _authorise(required_scope: str = SCOPE) -> AuthoriseCaller:
    return AuthoriseCaller(VERIFIER, InMemoryGrants(a_grant(CLIENT, HOSPITAL)), required_scope)


async def test_a_caller_with_token_scope_and_grant_is_authorised() -> None:
    authorised = await _authorise()(AccessRequest("good", str(HOSPITAL)))

    assert authorised == Success(AuthorisedCaller(CALLER, HOSPITAL))


async def test_an_organisation_may_be_named_in_upper_case() -> None:
    authorised = await _authorise()(AccessRequest("good", str(HOSPITAL).upper()))

    assert authorised == Success(AuthorisedCaller(CALLER, HOSPITAL))


async def test_where_no_scope_is_required_none_is_needed() -> None:
    authorised = await _authorise(required_scope="")(AccessRequest("unscoped", str(HOSPITAL)))

    assert authorised == Success(AuthorisedCaller(UNSCOPED, HOSPITAL))


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param(AccessRequest(None, str(HOSPITAL)), AccessTokenMissing(), id="no-token"),
        pytest.param(AccessRequest("", str(HOSPITAL)), AccessTokenInvalid(), id="empty-token"),
        pytest.param(AccessRequest("forged", str(HOSPITAL)), AccessTokenInvalid(), id="invalid-token"),
        pytest.param(AccessRequest("expired", str(HOSPITAL)), AccessTokenExpired(), id="expired-token"),
        pytest.param(AccessRequest("unscoped", str(HOSPITAL)), ScopeMissing(UNSCOPED, SCOPE), id="no-scope"),
        pytest.param(AccessRequest("good", None), OrganisationMissing(CALLER), id="no-organisation"),
        pytest.param(AccessRequest("good", ""), OrganisationMalformed(CALLER), id="empty-organisation"),
        pytest.param(
            AccessRequest("good", f"{HOSPITAL},{HOSPITAL}"),
            OrganisationMalformed(CALLER),
            id="two-organisations",
        ),
        pytest.param(
            AccessRequest("good", str(OTHER_HOSPITAL)),
            OrganisationForbidden(CALLER, OTHER_HOSPITAL),
            id="organisation-not-granted",
        ),
    ],
)
async def test_access_is_refused_for(asked: AccessRequest, refusal: AccessRefused) -> None:
    assert await _authorise()(asked) == Failure(refusal)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param(AccessRequest(None, None), AccessTokenMissing(), id="token-before-organisation"),
        pytest.param(AccessRequest("expired", None), AccessTokenExpired(), id="verdict-before-organisation"),
        pytest.param(
            AccessRequest("unscoped", "no organisation"),
            ScopeMissing(UNSCOPED, SCOPE),
            id="scope-before-organisation",
        ),
    ],
)
async def test_of_several_faults_the_first_is_told(asked: AccessRequest, refusal: AccessRefused) -> None:
    assert await _authorise()(asked) == Failure(refusal)


async def test_the_grant_of_another_client_is_no_help() -> None:
    authorise = AuthoriseCaller(VERIFIER, InMemoryGrants(a_grant("kiosk", HOSPITAL)), SCOPE)

    authorised = await authorise(AccessRequest("good", str(HOSPITAL)))

    assert authorised == Failure(OrganisationForbidden(CALLER, HOSPITAL))


@pytest.mark.parametrize(
    ("verifier", "grants"),
    [
        pytest.param(OutOfOrder(), InMemoryGrants(), id="verifier"),
        pytest.param(VERIFIER, OutOfOrder(), id="grants"),
    ],
)
async def test_infrastructure_that_is_down_is_no_answer(
    verifier: AccessTokenVerifier, grants: OrganisationGrants
) -> None:
    with pytest.raises(Unavailable):
        await AuthoriseCaller(verifier, grants, SCOPE)(AccessRequest("good", str(HOSPITAL)))


def test_a_repr_of_an_access_request_shows_nothing() -> None:
    assert repr(AccessRequest("secret", str(HOSPITAL))) == "AccessRequest(<hidden>)"
