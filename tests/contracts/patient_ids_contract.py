"""The contract of `PatientIds`. The consumer supplies the fixture `patient_ids`."""

from uuid import UUID

from application.ports.patients import PatientIds


class PatientIdsContract:
    def test_every_id_is_new(self, patient_ids: PatientIds) -> None:
        ids = {patient_ids.draw() for _ in range(1_000)}

        assert len(ids) == 1_000

    def test_an_id_is_a_uuid(self, patient_ids: PatientIds) -> None:
        assert isinstance(patient_ids.draw(), UUID)
