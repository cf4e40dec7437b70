import pytest
from returns.result import Failure, Success

from application.find_patients import FindPatients, IdentifiersRejected
from application.ports.access import RateLimits
from application.ports.audit import AuditRepository
from application.ports.patients import PatientRepository
from application.ports.system import Unavailable
from domain.audit import AuditEvent, Outcome
from domain.identifiers import (
    NoPatientIdentifier,
    RequestedIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
)
from tests.builders import (
    CHI,
    CLIENT,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    STATUS_QUERY,
    a_malformed_identifier,
    a_patient,
    a_report,
    a_requested_identifier,
    an_authorised_caller,
    an_identifier,
    reported,
)
from tests.fakes.audit_repository import InMemoryAuditRepository, InterruptedAuditRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record, a_charge

AT_MOST = 5
ASKS = an_authorised_caller(operation=STATUS_QUERY)
UNSUPPORTED = RequestedIdentifier("urn:oid:1.2.3", "1")


async def _two_patients() -> InMemoryPatientRepository:
    """Give a hospital's two patients, the first of them under two identifiers."""
    register = InMemoryPatientReportRepository()
    first = a_report(an_identifier(1, NHS), an_identifier(1, CHI))
    await reported(register, first, a_report(an_identifier(2)))
    return InMemoryPatientRepository(register)


async def _find(
    patients: PatientRepository | None = None,
    allowances: RateLimits | None = None,
    trail: AuditRepository | None = None,
) -> FindPatients:
    record = a_call_record(trail)
    return FindPatients(patients or await _two_patients(), a_charge(record, allowances), record)


async def test_throttling_is_on_record_once_a_minute() -> None:
    trail = InMemoryAuditRepository()
    find = await _find(allowances=CountedRateLimits(0), trail=trail)

    for _ in range(3):
        await find(ASKS, [a_requested_identifier(1)], AT_MOST)

    assert [each.outcome for each in trail.events] == [Outcome.THROTTLED]


async def test_throttling_that_could_not_be_recorded_is_recorded_by_the_next_call() -> None:
    trail = InterruptedAuditRepository(Unavailable("away"))
    find = await _find(allowances=CountedRateLimits(0), trail=trail)
    with pytest.raises(Unavailable):
        await find(ASKS, [a_requested_identifier(1)], AT_MOST)

    await find(ASKS, [a_requested_identifier(1)], AT_MOST)

    assert [each.outcome for each in trail.events] == [Outcome.THROTTLED]


async def test_each_identifier_is_answered_in_request_order() -> None:
    find = await _find()

    found = await find(
        ASKS,
        [
            a_requested_identifier(2),
            a_requested_identifier(3),
            a_requested_identifier(1, CHI),
            a_malformed_identifier(),
            a_requested_identifier(2),
        ],
        AT_MOST,
    )

    assert found == Success([a_patient(2), None, a_patient(1), None, a_patient(2)])


async def test_patients_are_found_for_the_organisation_of_the_caller() -> None:
    elsewhere = an_authorised_caller(organisation_id=OTHER_HOSPITAL)

    found = await (await _find())(elsewhere, [a_requested_identifier(1)], AT_MOST)

    assert found == Success([a_patient(1, care_relationship=False)])


async def test_a_request_of_malformed_values_finds_no_patient() -> None:
    found = await (await _find())(ASKS, [a_malformed_identifier()] * 2, AT_MOST)

    assert found == Success([None, None])


@pytest.mark.parametrize(
    ("requested", "refusal"),
    [
        pytest.param([], NoPatientIdentifier(), id="none"),
        pytest.param([a_requested_identifier(1)] * 6, TooManyPatientIdentifiers(AT_MOST), id="too-many"),
        pytest.param(
            [a_requested_identifier(1), UNSUPPORTED], UnsupportedIdentifierSystems((1,)), id="unsupported"
        ),
    ],
)
async def test_a_request_that_names_patients_wrongly_is_refused_and_on_record(
    requested: list[RequestedIdentifier], refusal: IdentifiersRejected
) -> None:
    trail = InMemoryAuditRepository()

    found = await (await _find(trail=trail))(ASKS, requested, AT_MOST)

    assert found == Failure(refusal)
    assert trail.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=NOW,
            operation=STATUS_QUERY,
            outcome=Outcome.IDENTIFIERS_REFUSED,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=len(requested),
        )
    ]


async def test_a_request_for_more_than_the_allowance_is_refused_and_on_record() -> None:
    trail = InMemoryAuditRepository()
    find = await _find(allowances=CountedRateLimits(4), trail=trail)
    await find(ASKS, [a_requested_identifier(1)] * 2, AT_MOST)

    found = await find(ASKS, [a_requested_identifier(1)] * 3, AT_MOST)

    assert found == Failure(CountedRateLimits.throttled)
    assert [(event.outcome, event.asked) for event in trail.events] == [(Outcome.THROTTLED, 3)]


async def test_every_identifier_counts_and_repeated_and_malformed_ones_too() -> None:
    find = await _find(allowances=CountedRateLimits(4))
    await find(
        ASKS, [a_requested_identifier(1), a_requested_identifier(1), a_malformed_identifier()], AT_MOST
    )

    answers = [await find(ASKS, [a_requested_identifier(1)], AT_MOST) for _ in range(2)]

    assert [isinstance(each, Success) for each in answers] == [True, False]


async def test_a_request_that_names_patients_wrongly_costs_nothing_of_the_allowance() -> None:
    find = await _find(allowances=CountedRateLimits(1))

    await find(ASKS, [UNSUPPORTED], AT_MOST)

    assert isinstance(await find(ASKS, [a_requested_identifier(1)], AT_MOST), Success)


async def test_the_callers_allowance_for_another_organisation_is_another() -> None:
    find = await _find(allowances=CountedRateLimits(1))

    await find(an_authorised_caller(organisation_id=OTHER_HOSPITAL), [a_requested_identifier(1)], AT_MOST)

    assert isinstance(await find(ASKS, [a_requested_identifier(1)], AT_MOST), Success)


async def test_found_patients_are_not_recorded_yet() -> None:
    trail = InMemoryAuditRepository()

    await (await _find(trail=trail))(ASKS, [a_requested_identifier(1)], AT_MOST)

    assert trail.events == []


async def test_a_refusal_that_cannot_be_recorded_is_not_given() -> None:
    unsupported = await _find(trail=OutOfOrder())
    throttled = await _find(trail=OutOfOrder(), allowances=CountedRateLimits(0))

    with pytest.raises(Unavailable):
        await unsupported(ASKS, [UNSUPPORTED], AT_MOST)
    with pytest.raises(Unavailable):
        await throttled(ASKS, [a_requested_identifier(1)], AT_MOST)


async def test_infrastructure_that_is_down_is_no_answer() -> None:
    for find in (await _find(patients=OutOfOrder()), await _find(allowances=OutOfOrder())):
        with pytest.raises(Unavailable):
            await find(ASKS, [a_requested_identifier(1)], AT_MOST)


async def test_whom_a_request_names_that_is_sent_again_is_found_whatever_is_left_of_the_allowance() -> None:
    find = await _find(allowances=CountedRateLimits(0))
    requested = [a_requested_identifier(2), a_malformed_identifier(), a_requested_identifier(3)]

    found = await find.again(ASKS, requested)

    assert found == [a_patient(2), None, None]


async def test_a_request_that_is_sent_again_gets_no_answer_from_infrastructure_that_is_down() -> None:
    find = await _find(patients=OutOfOrder())

    with pytest.raises(Unavailable):
        await find.again(ASKS, [a_requested_identifier(1)])
