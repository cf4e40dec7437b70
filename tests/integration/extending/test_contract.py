"""The example keeps the contract of its port."""

from tests.contracts.patient_repository_contract import PatientRepositoryContract


class TestFhirPatientRepository(PatientRepositoryContract):
    pass
