import pytest
from returns.result import Failure, Result, Success

from application.authorisation import (
    AccessRefused,
    AccessTokenMissing,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.authorise_caller import AccessRequest, AuthoriseCaller
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from application.ports.system import Unavailable
from domain.access import AuthorisedCaller, GrantTerms, Operation
from tests.builders import (
    CLIENT,
    GENERATE,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    STATUS_QUERY,
    a_grant,
    an_organisation,
)
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.caller_access import (
    CALLER,
    READER,
    SCOPE,
    SCOPES,
    STATUS_SCOPE,
    UNSCOPED,
    an_authorised,
    authorise_caller,
)


async def test_a_caller_with_token_scope_and_grant_is_authorised() -> None:
    authorised = await authorise_caller()(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised == Success(an_authorised(CALLER, GENERATE))


async def test_a_caller_has_the_terms_of_its_grant() -> None:
    grants = InMemoryGrants()
    await grants.add(a_grant(CLIENT, HOSPITAL), GrantTerms(2))

    authorised = await authorise_caller(granted=grants)(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised.unwrap().terms == GrantTerms(2)


async def test_a_disabled_organisation_is_refused_as_one_that_is_not_granted() -> None:
    organisations = InMemoryOrganisations(an_organisation())
    await organisations.disable(HOSPITAL, NOW)
    grants = InMemoryGrants(a_grant(CLIENT, HOSPITAL), organisations=organisations)

    refused = await authorise_caller(granted=grants)(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert refused == Failure(OrganisationForbidden(CALLER, HOSPITAL))


async def test_an_organisation_may_be_named_in_upper_case() -> None:
    authorised = await authorise_caller()(GENERATE, AccessRequest("good", str(HOSPITAL).upper()))

    assert authorised == Success(an_authorised(CALLER, GENERATE))


async def test_where_no_scope_is_required_none_is_needed() -> None:
    authorise = authorise_caller(scopes={**SCOPES, GENERATE: ""})

    authorised = await authorise(GENERATE, AccessRequest("unscoped", str(HOSPITAL)))

    assert authorised == Success(an_authorised(UNSCOPED, GENERATE))


async def test_every_operation_that_the_scopes_allow_is_permitted() -> None:
    authorise = authorise_caller(scopes={**SCOPES, STATUS_QUERY: ""})

    authorised = await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised.unwrap().permitted == {GENERATE, STATUS_QUERY}


@pytest.mark.parametrize(
    ("operation", "token", "authorised"),
    [
        pytest.param(GENERATE, "good", Success(an_authorised(CALLER, GENERATE)), id="generate"),
        pytest.param(STATUS_QUERY, "reader", Success(an_authorised(READER, STATUS_QUERY)), id="status"),
        pytest.param(GENERATE, "reader", Failure(ScopeMissing(READER, SCOPE)), id="generate-as-reader"),
        pytest.param(
            STATUS_QUERY, "good", Failure(ScopeMissing(CALLER, STATUS_SCOPE)), id="status-as-inviter"
        ),
    ],
)
async def test_each_operation_has_a_scope_of_its_own(
    operation: Operation, token: str, authorised: Result[AuthorisedCaller, AccessRefused]
) -> None:
    assert await authorise_caller()(operation, AccessRequest(token, str(HOSPITAL))) == authorised


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
    assert await authorise_caller()(GENERATE, asked) == Failure(refusal)


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
async def test_of_several_faults_the_first_is_reported(asked: AccessRequest, refusal: AccessRefused) -> None:
    assert await authorise_caller()(GENERATE, asked) == Failure(refusal)


async def test_the_grant_of_another_client_is_no_help() -> None:
    authorise = authorise_caller(a_grant("kiosk", HOSPITAL))

    authorised = await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised == Failure(OrganisationForbidden(CALLER, HOSPITAL))


@pytest.mark.parametrize(
    "authorise",
    [
        pytest.param(authorise_caller(verifier=OutOfOrder()), id="verifier"),
        pytest.param(authorise_caller(granted=OutOfOrder()), id="grants"),
        pytest.param(authorise_caller(allowances=OutOfOrder()), id="allowances"),
    ],
)
async def test_infrastructure_that_is_down_is_no_answer(authorise: AuthoriseCaller) -> None:
    with pytest.raises(Unavailable):
        await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))


def test_a_repr_of_an_access_request_shows_nothing() -> None:
    assert repr(AccessRequest("secret", str(HOSPITAL))) == "AccessRequest(<hidden>)"
