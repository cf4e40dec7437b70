"""A request that is sent again under its key: the first answer again, and nothing new."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from returns.result import Failure

from application.generate_invitation_tokens.replay import OtherIdentifiers
from application.generate_invitation_tokens.use_case import GeneratedTokens
from application.ports.invitations import KeyRetired
from domain.access import AuthorisedCaller
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.identifiers import RequestedIdentifier
from tests.builders import (
    CHI,
    CLIENT,
    GENERATE,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    a_malformed_identifier,
    a_patient_id,
    a_report,
    a_requested_identifier,
    an_authorised_caller,
    an_identifier,
)
from tests.unit.application.call_record import FIRST_REQUEST
from tests.unit.application.generate_invitation_tokens.invitation_service import (
    RETENTION,
    InvitationService,
    invited,
)

KEY = "monday-s-letters"
ONE, TWO, NOBODY = (a_requested_identifier(number) for number in (1, 2, 3))


async def _service() -> InvitationService:
    """Give a service that knows patients 1 and 2, and not 3."""
    service = InvitationService()
    for number in (1, 2):
        await service.knows(number)
    return service


def _content(answer: GeneratedTokens) -> tuple[object, object]:
    return answer.invited, answer.omitted


async def test_the_first_answer_under_a_key_is_as_it_would_be_without() -> None:
    with_key = await (await _service()).invite(ONE, NOBODY, key=KEY)

    assert with_key == await (await _service()).invite(ONE, NOBODY)


async def test_a_repeated_request_gets_the_first_answer_as_a_replay() -> None:
    service = await _service()
    first = await service.invite(ONE, NOBODY, TWO, key=KEY)

    second = await service.invite(ONE, NOBODY, TWO, key=KEY)

    assert _content(second) == _content(first)
    assert (first.replayed, first.issued) == (False, 2)
    assert (second.replayed, second.issued) == (True, 0)


async def test_nothing_is_issued_however_often_a_request_is_sent_again() -> None:
    service = await _service()
    first = await service.invite(ONE, TWO, key=KEY)

    answers = [await service.invite(ONE, TWO, key=KEY) for _time in range(3)]

    assert [_content(answer) for answer in answers] == [_content(first)] * 3
    assert len(service.store.invitations) == 2


async def _a_patient_dies(service: InvitationService) -> None:
    await service.knows(1, report=a_report(an_identifier(1), deceased=True))


async def _a_patient_registers(service: InvitationService) -> None:
    await service.knows(1, report=a_report(an_identifier(1), registered=True))


async def _an_unknown_patient_arrives(service: InvitationService) -> None:
    await service.knows(3)


async def _another_key_signs(service: InvitationService) -> None:
    service.keys.insert(0, "new")


async def _a_day_goes_by(service: InvitationService) -> None:
    service.clock.let_pass(RETENTION)


@pytest.mark.parametrize(
    "meanwhile",
    [_an_unknown_patient_arrives, _another_key_signs, _a_day_goes_by],
)
async def test_the_second_answer_is_as_the_first_though(
    meanwhile: Callable[[InvitationService], Awaitable[None]],
) -> None:
    service = await _service()
    first = await service.invite(ONE, NOBODY, TWO, key=KEY)

    await meanwhile(service)

    assert _content(await service.invite(ONE, NOBODY, TWO, key=KEY)) == _content(first)


async def test_codes_that_were_drawn_again_are_the_same_in_the_second_answer() -> None:
    service = InvitationService(codes={(a_patient_id(n), 0): "AAAAAAAAAA" for n in (1, 2)})
    for number in (1, 2):
        await service.knows(number)
    await service.invite(ONE)

    first = await service.invite(ONE, TWO, key=KEY)

    assert {each.invitation_token.code for each in first.invited}.isdisjoint({"AAAAAAAAAA"})
    assert _content(await service.invite(ONE, TWO, key=KEY)) == _content(first)


async def test_two_identifiers_of_a_patient_are_answered_again_with_the_same_invitation() -> None:
    service = InvitationService()
    await service.knows(1, an_identifier(1, NHS), an_identifier(2, CHI))
    both = [a_requested_identifier(2, CHI), a_requested_identifier(1, NHS)]
    await service.invite(*both, key=KEY)

    second = await service.invite(*both, key=KEY)

    assert second.invited == [invited(identifier, 1) for identifier in both]


@pytest.mark.parametrize(
    "requested",
    [
        pytest.param([NOBODY], id="not-found"),
        pytest.param([a_malformed_identifier(), a_malformed_identifier()], id="malformed"),
        pytest.param([a_requested_identifier(4)], id="deceased"),
    ],
)
async def test_an_answer_without_invitations_is_replayed(requested: list[RequestedIdentifier]) -> None:
    service = await _service()
    await service.knows(4, report=a_report(an_identifier(4), deceased=True))
    first = await service.invite(*requested, key=KEY)

    second = await service.invite(*requested, key=KEY)

    assert (_content(second), second.replayed) == (_content(first), True)
    assert (first.invited, len(first.omitted)) == ([], 1)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([ONE, NOBODY], id="another-identifier"),
        pytest.param([TWO, ONE], id="another-order"),
        pytest.param([ONE], id="one-less"),
        pytest.param([ONE, TWO, TWO], id="one-repeated"),
        pytest.param([ONE, a_requested_identifier(2, CHI)], id="another-system"),
        pytest.param([], id="none"),
        pytest.param([ONE] * 501, id="too-many"),
    ],
)
async def test_other_identifiers_under_the_same_key_are_refused_and_nothing_is_issued(
    others: list[RequestedIdentifier],
) -> None:
    service = await _service()
    first = await service.invite(ONE, TWO, key=KEY)

    refused = await service.ask(*others, key=KEY)

    assert refused == Failure(OtherIdentifiers())
    assert len(service.store.invitations) == 2
    assert _content(await service.invite(ONE, TWO, key=KEY)) == _content(first)


async def test_without_a_key_the_same_request_is_a_new_one() -> None:
    service = await _service()
    first = await service.invite(ONE, key=KEY)

    second = await service.invite(ONE)

    assert (second.replayed, second.issued) == (False, 1)
    assert second.invited != first.invited


@pytest.mark.parametrize(
    ("key", "authorised"),
    [
        pytest.param("another", an_authorised_caller(), id="key"),
        pytest.param(KEY, an_authorised_caller(client_id="kiosk"), id="client"),
        pytest.param(KEY, an_authorised_caller(organisation_id=OTHER_HOSPITAL), id="organisation"),
    ],
)
async def test_another_one_of_these_makes_another_request(key: str, authorised: AuthorisedCaller) -> None:
    service = await _service()
    await service.knows(2, organisation_id=OTHER_HOSPITAL)
    await service.invite(ONE, key=KEY)

    other = (await service.ask(TWO, key=key, authorised=authorised)).unwrap()

    assert (other.replayed, other.issued) == (False, 1)


async def test_an_answer_under_a_retired_key_is_refused_until_the_key_is_back() -> None:
    service = await _service()
    first = await service.invite(ONE, key=KEY)

    service.keys[:] = ["new"]
    refused = await service.ask(ONE, key=KEY)
    service.keys[:] = ["new", "fake"]
    second = await service.invite(ONE, key=KEY)

    assert refused == Failure(KeyRetired())
    assert len(service.store.invitations) == 1
    assert _content(second) == _content(first)


async def test_after_its_time_a_request_is_a_new_one() -> None:
    service = await _service()
    first = await service.invite(ONE, key=KEY)

    service.clock.let_pass(RETENTION + timedelta(microseconds=1))
    second = await service.invite(ONE, key=KEY)
    third = await service.invite(ONE, key=KEY)

    assert (second.replayed, third.replayed) == (False, True)
    assert _content(first) != _content(second) == _content(third)


async def test_a_replay_is_recorded_with_the_first_request() -> None:
    service = await _service()
    await service.knows(4, report=a_report(an_identifier(4), deceased=True))
    await service.invite(TWO, a_requested_identifier(4), ONE, key=KEY)
    service.clock.let_pass(timedelta(minutes=1))

    again = await service.invite(TWO, a_requested_identifier(4), ONE, key=KEY)

    assert service.store.events[1:] == [
        AuditEvent(
            request_id=again.request_id,
            recorded_at=NOW + timedelta(minutes=1),
            operation=GENERATE,
            outcome=Outcome.ANSWERED_AGAIN,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=3,
            answered_patients=(a_patient_id(2), a_patient_id(1)),
            omitted={OmissionReason.DECEASED: 1},
            omitted_patients={OmissionReason.DECEASED: (a_patient_id(4),)},
            replayed_request_id=FIRST_REQUEST,
        )
    ]
    assert again.request_id != FIRST_REQUEST


@pytest.mark.parametrize(
    ("keys", "requested"),
    [pytest.param(["fake"], [TWO], id="other-identifiers"), pytest.param(["new"], [ONE], id="key-gone")],
)
async def test_a_refused_key_is_recorded(keys: list[str], requested: list[RequestedIdentifier]) -> None:
    service = await _service()
    await service.invite(ONE, key=KEY)
    service.keys[:] = keys

    await service.ask(*requested, key=KEY)

    [_first, refused] = service.store.events
    assert (refused.outcome, refused.asked) == (Outcome.IDEMPOTENCY_KEY_REFUSED, 1)
    assert (refused.issued_patients, refused.replayed_request_id) == ((), None)
