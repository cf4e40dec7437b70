"""A long list of patients is sent batch by batch."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.system import AsyncioConcurrency
from application.mailing.ask_in_batches import (
    Advance,
    AskCommand,
    AskedToWait,
    AskInBatches,
    Begun,
    GivenUp,
    Recorded,
    StartedDifferently,
    Stopped,
    UnexpectedPatient,
    Waiting,
)
from application.ports.mailing import AnswersElsewhere, NoAnswer, NotAnswered, RateLimited, Refused
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy
from domain.mailing.work_list import WorkPart
from tests.builders import an_identifier
from tests.fakes.answer_repository import InMemoryLedger, Kept
from tests.fakes.pauses import NotedPauses
from tests.fakes.remote_operation import ScriptedService

PEOPLE = [an_identifier(number) for number in range(1, 8)]
INVITE = {WorkPart.OPERATION: "invite", WorkPart.SERVICE: "https://a"}
POLICY = RetryPolicy(first_seconds=1, most_seconds=60, most_failures=3)


class Client(Struct):
    """The parts of a run, and its reports."""

    service: ScriptedService
    kept: Kept[str]
    pauses: NotedPauses
    advances: list[Advance]

    async def ask(
        self,
        people: Sequence[PatientIdentifier] = PEOPLE,
        *,
        concurrency: int = 1,
        purpose: Mapping[WorkPart, str] = INVITE,
    ) -> Result[None, Stopped]:
        ask = AskInBatches(self.service, InMemoryLedger(self.kept), self.pauses, AsyncioConcurrency(), POLICY)
        command = AskCommand(purpose, people, 3, concurrency, "not-invited")
        return await ask(command, self.advances.append)


@pytest.fixture
def client() -> Client:
    return Client(ScriptedService(), Kept(), NotedPauses(), [])


def numbers(kept: Sequence[tuple[PatientIdentifier, str]]) -> list[PatientIdentifier]:
    return [identifier for identifier, _ in kept]


@pytest.mark.parametrize("concurrency", [1, 2, 3, 10])
async def test_each_patient_is_sent_once_and_recorded_in_order(client: Client, concurrency: int) -> None:
    asked = await client.ask(concurrency=concurrency)

    assert asked == Success(None)
    assert numbers(client.kept.told) == PEOPLE
    assert [len(batch) for batch in client.service.asked] == [3, 3, 1]
    assert client.advances == [Begun(0), Recorded(3, 0), Recorded(3, 0), Recorded(1, 0)]


async def test_an_empty_list_sends_nothing(client: Client) -> None:
    assert (await client.ask([]), client.service.asked) == (Success(None), [])


async def test_an_omitted_patient_is_recorded_with_the_reason(client: Client) -> None:
    client.service.left_out = {PEOPLE[1]: "deceased", PEOPLE[2]: None}

    await client.ask(PEOPLE[:4])

    assert client.kept.omitted == [(PEOPLE[1], "deceased"), (PEOPLE[2], "not-invited")]
    assert numbers(client.kept.told) == [PEOPLE[0], PEOPLE[3]]
    assert client.advances[1:] == [Recorded(1, 2), Recorded(1, 0)]


async def test_a_run_that_is_begun_again_asks_for_the_rest_alone(client: Client) -> None:
    await client.ask()
    client.service.asked.clear()

    await client.ask()

    assert client.service.asked == []
    assert client.advances[-1] == Begun(7)


async def test_other_work_is_not_mixed_into_a_run(client: Client) -> None:
    await client.ask()

    refused = [
        await client.ask(PEOPLE[:3]),
        await client.ask(purpose={**INVITE, WorkPart.OPERATION: "status"}),
    ]

    assert refused == [
        Failure(StartedDifferently([WorkPart.IDENTIFIERS])),
        Failure(StartedDifferently([WorkPart.OPERATION])),
    ]


async def test_answers_that_no_run_has_written_stay_as_they_are(client: Client) -> None:
    client.kept.strange = True

    assert (await client.ask(), client.service.asked) == (Failure(AnswersElsewhere()), [])


async def test_an_unreachable_service_is_asked_again_for_the_same_batch(client: Client) -> None:
    client.service.failures = [NotAnswered("away"), NotAnswered("away", 30.0)]

    await client.ask(PEOPLE[:3])

    assert client.service.asked == [tuple(PEOPLE[:3])] * 3
    assert client.pauses.seconds == [1, 30]
    assert client.advances[1:2] == [Waiting(1, "away")]
    assert numbers(client.kept.told) == PEOPLE[:3]


async def test_the_run_ends_when_the_service_stays_unreachable(client: Client) -> None:
    client.service.failures = [NotAnswered("away")] * 4

    asked = await client.ask()

    assert asked == Failure(GivenUp("away"))
    assert client.pauses.seconds == [1, 2, 4]


async def test_the_run_waits_as_long_as_the_service_asks(client: Client) -> None:
    client.service.failures = [RateLimited(70.0)] * 50

    asked = await client.ask(PEOPLE[:3])

    assert asked == Success(None)
    assert client.pauses.seconds == [70.0] * 50


async def test_waits_grow_if_the_service_limits_the_rate_and_names_no_time(client: Client) -> None:
    client.service.failures = [RateLimited(0.0)] * 9

    asked = await client.ask(PEOPLE[:3])

    assert asked == Success(None)
    assert client.pauses.seconds == [1, 2, 4, 8, 8, 8, 8, 8, 8]


@pytest.mark.parametrize("failure", [RateLimited(3_601), NotAnswered("away", 3_601)])
async def test_the_run_ends_when_the_service_asks_for_hours(
    client: Client, failure: RateLimited | NotAnswered
) -> None:
    client.service.failures = [failure]

    assert await client.ask() == Failure(AskedToWait(3_601))
    assert client.pauses.seconds == []


class YieldingPauses(NotedPauses):
    """Lets other requests run meanwhile."""

    async def wait(self, seconds: float) -> None:
        await super().wait(seconds)
        await asyncio.sleep(0)


@pytest.mark.parametrize("concurrency", [2, 7])
async def test_an_outage_is_reported_once(client: Client, concurrency: int) -> None:
    await client.ask(PEOPLE[:3])
    client.kept.fingerprint = ""
    client.advances.clear()
    client.pauses = YieldingPauses()
    client.service.failures = [NotAnswered("away")] * 4

    asked = await client.ask(concurrency=concurrency)

    assert asked == Success(None)
    assert [each for each in client.advances if isinstance(each, Waiting)] == [Waiting(1, "away")]


async def test_each_outage_is_reported(client: Client) -> None:
    client.service.failures = [NotAnswered("away")]
    await client.ask(PEOPLE[:3])
    client.service.failures = [NotAnswered("away again")]
    client.kept.fingerprint = ""

    await client.ask()

    waits = [each for each in client.advances if isinstance(each, Waiting)]
    assert waits == [Waiting(1, "away"), Waiting(1, "away again")]


async def test_the_first_request_of_a_run_goes_alone(client: Client) -> None:
    client.service.failures = [Refused("no such organisation")]

    await client.ask(concurrency=4)

    assert client.service.asked == [tuple(PEOPLE[:3])]


OTHER_ORGANISATION = {**INVITE, WorkPart.ORGANISATION: "another"}


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param([Refused("no such organisation")], id="refused"),
        pytest.param([RateLimited(0), Refused("no")], id="rate-limited-before"),
        pytest.param([NotAnswered("no connection", 0, may_have_acted=False)] * 4, id="never-connected"),
    ],
)
async def test_other_work_may_follow_a_run_that_can_have_done_nothing(
    client: Client, failures: Sequence[NoAnswer]
) -> None:
    client.service.failures = [*failures]
    refused = await client.ask()

    asked = await client.ask(PEOPLE[3:], purpose=OTHER_ORGANISATION)

    assert isinstance(refused, Failure)
    assert asked == Success(None)


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param([NotAnswered("away"), Refused("no")], id="lost-answer-before"),
        pytest.param([Refused("unfit", may_have_acted=True)], id="unfit-answer"),
    ],
)
async def test_a_run_that_may_have_done_something_stays_bound_to_its_work(
    client: Client, failures: Sequence[NoAnswer]
) -> None:
    client.service.failures = [*failures]
    await client.ask()
    client.service.failures = [Refused("no")]
    await client.ask()

    asked = await client.ask(PEOPLE[3:], purpose=OTHER_ORGANISATION)

    assert asked == Failure(StartedDifferently([WorkPart.ORGANISATION, WorkPart.IDENTIFIERS]))


@pytest.mark.parametrize("concurrency", [1, 4])
async def test_a_refusal_ends_the_run_and_the_recorded_answers_stay(client: Client, concurrency: int) -> None:
    client.service.failures = [Refused("no such scope")]

    asked = await client.ask(concurrency=concurrency)

    assert asked == Failure(Refused("no such scope"))
    assert client.kept.told == []


async def test_an_answer_about_an_unexpected_patient_ends_the_run(client: Client) -> None:
    client.service.told_unasked = [an_identifier(99)]

    assert (await client.ask(), client.kept.told) == (Failure(UnexpectedPatient()), [])
