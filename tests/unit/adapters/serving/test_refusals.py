"""The catalogue holds a refusal of every kind, under the reason that programs read."""

from adapters.serving.refusals import Kind, generation_refusal, identifiers_refusal
from domain.identifiers import NoPatientIdentifier
from domain.rate_limits import Throttled
from tests.unit.adapters.serving.every_refusal import EVERY_REFUSAL


def test_there_is_a_refusal_of_every_kind() -> None:
    kinds = {refusal.kind for refusal in EVERY_REFUSAL.values()}

    assert kinds == set(Kind)


def test_each_refusal_has_its_own_reason() -> None:
    reasons = [refusal.reason for refusal in EVERY_REFUSAL.values()]

    assert reasons == list(EVERY_REFUSAL)


def test_an_operation_throttles_like_a_call() -> None:
    refusal = identifiers_refusal(Throttled(7))

    assert refusal == EVERY_REFUSAL["THROTTLED"]


def test_generation_refuses_identifiers_like_every_operation() -> None:
    refusal = generation_refusal(NoPatientIdentifier())

    assert refusal == EVERY_REFUSAL["NO_IDENTIFIER"]
