"""The preparation of the demo's database, by the use cases of the commands."""

from collections.abc import Iterable, Sequence
from datetime import date

from adapters.csv.patients import CsvPatients
from domain.access import Grant, RedemptionGrant
from domain.holds import HoldReason
from domain.organisations import Organisation
from entrypoints.command_container import CommandContainer
from entrypoints.demo import mailing_list, portal
from entrypoints.demo.sample import (
    HOSPITAL,
    OTHER_HOSPITAL,
    held_patients,
    hospital_patients,
    other_hospital_patients,
)
from entrypoints.demo.service import CLIENT_ID
from entrypoints.import_report import problems_of


async def prepare(container: CommandContainer, today: date) -> Sequence[str]:
    """Make the schema, two hospitals and their patients, a hold, and grants for a client and the portal.

    Give a line for each row that the import refused.
    """
    await container.storage().migrations().upgrade()
    refused: list[str] = []
    for organisation, patients in (
        (HOSPITAL, hospital_patients(today)),
        (OTHER_HOSPITAL, other_hospital_patients()),
    ):
        (await container.administration().add_organisation()(organisation)).unwrap()
        refused += await _import(container, organisation, patients)
    await _hold(container, held_patients())
    (await container.administration().grant_access()(Grant(CLIENT_ID, HOSPITAL.id))).unwrap()
    (await container.administration().grant_redemption()(RedemptionGrant(portal.CLIENT_ID))).unwrap()
    return refused


async def prepare_mailing_list(container: CommandContainer, today: date) -> None:
    """Import the patients on the mailing list, too."""
    await _import(container, HOSPITAL, mailing_list.hospital_patients(today))
    await _import(container, OTHER_HOSPITAL, mailing_list.other_hospital_patients())
    await _hold(container, mailing_list.held_patients())


async def _import(
    container: CommandContainer, organisation: Organisation, patients: Iterable[str]
) -> Sequence[str]:
    lines = list(patients)
    file = CsvPatients(lambda: lines)
    problems: list[str] = []
    imported = await container.administration().import_patients()(
        organisation.id, file, lambda chunk: problems.extend(problems_of(chunk))
    )
    imported.unwrap()
    return [f"{organisation.name}, {problem}" for problem in problems]


async def _hold(container: CommandContainer, patients: Iterable[str]) -> None:
    lines = list(patients)
    held = await container.administration().hold_patients()(
        HOSPITAL.id, HoldReason.DECLINED, None, CsvPatients(lambda: lines), lambda _chunk: None
    )
    held.unwrap()
