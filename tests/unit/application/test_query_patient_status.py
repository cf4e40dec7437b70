from collections.abc import Sequence

import pytest
from returns.result import Failure

from application.find_patients import FindPatients
from application.ports.audit import AuditRepository
from application.ports.system import Unavailable
from application.query_patient_status import IdentifierStatus, QueryPatientStatus, StatusQuery
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.identifiers import (
    NoPatientIdentifier,
    RequestedIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
)
from domain.patients import Known, NoAccess, NotFound, PatientStatus
from tests.builders import (
    ADULT,
    CHI,
    CLIENT,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    STATUS_QUERY,
    a_malformed_identifier,
    a_patient_id,
    a_report,
    a_requested_identifier,
    an_authorised_caller,
    an_identifier,
    reported,
)
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record, a_charge

LIVING, DEAD, REGISTERED, UNDATED, ELSEWHERE, UNKNOWN = range(1, 7)
"""The patients of the tests, by the number of their identifier."""

KNOWN = Known(deceased=False, registered=False, date_of_birth=ADULT)
NO_ACCESS = NoAccess(deceased=False, registered=False)


async def _patients() -> InMemoryPatientRepository:
    register = InMemoryPatientReportRepository()
    records = [
        a_report(an_identifier(LIVING, NHS), an_identifier(LIVING, CHI)),
        a_report(an_identifier(DEAD), deceased=True),
        a_report(an_identifier(REGISTERED), registered=True),
        a_report(an_identifier(UNDATED), date_of_birth=None),
    ]
    await reported(register, *records)
    everybody = [*records, a_report(an_identifier(ELSEWHERE, NHS), an_identifier(ELSEWHERE, CHI))]
    await reported(register, *everybody, organisation_id=OTHER_HOSPITAL)
    return InMemoryPatientRepository(register)


class Query:
    """The use case with a hospital's patients and a patient of another one, and its audit events."""

    def __init__(self, patients: InMemoryPatientRepository, trail: AuditRepository | None = None) -> None:
        self.trail = InMemoryAuditRepository()
        record = a_call_record(trail or self.trail)
        self.ask = QueryPatientStatus(FindPatients(patients, a_charge(record), record), record)

    async def answer(self, *identifiers: RequestedIdentifier) -> Sequence[IdentifierStatus]:
        return (await self.ask(_query(*identifiers))).unwrap().statuses

    async def statuses(self, *identifiers: RequestedIdentifier) -> list[PatientStatus]:
        return [each.status for each in await self.answer(*identifiers)]


@pytest.fixture
async def query() -> Query:
    return Query(await _patients())


def _query(*identifiers: RequestedIdentifier) -> StatusQuery:
    return StatusQuery(an_authorised_caller(operation=STATUS_QUERY), identifiers)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        pytest.param(LIVING, KNOWN, id="living"),
        pytest.param(DEAD, Known(deceased=True, registered=False, date_of_birth=ADULT), id="deceased"),
        pytest.param(
            REGISTERED, Known(deceased=False, registered=True, date_of_birth=ADULT), id="registered"
        ),
        pytest.param(UNDATED, Known(deceased=False, registered=False, date_of_birth=None), id="undated"),
        pytest.param(ELSEWHERE, NO_ACCESS, id="no-care-relationship"),
        pytest.param(UNKNOWN, NotFound(), id="unknown"),
    ],
)
async def test_an_identifier_is_answered_with_the_status_of_its_patient(
    query: Query, number: int, status: PatientStatus
) -> None:
    assert await query.statuses(a_requested_identifier(number)) == [status]


async def test_a_malformed_value_is_not_found_and_does_not_fail_the_query(query: Query) -> None:
    statuses = await query.statuses(a_malformed_identifier(), a_requested_identifier(LIVING))

    assert statuses == [NotFound(), KNOWN]


async def test_the_number_of_a_patient_finds_no_patient_in_another_system(query: Query) -> None:
    assert await query.statuses(a_requested_identifier(DEAD, CHI)) == [NotFound()]


