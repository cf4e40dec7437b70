"""The contract of `RequestFingerprints`.

The consumer supplies the fixtures `fingerprints`, `fingerprints_after_rotation`, in whose ring another
key signs and the former one is still there, and `fingerprints_of_another_key`, in whose ring it is not.
"""

from collections.abc import Sequence

import pytest
from returns.result import Failure, Success

from application.ports.invitations import KeyRetired, RequestFingerprints
from domain.identifiers import RequestedIdentifier
from tests.builders import CHI, NHS, a_requested_identifier

ONE, TWO = a_requested_identifier(1), a_requested_identifier(2)


class RequestFingerprintsContract:
    def test_the_same_identifiers_in_the_same_order_have_the_same_fingerprint(
        self, fingerprints: RequestFingerprints
    ) -> None:
        assert fingerprints.take([ONE, TWO]) == fingerprints.take((ONE, TWO))

    @pytest.mark.parametrize(
        "others",
        [
            pytest.param([TWO, ONE], id="order"),
            pytest.param([ONE], id="one-less"),
            pytest.param([ONE, TWO, TWO], id="one-repeated"),
            pytest.param([ONE, a_requested_identifier(3)], id="value"),
            pytest.param([ONE, a_requested_identifier(2, CHI)], id="system"),
            pytest.param([ONE, RequestedIdentifier(NHS, f"{TWO.value} ")], id="space"),
            pytest.param(
                [RequestedIdentifier(ONE.system + ONE.value, ""), TWO], id="system-and-value-run-on"
            ),
            pytest.param(
                [RequestedIdentifier(NHS, f'{ONE.value}"],["{NHS}","{TWO.value}')], id="marks-of-a-list"
            ),
            pytest.param([], id="none"),
        ],
    )
    def test_others_have_another(
        self, fingerprints: RequestFingerprints, others: Sequence[RequestedIdentifier]
    ) -> None:
        assert fingerprints.take(others) != fingerprints.take([ONE, TWO])

    def test_a_value_may_be_any_text(self, fingerprints: RequestFingerprints) -> None:
        texts = ["", "\0", "caf\u00e9", "cafe\u0301", "\U0001f3e5", "9" * 100_000]

        taken = [fingerprints.take([RequestedIdentifier(NHS, text)]) for text in texts]

        assert len({each.digest for each in taken}) == len(texts)

    def test_a_fingerprint_is_taken_again_under_its_key(self, fingerprints: RequestFingerprints) -> None:
        first = fingerprints.take([ONE, TWO])

        assert fingerprints.take_under(first.derivation, [ONE, TWO]) == Success(first)
        assert fingerprints.take_under(first.derivation, [TWO, ONE]) != Success(first)

    def test_a_fingerprint_is_taken_again_when_another_key_signs(
        self, fingerprints: RequestFingerprints, fingerprints_after_rotation: RequestFingerprints
    ) -> None:
        first = fingerprints.take([ONE, TWO])

        again = fingerprints_after_rotation.take_under(first.derivation, [ONE, TWO])

        assert again == Success(first)
        assert fingerprints_after_rotation.take([ONE, TWO]).digest != first.digest

    def test_a_fingerprint_is_not_derived_again_when_its_key_is_retired(
        self, fingerprints: RequestFingerprints, fingerprints_of_another_key: RequestFingerprints
    ) -> None:
        first = fingerprints.take([ONE])

        assert fingerprints_of_another_key.take_under(first.derivation, [ONE]) == Failure(KeyRetired())
