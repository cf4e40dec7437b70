"""A request under a key whose first try failed, or is still in progress."""

import pytest
from returns.result import Failure

from application.find_patients import IdentifiersRejected
from application.generate_invitation_tokens.replay import OtherIdentifiers
from application.generate_invitation_tokens.use_case import GeneratedTokens
from application.ports.invitations import RequestInProgress
from application.ports.system import Unavailable
from domain.audit import Outcome
from domain.identifiers import (
    NoPatientIdentifier,
    RequestedIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
)
from tests.builders import a_patient_id, a_requested_identifier
from tests.fakes.rate_limits import CountedRateLimits
from tests.unit.application.generate_invitation_tokens.invitation_service import InvitationService

KEY = "monday-s-letters"
ONE, TWO = a_requested_identifier(1), a_requested_identifier(2)


async def _service(allowances: CountedRateLimits | None = None) -> InvitationService:
    """Give a service that knows patients 1 and 2."""
    service = InvitationService(allowances=allowances)
    for number in (1, 2):
        await service.knows(number)
    return service


def _content(answer: GeneratedTokens) -> tuple[object, object]:
    return answer.invited, answer.omitted


@pytest.mark.parametrize(
    ("requested", "refusal"),
    [
        pytest.param([], NoPatientIdentifier(), id="no-identifiers"),
        pytest.param([ONE] * 501, TooManyPatientIdentifiers(500), id="too-many-identifiers"),
        pytest.param(
            [ONE, RequestedIdentifier("urn:oid:1.2.3", "1")],
            UnsupportedIdentifierSystems((1,)),
            id="unsupported-system",
        ),
    ],
)
async def test_a_refusal_is_not_remembered_so_that_the_corrected_request_can_use_the_key(
    requested: list[RequestedIdentifier], refusal: IdentifiersRejected
) -> None:
    service = await _service()
    refused = await service.ask(*requested, key=KEY)

    corrected = await service.invite(ONE, key=KEY)

    assert refused == Failure(refusal)
    assert (corrected.replayed, corrected.issued) == (False, 1)


async def test_a_request_of_more_than_the_allowance_can_be_sent_again_later() -> None:
    allowances = CountedRateLimits(1)
    service = await _service(allowances)
    await service.invite(ONE)

    refused = await service.ask(TWO, key=KEY)
    allowances.renew()
    later = await service.invite(TWO, key=KEY)

    assert refused == Failure(allowances.throttled)
    assert (later.replayed, later.issued) == (False, 1)


async def test_an_answer_is_given_again_even_to_a_caller_whose_allowance_is_used_up() -> None:
    service = await _service(CountedRateLimits(1))
    first = await service.invite(ONE, key=KEY)

    assert _content(await service.invite(ONE, key=KEY)) == _content(first)


async def test_a_request_that_met_an_outage_can_be_sent_again() -> None:
    async def fail() -> None:
        raise Unavailable

    service = await _service()
    service.storing.meanwhile = fail
    with pytest.raises(Unavailable):
        await service.ask(ONE, key=KEY)

    again = await service.invite(ONE, key=KEY)

    assert (again.replayed, again.issued) == (False, 1)


async def test_of_two_concurrent_requests_the_later_gets_the_answer_of_the_earlier() -> None:
    service = await _service()
    earlier: list[GeneratedTokens] = []

    async def come_first() -> None:
        earlier.append(await service.invite(ONE, TWO, key=KEY))

    service.storing.meanwhile = come_first

    later = await service.invite(ONE, TWO, key=KEY)

    assert [_content(later)] == [_content(answer) for answer in earlier]
    assert (later.replayed, later.issued) == (True, 0)
    assert len(service.store.invitations) == 2
    assert [event.outcome for event in service.store.events] == [Outcome.CARRIED_OUT, Outcome.ANSWERED_AGAIN]


async def test_of_two_concurrent_requests_with_other_identifiers_the_later_is_refused() -> None:
    service = await _service()
    service.storing.meanwhile = lambda: service.ask(TWO, key=KEY)

    later = await service.ask(ONE, key=KEY)

    assert later == Failure(OtherIdentifiers())
    assert [each.patient_id for each in service.store.invitations] == [a_patient_id(2)]


async def test_a_request_whose_first_try_is_in_progress_is_refused_and_can_be_retried() -> None:
    service = await _service()
    service.storing.waits_in_vain = True

    refused = await service.ask(ONE, key=KEY)
    again = await service.invite(ONE, key=KEY)

    assert refused == Failure(RequestInProgress())
    assert (again.replayed, again.issued) == (False, 1)
    assert [event.outcome for event in service.store.events] == [
        Outcome.IDEMPOTENCY_KEY_REFUSED,
        Outcome.CARRIED_OUT,
    ]


async def test_a_request_that_waited_in_vain_is_answered_if_the_first_is_stored_after_all() -> None:
    service = await _service()
    service.storing.waits_in_vain = True
    service.storing.meanwhile = lambda: service.ask(ONE, key=KEY)

    answer = await service.invite(ONE, key=KEY)

    assert answer.replayed
    assert len(service.store.invitations) == 1
    assert _content(await service.invite(ONE, key=KEY)) == _content(answer)
