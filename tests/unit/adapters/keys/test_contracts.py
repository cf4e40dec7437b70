"""The adapters that use the token keys fulfil the contracts of their ports."""

import pytest

from adapters.keys.fingerprints import HmacRequestFingerprints
from adapters.keys.redemption_secrets import HmacRedemptionSecrets
from adapters.keys.token_generator import HmacTokenGenerator
from tests.contracts.redemption_secrets_contract import RedemptionSecretsContract
from tests.contracts.request_fingerprints_contract import RequestFingerprintsContract
from tests.contracts.token_generator_contract import TokenGeneratorContract
from tests.key_builders import a_key, a_key_ring

ROTATED = a_key_ring(f"second:{a_key('b')}", f"first:{a_key()}")
OTHER = a_key_ring(f"second:{a_key('b')}")


class TestHmacTokenGenerator(TokenGeneratorContract):
    @pytest.fixture
    def token_generator(self) -> HmacTokenGenerator:
        return HmacTokenGenerator(a_key_ring())

    @pytest.fixture
    def token_generator_after_rotation(self) -> HmacTokenGenerator:
        return HmacTokenGenerator(ROTATED)

    @pytest.fixture
    def token_generator_of_another_key(self) -> HmacTokenGenerator:
        return HmacTokenGenerator(OTHER)


class TestHmacRequestFingerprints(RequestFingerprintsContract):
    @pytest.fixture
    def fingerprints(self) -> HmacRequestFingerprints:
        return HmacRequestFingerprints(a_key_ring())

    @pytest.fixture
    def fingerprints_after_rotation(self) -> HmacRequestFingerprints:
        return HmacRequestFingerprints(ROTATED)

    @pytest.fixture
    def fingerprints_of_another_key(self) -> HmacRequestFingerprints:
        return HmacRequestFingerprints(OTHER)


class TestHmacRedemptionSecrets(RedemptionSecretsContract):
    @pytest.fixture
    def redemption_secrets(self) -> HmacRedemptionSecrets:
        return HmacRedemptionSecrets(a_key_ring())

    @pytest.fixture
    def redemption_secrets_after_rotation(self) -> HmacRedemptionSecrets:
        return HmacRedemptionSecrets(ROTATED)

    @pytest.fixture
    def token_generator(self) -> HmacTokenGenerator:
        return HmacTokenGenerator(a_key_ring())
