"""The catalogue holds a refusal of every kind, under the reason that programs read."""

import pytest

from adapters.serving.access_refusals import access_refusal
from adapters.serving.redemption_refusals import claim_refusal, confirmation_refusal
from adapters.serving.refusals import Kind, generation_refusal, identifiers_refusal
from application.authorisation import CallsThrottled
from domain.access import AuthorisedPortal, Caller, Operation
from domain.identifiers import NoPatientIdentifier
from domain.rate_limits import Throttled
from domain.redemption import BirthDateWrong, NoLongerEligible, PairUnknown
from tests.unit.adapters.serving.every_refusal import EVERY_REFUSAL, REDEMPTION_REFUSALS


def test_there_is_a_refusal_of_every_kind() -> None:
    kinds = {refusal.kind for refusal in (*EVERY_REFUSAL.values(), *REDEMPTION_REFUSALS.values())}

    assert kinds == set(Kind)


def test_each_refusal_has_its_own_reason() -> None:
    every = EVERY_REFUSAL | REDEMPTION_REFUSALS

    assert [refusal.reason for refusal in every.values()] == list(every)


def test_an_operation_throttles_like_a_call() -> None:
    refusal = identifiers_refusal(Throttled(7))

    assert refusal == EVERY_REFUSAL["THROTTLED"]


def test_generation_refuses_identifiers_like_every_operation() -> None:
    refusal = generation_refusal(NoPatientIdentifier())

    assert refusal == EVERY_REFUSAL["NO_IDENTIFIER"]


def test_a_portal_is_throttled_like_every_caller() -> None:
    portal = AuthorisedPortal(Caller("portal"), Operation.CLAIM_INVITATION)

    assert access_refusal(CallsThrottled(portal, Throttled(7))) == EVERY_REFUSAL["THROTTLED"]


def test_an_unknown_code_and_a_wrong_token_have_one_sentence_and_a_wrong_birth_date_another() -> None:
    pair, birth_date = claim_refusal(PairUnknown()), claim_refusal(BirthDateWrong(4))

    assert pair.kind == birth_date.kind
    assert pair.sentence != birth_date.sentence


@pytest.mark.parametrize(
    ("attempts_left", "said"),
    [(4, "4 attempts are left."), (1, "1 attempt is left."), (0, "No attempt is left.")],
)
def test_a_wrong_birth_date_is_told_with_the_attempts_that_are_left(attempts_left: int, said: str) -> None:
    assert claim_refusal(BirthDateWrong(attempts_left)).sentence.endswith(said)


def test_a_patient_who_is_not_eligible_is_refused_alike_at_both_steps() -> None:
    assert confirmation_refusal(NoLongerEligible()) == claim_refusal(NoLongerEligible())