async def test_every_identifier_is_answered_in_request_order_and_a_repeated_one_too(query: Query) -> None:
    living, unknown, elsewhere = (a_requested_identifier(each) for each in (LIVING, UNKNOWN, ELSEWHERE))

    answer = await query.answer(elsewhere, living, unknown, living, elsewhere)

    assert answer == [
        IdentifierStatus(elsewhere, NO_ACCESS),
        IdentifierStatus(living, KNOWN),
        IdentifierStatus(unknown, NotFound()),
        IdentifierStatus(living, KNOWN),
        IdentifierStatus(elsewhere, NO_ACCESS),
    ]


async def test_two_identifiers_of_a_patient_are_answered_each(query: Query) -> None:
    by_nhs, by_chi = (a_requested_identifier(LIVING, system) for system in (NHS, CHI))

    answer = await query.answer(by_nhs, by_chi)

    assert answer == [IdentifierStatus(by_nhs, KNOWN), IdentifierStatus(by_chi, KNOWN)]


async def test_as_many_as_5000_identifiers_are_answered_at_once(query: Query) -> None:
    identifiers = [a_requested_identifier(number) for number in range(1, 5_001)]

    answer = await query.answer(*identifiers)

    assert [each.identifier for each in answer] == identifiers


async def test_more_than_5000_identifiers_are_refused(query: Query) -> None:
    refused = await query.ask(_query(*[a_requested_identifier(LIVING)] * 5_001))

    assert refused == Failure(TooManyPatientIdentifiers(5_000))


async def test_a_query_without_identifiers_is_refused(query: Query) -> None:
    assert await query.ask(_query()) == Failure(NoPatientIdentifier())


async def test_one_unsupported_system_refuses_the_whole_query(query: Query) -> None:
    unsupported = RequestedIdentifier("urn:oid:1.2.3", "1")

    refused = await query.ask(_query(unsupported, a_requested_identifier(LIVING), unsupported))

    assert refused == Failure(UnsupportedIdentifierSystems((0, 2)))


async def test_the_audit_event_holds_the_caller_and_each_answer(query: Query) -> None:
    await query.answer(
        a_requested_identifier(DEAD),
        a_requested_identifier(ELSEWHERE, NHS),
        a_requested_identifier(LIVING, NHS),
        a_requested_identifier(LIVING, CHI),
        a_requested_identifier(ELSEWHERE, CHI),
        a_requested_identifier(DEAD),
        a_requested_identifier(ELSEWHERE, NHS),
        a_requested_identifier(UNKNOWN),
        a_malformed_identifier(),
        a_malformed_identifier(),
    )

    assert query.trail.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=NOW,
            operation=STATUS_QUERY,
            outcome=Outcome.CARRIED_OUT,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=10,
            answered_patients=(a_patient_id(DEAD), a_patient_id(LIVING)),
            omitted={OmissionReason.NO_CARE_RELATIONSHIP: 2, OmissionReason.NOT_FOUND: 2},
            omitted_patients={OmissionReason.NO_CARE_RELATIONSHIP: (a_patient_id(ELSEWHERE),)},
        )
    ]


async def test_a_complete_answer_is_recorded_without_omissions(query: Query) -> None:
    await query.answer(a_requested_identifier(LIVING))

    [event] = query.trail.events
    assert (event.omitted, event.omitted_patients) == ({}, {})


async def test_unknown_patients_are_not_recorded(query: Query) -> None:
    await query.answer(a_requested_identifier(UNKNOWN))

    [event] = query.trail.events
    assert (event.answered_patients, event.omitted) == ((), {OmissionReason.NOT_FOUND: 1})
    assert event.omitted_patients == {}


async def test_the_answer_carries_the_id_of_its_audit_event(query: Query) -> None:
    answer = await query.ask(_query(a_requested_identifier(LIVING)))

    assert [answer.unwrap().request_id] == [event.request_id for event in query.trail.events]


async def test_a_query_that_cannot_be_recorded_is_not_answered() -> None:
    query = Query(await _patients(), OutOfOrder())

    with pytest.raises(Unavailable):
        await query.answer(a_requested_identifier(LIVING))


async def test_no_repr_shows_an_identifier_or_a_date_of_birth(query: Query) -> None:
    asked = _query(a_requested_identifier(LIVING), a_malformed_identifier("patient text"))

    answer = await query.ask(asked)

    shown = f"{asked} {answer} {query.trail.events}"
    hidden = (asked.identifiers[0].value, "patient text", "1980")
    assert not [text for text in hidden if text in shown]
