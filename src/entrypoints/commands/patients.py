"""The commands under `patients`."""

import click

from entrypoints.commands.patient_care import end_care, forget, hold, release
from entrypoints.commands.patient_record import show, unlink
from entrypoints.commands.patient_reports import correct, import_


@click.group()
def patients() -> None:
    """Manage the patients."""


for command in (import_, correct, hold, release, end_care, unlink, forget, show):
    patients.add_command(command)
