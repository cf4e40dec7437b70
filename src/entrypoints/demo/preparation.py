"""What an operator does before the first call, done by the same use cases as the commands."""

from datetime import date

from adapters.csv_patients import read_patients
from domain.caller import Grant
from entrypoints.container import Container
from entrypoints.demo.issuer import CLIENT_ID
from entrypoints.demo.sample import HOSPITAL, OTHER_HOSPITAL, hospital_patients, other_hospital_patients


async def prepare(container: Container, today: date) -> None:
    """Make the schema, two hospitals, a grant for one of them, and their patients."""
    await container.schema().upgrade()
    for organisation, patients in (
        (HOSPITAL, hospital_patients(today)),
        (OTHER_HOSPITAL, other_hospital_patients()),
    ):
        (await container.add_organisation()(organisation)).unwrap()
        rows = read_patients(patients)
        (await container.import_patients()(organisation.id, rows, lambda _chunk: None)).unwrap()
    (await container.grant_access()(Grant(CLIENT_ID, HOSPITAL.id))).unwrap()
