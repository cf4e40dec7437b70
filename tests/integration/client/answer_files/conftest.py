"""The answers of a run in files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.client.state_file import FileAnswerRepository
from domain.invitations import InvitationToken
from tests.contracts.answer_repository_contract import Names
from tests.integration.client.answer_files.ledger import answers_in, values_in


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "tokens.csv"


@pytest.fixture
def reopened(output: Path) -> Iterator[Callable[[], FileAnswerRepository[InvitationToken]]]:
    ledgers: list[FileAnswerRepository[InvitationToken]] = []

    def reopen() -> FileAnswerRepository[InvitationToken]:
        # like the end of a process
        for ledger in ledgers:
            ledger.close()
        ledgers.append(answers_in(output))
        return ledgers[-1]

    yield reopen
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def names(output: Path) -> Names:
    return lambda: (values_in(output), values_in(output.with_name("tokens.csv.omitted.csv")))
