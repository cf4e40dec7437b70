"""The hospitals and patients of the suite, with a patient for every rule.

Their numbers are from 20,000 on, so that other tests on the same database meet nobody of them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from domain.access import Grant, RedemptionGrant
from domain.holds import HoldReason
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from domain.organisations import Organisation, OrganisationId
from domain.patient_reports import PatientReport
from entrypoints.container import Container
from tests.builders import CHI, HCN, NHS, a_report, a_requested_identifier, an_identifier, reported
from tests.fakes.patient_file import InMemoryPatientFile
from tests.integration.http.support.issuer import CLIENT_ID, PORTAL_ID

HOSPITAL = OrganisationId(UUID("1d6d1e0a-4c39-4f9b-9a55-61a3c4d0b7f1"))
NOT_GRANTED = OrganisationId(UUID("2e7e2f1b-5d4a-4a0c-8b66-72b4d5e1c802"))
UNKNOWN = OrganisationId(UUID("3f8f3a2c-6e5b-4b1d-9c77-83c5e6f2d913"))

_FIRST = 20_000
_CROWD = 500

ADULT = a_requested_identifier(_FIRST)
CROWD = tuple(a_requested_identifier(_FIRST + number) for number in range(_CROWD))
"""The largest number of patients in a request, `ADULT` first. All of them may be invited."""

PUBLISHED = RequestedIdentifier(NHS.value, "9999999999")
"""An adult with the number that published examples have."""

BY_CHI_NUMBER = a_requested_identifier(_FIRST + 1001, CHI)
SAME_BY_NHS_NUMBER = a_requested_identifier(_FIRST + 1002, NHS)
BY_HEALTH_AND_CARE_NUMBER = a_requested_identifier(_FIRST + 1003, HCN)

REDEEMERS = tuple(a_requested_identifier(_FIRST + 1031 + number) for number in range(40))
"""Adults of whom each test takes its own: they register. Each has a CHI number too."""

DECEASED = a_requested_identifier(_FIRST + 1011)
REGISTERED = a_requested_identifier(_FIRST + 1012)
NO_DATE_OF_BIRTH = a_requested_identifier(_FIRST + 1013)
CHILD = a_requested_identifier(_FIRST + 1014)
ELSEWHERE = a_requested_identifier(_FIRST + 1015)
UNKNOWN_PATIENT = a_requested_identifier(_FIRST + 1016)
HELD = a_requested_identifier(_FIRST + 1017)
MALFORMED = RequestedIdentifier(NHS.value, "9990000019")

INELIGIBLE = (
    DECEASED,
    REGISTERED,
    NO_DATE_OF_BIRTH,
    CHILD,
    ELSEWHERE,
    HELD,
    UNKNOWN_PATIENT,
    MALFORMED,
)


async def bring_in(container: Container) -> None:
    """Make the schema, the hospitals, the grant and the patients, unless they are there already."""
    await container.storage.migrations().upgrade()
    for organisation_id, reports in ((HOSPITAL, _patients()), (NOT_GRANTED, _patients_elsewhere())):
        await container.administration.add_organisation()(Organisation(organisation_id, "A hospital"))
        await report(container, reports, organisation_id)
    held = container.administration.hold_patients()(
        HOSPITAL,
        HoldReason.SAFEGUARDING,
        None,
        InMemoryPatientFile.of([a_report(_parsed(HELD))]),
        lambda _chunk: None,
    )
    (await held).unwrap()
    # an import refuses the number, a placeholder
    await reported(
        container.storage.patient_report_repository(),
        a_report(_parsed(PUBLISHED)),
        organisation_id=HOSPITAL,
        first=_FIRST + 1021,
    )
    (await container.administration.grant_access()(Grant(CLIENT_ID, HOSPITAL))).unwrap()
    (await container.administration.grant_redemption()(RedemptionGrant(PORTAL_ID))).unwrap()
    await container.storage.database().close()


async def report(
    container: Container, reports: Iterable[PatientReport], organisation_id: OrganisationId = HOSPITAL
) -> None:
    """Let a hospital report patients."""
    imported = container.administration.import_patients()(
        organisation_id, InMemoryPatientFile.of(reports), lambda _chunk: None
    )
    (await imported).unwrap()


def _patients() -> Iterable[PatientReport]:
    yield from (a_report(an_identifier(_FIRST + number)) for number in range(_CROWD))
    yield a_report(an_identifier(_FIRST + 1001, CHI), an_identifier(_FIRST + 1002, NHS))
    yield a_report(an_identifier(_FIRST + 1003, HCN))
    yield a_report(an_identifier(_FIRST + 1011), deceased=True)
    yield a_report(an_identifier(_FIRST + 1012), registered=True)
    yield a_report(an_identifier(_FIRST + 1013), date_of_birth=None)
    for number in range(len(REDEEMERS)):
        yield a_report(an_identifier(_FIRST + 1031 + number), an_identifier(_FIRST + 1031 + number, CHI))
    yield a_report(_parsed(HELD))
    yield a_report(an_identifier(_FIRST + 1014), date_of_birth=datetime.now(UTC).date())


def _patients_elsewhere() -> Iterable[PatientReport]:
    yield a_report(_parsed(ELSEWHERE))


def _parsed(identifier: RequestedIdentifier) -> PatientIdentifier:
    return PatientIdentifier.parse(identifier.system, identifier.value).unwrap()
