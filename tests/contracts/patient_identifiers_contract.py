"""The contract of `PatientIdentifiers`.

The consumer supplies the fixtures `organisation_repository` and `patient_report_repository`, both empty, and
`patient_identifiers`, which finds the identifiers of what is reported there.
"""

from application.ports.access import OrganisationRepository
from application.ports.patients import PatientIdentifiers, PatientReportRepository
from tests.builders import CHI, HCN, NHS, a_patient_id, a_report, an_identifier, an_organisation, reported


class PatientIdentifiersContract:
    async def test_patients_have_all_their_identifiers_in_the_order_of_patients_and_systems(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
        patient_identifiers: PatientIdentifiers,
    ) -> None:
        await organisation_repository.add(an_organisation())
        every = [an_identifier(1, HCN), an_identifier(1, NHS), an_identifier(1, CHI)]
        await reported(patient_report_repository, a_report(*every), a_report(an_identifier(2)))

        found = await patient_identifiers.find([a_patient_id(2), a_patient_id(1), a_patient_id(3)])

        assert list(found) == [
            an_identifier(2),
            an_identifier(1, NHS),
            an_identifier(1, CHI),
            an_identifier(1, HCN),
        ]
