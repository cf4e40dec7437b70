"""The answers of the service to outages and bugs."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

import grpc
import pytest
from dependency_injector import providers

from application.ports.patients import PatientRepository
from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient
from entrypoints.container import Container
from tests.fakes.unavailable import OutOfOrder
from tests.integration.grpc.support.client import REQUEST_ID
from tests.integration.grpc.support.in_process import serving, stream_of
from tests.integration.grpc.support.refused import Refused, refusal_in
from tests.integration.grpc.test_limits import UNAVAILABLE
from tests.integration.http.support.broken import Buggy
from tests.integration.http.support.captured_log import CapturedLog
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD

PORTS = [
    "security.access_token_verifier",
    "security.organisation_grants",
    "storage.patient_repository",
    "storage.invitation_repository",
]

BUG = Refused(
    grpc.StatusCode.INTERNAL,
    f"An unexpected error occurred. If it persists, report the request id {REQUEST_ID}.",
    "UNEXPECTED",
    request_id=REQUEST_ID,
)


class FailsNowAndThen(PatientRepository):
    """Finds no patient. Raises an exception every other time, and another one every fourth time."""

    def __init__(self) -> None:
        self._times = 0

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        self._times += 1
        if self._times % 4 == 0:
            raise Unavailable("the database went away")
        if self._times % 2 == 0:
            raise RuntimeError(f"no patient {ADULT.value}")
        return {}


@pytest.mark.parametrize("port", PORTS)
async def test_asks_to_try_again_when_a_port_is_unavailable(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog, port: str
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(OutOfOrder()))

    async with serving(container_in_memory, issuer) as client:
        refused = await client.refusal(ADULT)

    assert refused == UNAVAILABLE
    assert [line["status"] for line in log.lines("invitations.request")] == [14]
    assert log.lines("invitations.grpc") == []


@pytest.mark.parametrize("port", [*PORTS, "security.token_generator", "system.clock"])
async def test_answers_a_bug_with_a_fixed_sentence_and_the_request_id(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog, port: str
) -> None:
    bug = RuntimeError(f"no patient {ADULT.value}")
    attrgetter(port)(container_in_memory).override(providers.Object(Buggy(bug)))

    async with serving(container_in_memory, issuer) as client:
        refused = await client.refusal(ADULT)

    (line,) = log.lines("invitations.grpc")
    assert refused == BUG
    assert (line["message"], line["exception"], line["request_id"]) == ("bug", "RuntimeError", REQUEST_ID)
    assert ADULT.value not in log.text


async def test_a_batch_that_fails_through_a_bug_leaves_the_others_alone(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog
) -> None:
    container_in_memory.storage.patient_repository.override(providers.Object(FailsNowAndThen()))

    async with serving(container_in_memory, issuer) as client:
        call = client.stream(stream_of(*CROWD * 8), metadata=client.metadata)
        answers = [answer async for answer in call]

    failures = [refusal_in(answer.failure) for answer in answers if answer.HasField("failure")]
    assert len(answers) == 8
    assert sorted(failures, key=lambda each: each.reason) == [UNAVAILABLE, UNAVAILABLE, BUG, BUG]
    assert ADULT.value not in log.text
