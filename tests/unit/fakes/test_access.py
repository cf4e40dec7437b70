"""The fakes of access tokens, organisations, grants and rate limits fulfil the contracts of their ports."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from returns.result import Failure, Success

from application.ports.access import AccessTokenExpired, AuthorisationServer
from domain.access import Caller
from domain.organisations import OrganisationId
from tests.builders import CLIENT
from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.contracts.authorisation_server_contract import AuthorisationServerContract
from tests.contracts.grant_repository_contract import GrantRepositoryContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.organisation_repository_contract import OrganisationRepositoryContract
from tests.contracts.organisation_states_contract import OrganisationStatesContract
from tests.contracts.rate_limits_contract import RateLimitsContract
from tests.contracts.redemption_grants_contract import RedemptionGrantsContract
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.authorisation_server import FixedAuthorisationServer
from tests.fakes.grant_repository import InMemoryGrants, InMemoryRedemptionGrants
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.rate_limits import CountedRateLimits


@pytest.fixture
def token_endpoint() -> str:
    return "https://login.test.invalid/token"


@pytest.fixture
def described(token_endpoint: str) -> FixedAuthorisationServer:
    return FixedAuthorisationServer(AuthorisationServer(token_endpoint=token_endpoint))


@pytest.fixture
def undescribed() -> FixedAuthorisationServer:
    return FixedAuthorisationServer()


@pytest.fixture
def unreachable() -> FixedAuthorisationServer:
    away = FixedAuthorisationServer()
    away.is_away = True
    return away


@pytest.fixture
def name_of(organisation_repository: InMemoryOrganisations) -> Callable[[OrganisationId], Awaitable[str]]:
    async def read(organisation_id: OrganisationId) -> str:
        return organisation_repository.organisations[organisation_id].name

    return read


@pytest.fixture
def grant_repository(organisation_repository: InMemoryOrganisations) -> InMemoryGrants:
    return InMemoryGrants(organisations=organisation_repository)


@pytest.fixture
def organisation_grants(grant_repository: InMemoryGrants) -> InMemoryGrants:
    return grant_repository


@pytest.fixture
def redemption_grant_repository() -> InMemoryRedemptionGrants:
    return InMemoryRedemptionGrants()


@pytest.fixture
def redemption_grants(redemption_grant_repository: InMemoryRedemptionGrants) -> InMemoryRedemptionGrants:
    return redemption_grant_repository


@pytest.fixture
def rate_limits() -> CountedRateLimits:
    return CountedRateLimits(10)


@pytest.fixture
def wait(rate_limits: CountedRateLimits) -> Callable[[int], None]:
    return lambda _seconds: rate_limits.renew()


@pytest.fixture
def presented() -> Mapping[str, str]:
    return {name: name for name in ("genuine", "expired", "not-ours", "malformed")}


@pytest.fixture
def verifier() -> KnownAccessTokens:
    genuine = Caller(CLIENT, frozenset({"one", "two"}))
    return KnownAccessTokens({"genuine": Success(genuine), "expired": Failure(AccessTokenExpired())})


class TestFixedAuthorisationServer(AuthorisationServerContract):
    pass


class TestKnownAccessTokens(AccessTokenVerifierContract):
    pass


class TestCountedRateLimits(RateLimitsContract):
    pass


class TestInMemoryGrants(GrantRepositoryContract):
    pass


class TestInMemoryGrantsAsOrganisationGrants(OrganisationGrantsContract):
    pass


class TestInMemoryRedemptionGrants(RedemptionGrantsContract):
    pass


class TestInMemoryOrganisations(OrganisationRepositoryContract):
    pass


class TestInMemoryOrganisationStates(OrganisationStatesContract):
    pass
