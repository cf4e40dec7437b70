"""The fakes of what the commands of a mail house use fulfil the contracts of their ports."""

from collections.abc import Callable, Sequence

import pytest

from domain.identifiers import PatientIdentifier
from tests.builders import an_identifier
from tests.contracts.answer_repository_contract import AnswerRepositoryContract, Names, Opened, Told
from tests.contracts.letter_printer_contract import LetterPrinterContract
from tests.contracts.pauses_contract import PausesContract
from tests.contracts.remote_operation_contract import RemoteOperationContract
from tests.fakes.answer_repository import InMemoryLedger, Kept
from tests.fakes.letter_printer import KeptLetters
from tests.fakes.pauses import NotedPauses
from tests.fakes.remote_operation import ScriptedService


@pytest.fixture
def kept() -> Kept[Told]:
    return Kept()


@pytest.fixture
def reopened(kept: Kept[Told]) -> Opened:
    return lambda: InMemoryLedger(kept)


@pytest.fixture
def names(kept: Kept[Told]) -> Names:
    return lambda: ([each.value for each, _ in kept.told], [each.value for each, _ in kept.omitted])


@pytest.fixture
def pauses() -> NotedPauses:
    return NotedPauses()


@pytest.fixture
def eligible() -> PatientIdentifier:
    return an_identifier(1)


@pytest.fixture
def left_out() -> PatientIdentifier:
    return an_identifier(2)


@pytest.fixture
def remote_operation(left_out: PatientIdentifier) -> ScriptedService:
    service = ScriptedService()
    service.left_out[left_out] = "deceased"
    return service


@pytest.fixture
def printer() -> KeptLetters:
    return KeptLetters()


@pytest.fixture
def printed_names(printer: KeptLetters) -> Callable[[], Sequence[str]]:
    return lambda: [letter.name for letter in printer.letters]


class TestInMemoryLedger(AnswerRepositoryContract):
    pass


class TestNotedPauses(PausesContract):
    pass


class TestScriptedService(RemoteOperationContract):
    pass


class TestKeptLetters(LetterPrinterContract):
    pass
