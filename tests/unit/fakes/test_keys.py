"""The fakes of what is derived from keys fulfil the contracts of their ports."""

import pytest

from tests.contracts.redemption_secrets_contract import RedemptionSecretsContract
from tests.contracts.request_fingerprints_contract import RequestFingerprintsContract
from tests.contracts.token_generator_contract import TokenGeneratorContract
from tests.fakes.redemption_secrets import HashingRedemptionSecrets
from tests.fakes.request_fingerprints import HashingRequestFingerprints
from tests.fakes.token_generator import HashingTokenGenerator


@pytest.fixture
def token_generator() -> HashingTokenGenerator:
    return HashingTokenGenerator()


@pytest.fixture
def token_generator_after_rotation() -> HashingTokenGenerator:
    return HashingTokenGenerator(keys=("new", "fake"))


@pytest.fixture
def token_generator_of_another_key() -> HashingTokenGenerator:
    return HashingTokenGenerator(keys=("new",))


@pytest.fixture
def redemption_secrets() -> HashingRedemptionSecrets:
    return HashingRedemptionSecrets()


@pytest.fixture
def redemption_secrets_after_rotation() -> HashingRedemptionSecrets:
    return HashingRedemptionSecrets(("new", "fake"))


@pytest.fixture
def fingerprints() -> HashingRequestFingerprints:
    return HashingRequestFingerprints()


@pytest.fixture
def fingerprints_after_rotation() -> HashingRequestFingerprints:
    return HashingRequestFingerprints(("new", "fake"))


@pytest.fixture
def fingerprints_of_another_key() -> HashingRequestFingerprints:
    return HashingRequestFingerprints(("new",))


class TestHashingTokenGenerator(TokenGeneratorContract):
    pass


class TestHashingRequestFingerprints(RequestFingerprintsContract):
    pass


class TestHashingRedemptionSecrets(RedemptionSecretsContract):
    pass
