"""Administrative commands: what operators do, on record."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from msgspec import Struct

from domain.organisations import OrganisationId
from domain.patients import PatientId


class Command(StrEnum):
    """A command that changes what the service knows, or shows it to an operator."""

    UPGRADE_DATABASE = "db-upgrade"
    ADD_ORGANISATION = "organisations-add"
    DISABLE_ORGANISATION = "organisations-disable"
    ENABLE_ORGANISATION = "organisations-enable"
    GRANT_ACCESS = "clients-grant"
    REVOKE_ACCESS = "clients-revoke"
    GRANT_REDEMPTION = "clients-grant-redemption"
    REVOKE_REDEMPTION = "clients-revoke-redemption"
    IMPORT_PATIENTS = "patients-import"
    CORRECT_PATIENTS = "patients-correct"
    HOLD_PATIENTS = "patients-hold"
    RELEASE_PATIENTS = "patients-release"
    END_CARE = "patients-end-care"
    UNLINK_IDENTIFIER = "patients-unlink"
    FORGET_PATIENTS = "patients-forget"
    SHOW_PATIENT = "patients-show"
    EXPORT_AUDIT = "audit-export"
    PURGE = "purge"


class CommandOutcome(StrEnum):
    """How far a command has come. Each leaves one event when it begins and one when it ends.

    A command that was killed, or met a database that is down, leaves only the first.
    """

    BEGUN = "begun"
    CARRIED_OUT = "carried-out"
    CARRIED_OUT_IN_PART = "carried-out-in-part"
    REFUSED = "refused"


CommandId = NewType("CommandId", UUID)
"""Drawn at random for every command; the same for its events."""


class Attribution(Struct, frozen=True):
    """By which command, on whose behalf and when something is changed; for all organisations if None."""

    command: Command | str
    organisation_id: OrganisationId | None
    moment: datetime


class CommandEvent(Struct, frozen=True):
    """One event of an administrative command. Patients appear by internal id alone.

    `operator` is the name of the person who ran it. `file_digest` is the SHA-256 of the file that it read, in
    hexadecimal digits. `counts` says how many of what were changed, and how many rows were not.

    A newer release may have recorded a command or an outcome that this release does not know. It is then the
    text as recorded.
    """

    command_id: CommandId
    recorded_at: datetime
    command: Command | str
    outcome: CommandOutcome | str
    operator: str
    organisation_id: OrganisationId | None = None
    client_id: str | None = None
    file_digest: str | None = None
    reason: str | None = None
    counts: Mapping[str, int] = {}
    patients: tuple[PatientId, ...] = ()
