"""The fakes of patients, their care and their records fulfil the contracts of their ports."""

import pytest

from tests.contracts.care_repository_contract import CareRepositoryContract
from tests.contracts.patient_identifiers_contract import PatientIdentifiersContract
from tests.contracts.patient_ids_contract import PatientIdsContract
from tests.contracts.patient_record_repository_contract import PatientRecordRepositoryContract
from tests.contracts.patient_report_repository_contract import PatientReportRepositoryContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.fakes.care_repository import InMemoryCareRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_identifiers import InMemoryPatientIdentifiers
from tests.fakes.patient_ids import SequentialPatientIds
from tests.fakes.patient_record_repository import InMemoryPatientRecordRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.unavailable import OutOfOrder


@pytest.fixture
def patient_ids() -> SequentialPatientIds:
    return SequentialPatientIds()


@pytest.fixture
def patient_repository(
    patient_report_repository: InMemoryPatientReportRepository,
) -> InMemoryPatientRepository:
    return InMemoryPatientRepository(patient_report_repository)


@pytest.fixture
def patient_repository_without_source() -> OutOfOrder:
    return OutOfOrder()


@pytest.fixture
def patient_identifiers(
    patient_report_repository: InMemoryPatientReportRepository,
) -> InMemoryPatientIdentifiers:
    return InMemoryPatientIdentifiers(patient_report_repository)


@pytest.fixture
def care_repository(
    patient_report_repository: InMemoryPatientReportRepository,
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryCareRepository:
    return InMemoryCareRepository(patient_report_repository, invitation_repository)


@pytest.fixture
def patient_record_repository(
    patient_report_repository: InMemoryPatientReportRepository,
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryPatientRecordRepository:
    return InMemoryPatientRecordRepository(patient_report_repository, invitation_repository)


class TestInMemoryPatientReports(PatientReportRepositoryContract):
    pass


class TestInMemoryPatientRepository(PatientRepositoryContract):
    pass


class TestInMemoryPatientIdentifiers(PatientIdentifiersContract):
    pass


class TestSequentialPatientIds(PatientIdsContract):
    pass


class TestInMemoryCare(CareRepositoryContract):
    pass


class TestInMemoryPatientRecords(PatientRecordRepositoryContract):
    pass
