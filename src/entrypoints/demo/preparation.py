"""The preparation of the demo's database, by the use cases of the commands."""

from collections.abc import Iterable
from datetime import date

from adapters.csv.patients import read_patients
from domain.access import Grant
from domain.organisations import Organisation
from entrypoints.command_container import CommandContainer
from entrypoints.demo import mailing_list
from entrypoints.demo.sample import HOSPITAL, OTHER_HOSPITAL, hospital_patients, other_hospital_patients
from entrypoints.demo.service import CLIENT_ID


async def prepare(container: CommandContainer, today: date) -> None:
    """Make the schema, two hospitals, a grant for one of them, and their patients."""
    await container.storage().schema().upgrade()
    for organisation, patients in (
        (HOSPITAL, hospital_patients(today)),
        (OTHER_HOSPITAL, other_hospital_patients()),
    ):
        (await container.administration().add_organisation()(organisation)).unwrap()
        await _import(container, organisation, patients)
    (await container.administration().grant_access()(Grant(CLIENT_ID, HOSPITAL.id))).unwrap()


async def prepare_mailing_list(container: CommandContainer, today: date) -> None:
    """Import the patients on the mailing list, too."""
    await _import(container, HOSPITAL, mailing_list.hospital_patients(today))
    await _import(container, OTHER_HOSPITAL, mailing_list.other_hospital_patients())


async def _import(container: CommandContainer, organisation: Organisation, patients: Iterable[str]) -> None:
    rows = read_patients(patients)
    (await container.administration().import_patients()(organisation.id, rows, lambda _chunk: None)).unwrap()
