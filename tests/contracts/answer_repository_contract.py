"""The contract of `AnswerRepository`."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from returns.result import Failure, Success

from application.ports.mailing import AnswerRepository, OtherWork
from domain.invitations import InvitationToken
from tests.builders import EXPIRY, an_identifier

Told: TypeAlias = InvitationToken
Opened: TypeAlias = Callable[[], AnswerRepository[Told]]
"""Opens the same repository again, like a restarted process."""
Names: TypeAlias = Callable[[], tuple[Sequence[str], Sequence[str]]]
"""Gives the numbers of the invited and of the omitted patients."""

TOKEN = InvitationToken("7Q2M9KXR4D", "C5H8WZ1N6T", EXPIRY)
ONE, TWO, THREE = map(an_identifier, (1, 2, 3))


class AnswerRepositoryContract:
    async def test_a_new_run_has_done_nothing(self, reopened: Opened) -> None:
        run = (await reopened().open()).unwrap()

        assert (run.batches_done, bool(run.id)) == (0, True)

    async def test_a_run_that_is_begun_again_has_its_id_and_its_answers(
        self, reopened: Opened, names: Names
    ) -> None:
        ledger = reopened()
        first = (await ledger.open()).unwrap()
        await ledger.bind("list")
        await ledger.record({ONE: TOKEN}, {TWO: "deceased"})
        await ledger.record({THREE: TOKEN}, {})

        again = (await reopened().open()).unwrap()

        assert (again.id, again.batches_done) == (first.id, 2)
        assert names() == ([ONE.value, THREE.value], [TWO.value])

    async def test_new_answers_follow_the_existing_ones(self, reopened: Opened, names: Names) -> None:
        for identifier in (TWO, ONE):
            ledger = reopened()
            await ledger.open()
            await ledger.bind("list")
            await ledger.record({identifier: TOKEN}, {})

        assert names() == ([TWO.value, ONE.value], [])

    async def test_a_run_is_not_continued_with_another_list(self, reopened: Opened) -> None:
        ledger = reopened()
        await ledger.open()
        await ledger.bind("list")
        again = reopened()
        await again.open()

        bound = [await again.bind("other list"), await again.bind("list")]

        assert bound == [Failure(OtherWork("list")), Success(None)]

    async def test_a_run_says_whether_it_was_bound_before(self, reopened: Opened) -> None:
        ledger = reopened()
        first = (await ledger.open()).unwrap()
        await ledger.bind("list")

        again = (await reopened().open()).unwrap()

        assert (first.bound, again.bound) == (False, True)

    async def test_a_run_that_is_discarded_was_never_started(self, reopened: Opened, names: Names) -> None:
        ledger = reopened()
        await ledger.open()
        await ledger.bind("list")
        await ledger.discard()

        again = reopened()
        run = (await again.open()).unwrap()

        assert (run.bound, run.batches_done) == (False, 0)
        assert await again.bind("other list") == Success(None)
        assert names() == ([], [])
