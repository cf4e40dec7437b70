"""Text from outside is harmless: an invalid identifier never reaches a statement, and all else is a value."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.database import Database
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlGrants, SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patient_invitations import SqlPatientInvitations
from adapters.sql.patients import SqlPatientRepository
from application.audit_recorder import AuditRecorder
from application.charge_callers import ChargeCallers
from application.find_patients import FindPatients
from application.generate_invitation_tokens.decide import DecideInvitations
from application.generate_invitation_tokens.issue import IssueInvitations
from application.generate_invitation_tokens.replay import ReplayInvitations
from application.generate_invitation_tokens.use_case import GenerateCommand, GenerateInvitationTokens
from domain.access import GrantTerms
from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.organisations import OrganisationId
from tests.builders import (
    HOSPITAL,
    LIFETIME,
    NOW,
    TODAY,
    a_grant,
    a_malformed_identifier,
    a_report,
    an_authorised_caller,
    an_identifier,
    an_nhs_number,
    an_organisation,
    reported,
)
from tests.fakes.clock import FixedClock
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.request_fingerprints import HashingRequestFingerprints
from tests.fakes.request_ids import SequentialRequestIds
from tests.fakes.token_generator import HashingTokenGenerator

INJECTION = "' OR '1'='1"
ODD_VALUES = {
    "nul": an_nhs_number(1) + "\0",
    "nul-inside": "99900\0001234",
    "lone-surrogate": "\ud800",
    "injection": INJECTION,
    "very-long": "9" * 1_000_000,
    "other-digits": "".join(chr(0x0660 + int(digit)) for digit in an_nhs_number(1)),
    "spaced": f"{an_nhs_number(1)[:3]} {an_nhs_number(1)[3:]}",
    "line-end": an_nhs_number(1) + "\n",
}
ODD_NAMES = [
    pytest.param(INJECTION, id="injection"),
    pytest.param('100 % O\'Reilly "quoted" \\ ; -- :name ?', id="marks-of-sql"),
    pytest.param("Ysbyty Gwynedd 🏥 مستشفى", id="unicode"),
    pytest.param("tab\tand\nline end", id="control-characters"),
    pytest.param("n" * 100_000, id="very-long"),
]


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
async def test_an_odd_value_finds_no_patient(
    database: Database,
    organisation_repository: SqlOrganisationRepository,
    patient_report_repository: SqlPatientReportRepository,
    value: str,
) -> None:
    await organisation_repository.add(an_organisation())
    await reported(patient_report_repository, a_report(an_identifier(1)))
    clock = FixedClock(NOW, TODAY)
    record = AuditRecorder(SqlAuditRepository(database), SequentialRequestIds(), clock)
    find = FindPatients(SqlPatientRepository(database), ChargeCallers(CountedRateLimits(), record), record)
    tokens = HashingTokenGenerator()
    generate = GenerateInvitationTokens(
        DecideInvitations(find, EligibilityPolicy(), SqlPatientInvitations(database), clock),
        IssueInvitations(SqlInvitationRepository(database), tokens, LIFETIME),
        ReplayInvitations(
            SqlIdempotencyRepository(database),
            HashingRequestFingerprints(),
            tokens,
            LIFETIME,
            clock,
        ),
        record,
    )

    answer = await generate(GenerateCommand(an_authorised_caller(), [a_malformed_identifier(value)]))

    [omitted] = answer.unwrap().omitted
    assert omitted.reason == OmissionReason.NOT_FOUND


@pytest.mark.parametrize("name", ODD_NAMES)
async def test_an_odd_name_of_an_organisation_is_stored_unchanged(
    organisation_repository: SqlOrganisationRepository,
    name_of: Callable[[OrganisationId], Awaitable[str]],
    name: str,
) -> None:
    await organisation_repository.add(an_organisation(name=name))

    assert await name_of(HOSPITAL) == name


@pytest.mark.parametrize("client_id", ODD_NAMES)
async def test_an_odd_client_has_its_own_grants_and_no_others(
    organisation_repository: SqlOrganisationRepository, grant_repository: SqlGrants, client_id: str
) -> None:
    await organisation_repository.add(an_organisation())
    await grant_repository.add(a_grant("mail-house"))
    before = await grant_repository.terms(a_grant(client_id))

    await grant_repository.add(a_grant(client_id))

    assert (before, await grant_repository.terms(a_grant(client_id))) == (None, GrantTerms())
