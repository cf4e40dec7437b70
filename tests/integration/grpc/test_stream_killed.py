"""The service is killed half way through a stream of 100,000 patients, which is then sent again."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from uuid import UUID

import asyncpg
import grpc
import pytest
from msgspec import Struct

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
    InvitedPatient,
    PatientIdentifier,
)
from domain.access import Grant
from domain.identifiers import RequestedIdentifier
from domain.organisations import Organisation
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.builders import ADULT as BORN
from tests.builders import NHS, an_nhs_number
from tests.integration.faults.support.invitation_records import Entry, InvitationRecords
from tests.integration.grpc.support.client import grpc_client, metadata
from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.http.support.call import Answered
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import HOSPITAL
from tests.integration.postgresql import new_databases
from tests.integration.transports.setup import settings_on

pytestmark = pytest.mark.full

PATIENTS = 100_000
BATCHES = PATIENTS // 500
KEY = "letters-of-december"
PATIENCE_SECONDS = 90

Answer = GenerateInvitationTokensStreamResponse


class Aftermath(Struct, frozen=True):
    """What was received and stored when the service was killed, and what came afterwards."""

    received: Mapping[int, Answer]
    answered_entries: set[Entry]
    stored: set[Entry]
    sent_again: Mapping[int, Answer]
    invitations: Sequence[int]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    directory, issuer = tmp_path_factory.mktemp("killed"), Issuer()
    with new_databases() as new_url:
        environment = settings_on(new_url(), issuer, directory)
        asyncio.run(bring_in_patients(environment))
        records = InvitationRecords(environment)
        received = stream(environment, issuer, directory / "killed", kill_after=BATCHES // 2)
        stored = asyncio.run(records.entries())
        answered_entries = records.answered(map(answered, received.values()))
        sent_again = stream(environment, issuer, directory / "again")
        invitations = asyncio.run(count_invitations(environment))
        yield Aftermath(received, answered_entries, stored, sent_again, invitations)


async def bring_in_patients(environment: Mapping[str, str]) -> None:
    """Put 100,000 adults into the database, in the quickest way that it has."""
    container = Container(settings=read_settings(environment, to_serve=True).unwrap())
    await container.storage.migrations().upgrade()
    await container.administration.add_organisation()(Organisation(HOSPITAL, "A hospital"))
    await container.administration.grant_access()(Grant(CLIENT_ID, HOSPITAL))
    await container.storage.database().close()
    ids = [UUID(int=number) for number in range(PATIENTS)]
    numbers = enumerate(ids)
    rows = {
        "patient": [(each, BORN, False, None) for each in ids],
        "patient_identifier": [(NHS.value, an_nhs_number(number), each) for number, each in numbers],
        "care_relationship": [(HOSPITAL.value, each) for each in ids],
    }
    columns = {"patient": ["id", "date_of_birth", "deceased", "registered_at"]}
    connection = await asyncpg.connect(environment["INVITATIONS_DATABASE_URL"].replace("+asyncpg", ""))
    for table, records in rows.items():
        await connection.copy_records_to_table(table, records=records, columns=columns.get(table))
    await connection.close()


async def count_invitations(environment: Mapping[str, str]) -> list[int]:
    """Count the invitations, and the patients that they are for."""
    connection = await asyncpg.connect(environment["INVITATIONS_DATABASE_URL"].replace("+asyncpg", ""))
    counts = await connection.fetchrow("SELECT count(*), count(DISTINCT patient_id) FROM invitation")
    await connection.close()
    return list(counts)


def messages() -> Iterator[GenerateInvitationTokensStreamRequest]:
    for start in range(0, PATIENTS, 1_000):
        yield GenerateInvitationTokensStreamRequest(
            identifiers=[
                PatientIdentifier(system_uri=NHS.value, value=an_nhs_number(number))
                for number in range(start, start + 1_000)
            ],
            idempotency_key=None if start else KEY,
        )


def stream(
    environment: Mapping[str, str], issuer: Issuer, log: Path, *, kill_after: int | None = None
) -> Mapping[int, Answer]:
    """Send all patients to a service that may be killed, and return the answers by batch."""
    received: dict[int, Answer] = {}
    with serving_grpc(environment, log) as service, grpc_client(service.grpc_port) as client:
        try:
            for answer in client.stream(messages(), PATIENCE_SECONDS, metadata(issuer.access_token())):
                received[answer.batch] = answer
                if len(received) == kill_after:
                    service.process.kill()
        except grpc.RpcError:
            if kill_after is None:
                raise
    return received


def answered(answer: Answer) -> list[Answered]:
    return [_answered(each) for each in answer.tokens.invited]


def _answered(invited: InvitedPatient) -> Answered:
    identifier = RequestedIdentifier(invited.identifier.system_uri, invited.identifier.value)
    expiry = invited.expiry.ToDatetime(UTC).isoformat(timespec="milliseconds")
    return Answered(identifier, invited.code, invited.token, expiry)


def test_it_was_killed_half_way(aftermath: Aftermath) -> None:
    assert BATCHES // 2 <= len(aftermath.received) < BATCHES


def test_every_received_answer_is_stored(aftermath: Aftermath) -> None:
    assert len(aftermath.answered_entries) == 500 * len(aftermath.received)
    assert aftermath.answered_entries - aftermath.stored == set()


def test_a_stream_that_is_sent_again_gets_the_same_answers_in_full(aftermath: Aftermath) -> None:
    again = aftermath.sent_again

    assert [again[batch].size for batch in range(BATCHES)] == [500] * BATCHES
    assert {again[batch].tokens.replayed for batch in aftermath.received} == {True}
    assert all(
        list(again[batch].tokens.invited) == list(answer.tokens.invited)
        for batch, answer in aftermath.received.items()
    )


def test_no_patient_is_invited_twice(aftermath: Aftermath) -> None:
    assert aftermath.invitations == [PATIENTS, PATIENTS]
