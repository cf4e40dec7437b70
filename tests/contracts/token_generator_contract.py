"""The contract of `TokenGenerator`.

The consumer supplies the fixtures `token_generator`, `token_generator_after_rotation`, in whose ring
another key signs and the former one is still there, and `token_generator_of_another_key`, in whose ring it
is not.
"""

import pytest
from returns.result import Failure, Success

from application.ports.invitations import KeyRetired, TokenGenerator
from tests.builders import a_patient_id, a_request_id

CROCKFORD = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
REQUEST = a_request_id(1)
PATIENT = a_patient_id(1)
SEVERAL = [a_patient_id(number) for number in (3, 1, 2)]


class TokenGeneratorContract:
    def test_the_same_request_patient_and_attempt_give_the_same_secrets(
        self, token_generator: TokenGenerator
    ) -> None:
        once = token_generator.draw(REQUEST, SEVERAL, 0)

        again = token_generator.draw(REQUEST, SEVERAL, 0)

        assert list(again) == list(once)

    @pytest.mark.parametrize(
        ("request_number", "patient_number", "attempt"),
        [
            pytest.param(2, 1, 0, id="request"),
            pytest.param(1, 2, 0, id="patient"),
            pytest.param(1, 1, 1, id="attempt"),
            pytest.param(1, 1, 256, id="high-attempt"),
        ],
    )
    def test_each_of_these_changes_every_secret(
        self, token_generator: TokenGenerator, request_number: int, patient_number: int, attempt: int
    ) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        [other] = token_generator.draw(a_request_id(request_number), [a_patient_id(patient_number)], attempt)

        assert drawn.code != other.code
        assert drawn.token != other.token
        assert drawn.code_digest != other.code_digest
        assert drawn.token_digest != other.token_digest

    def test_code_and_token_are_ten_characters_of_crockford_base_32(
        self, token_generator: TokenGenerator
    ) -> None:
        patients = [a_patient_id(number) for number in range(100)]

        drawn = token_generator.draw(REQUEST, patients, 0)

        secrets = [secret for each in drawn for secret in (each.code, each.token)]
        assert {len(secret) for secret in secrets} == {10}
        assert set().union(*secrets) <= CROCKFORD

    def test_every_character_occurs_at_every_position(self, token_generator: TokenGenerator) -> None:
        patients = [a_patient_id(number) for number in range(1_000)]

        drawn = token_generator.draw(REQUEST, patients, 0)

        assert all(set(place) == CROCKFORD for place in zip(*(each.code for each in drawn), strict=True))
        assert all(set(place) == CROCKFORD for place in zip(*(each.token for each in drawn), strict=True))

    def test_the_secrets_follow_the_order_of_the_patients(self, token_generator: TokenGenerator) -> None:
        one_by_one = [token_generator.draw(REQUEST, [patient], 0)[0] for patient in SEVERAL]

        drawn = token_generator.draw(REQUEST, SEVERAL, 0)

        assert list(drawn) == one_by_one

    def test_no_patients_draw_nothing(self, token_generator: TokenGenerator) -> None:
        assert list(token_generator.draw(REQUEST, [], 0)) == []

    def test_code_and_token_are_different_secrets(self, token_generator: TokenGenerator) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        assert drawn.code != drawn.token

    def test_digests_are_32_bytes(self, token_generator: TokenGenerator) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        assert (len(drawn.code_digest), len(drawn.token_digest)) == (32, 32)

    def test_the_digests_of_code_and_token_differ(self, token_generator: TokenGenerator) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        assert drawn.code_digest != drawn.token_digest

    def test_the_key_is_named(self, token_generator: TokenGenerator) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        assert drawn.key_id

    def test_a_repr_shows_neither_secrets_nor_digests(self, token_generator: TokenGenerator) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        shown = repr(drawn)

        hidden = (drawn.code, drawn.token, repr(drawn.code_digest), repr(drawn.token_digest))
        assert not [secret for secret in hidden if secret in shown]

    def test_secrets_are_derived_again_for_each_patient_at_its_attempt(
        self, token_generator: TokenGenerator
    ) -> None:
        attempts = {a_patient_id(3): 0, a_patient_id(1): 1, a_patient_id(2): 256}
        drawn = {
            patient: token_generator.draw(REQUEST, [patient], attempt)[0]
            for patient, attempt in attempts.items()
        }

        again = token_generator.draw_again(token_generator.derivation, REQUEST, attempts)

        assert again == Success(drawn)
        assert [*again.unwrap()] == [*attempts]

    def test_secrets_are_derived_again_when_another_key_signs(
        self, token_generator: TokenGenerator, token_generator_after_rotation: TokenGenerator
    ) -> None:
        [drawn] = token_generator.draw(REQUEST, [PATIENT], 0)

        again = token_generator_after_rotation.draw_again(token_generator.derivation, REQUEST, {PATIENT: 0})

        [anew] = token_generator_after_rotation.draw(REQUEST, [PATIENT], 0)
        assert again == Success({PATIENT: drawn})
        assert (anew.key_id, anew.code, anew.token) != (drawn.key_id, drawn.code, drawn.token)

    def test_nothing_is_derived_again_when_the_key_is_retired(
        self, token_generator: TokenGenerator, token_generator_of_another_key: TokenGenerator
    ) -> None:
        again = token_generator_of_another_key.draw_again(token_generator.derivation, REQUEST, {PATIENT: 0})

        assert again == Failure(KeyRetired())

    def test_for_no_patients_nothing_is_derived_again(self, token_generator: TokenGenerator) -> None:
        assert token_generator.draw_again(token_generator.derivation, REQUEST, {}) == Success({})
