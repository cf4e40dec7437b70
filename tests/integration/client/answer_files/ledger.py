"""The ledger of a run, and what its files hold."""

from pathlib import Path

from adapters.client.answer_files import AnswerLines, token_columns
from adapters.client.state_file import FileAnswerRepository
from domain.invitations import InvitationToken
from tests.contracts.answer_repository_contract import ONE, TOKEN, TWO, Opened

BATCH_SIZE = 2
HEADER = b"system,value,code,token,expiry,join_url"


def answers_in(output: Path) -> FileAnswerRepository[InvitationToken]:
    return FileAnswerRepository(output, AnswerLines(token_columns("http://joinpkb.com/"), "csv"), BATCH_SIZE)


def content(path: Path) -> bytes:
    return path.read_bytes()


def fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def names_beside(path: Path) -> list[str]:
    return [each.name for each in path.parent.iterdir()]


def values_in(path: Path) -> list[str]:
    return [line.split(",")[1] for line in path.read_text().splitlines()[1:]]


async def one_batch(reopened: Opened) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    await ledger.record({ONE: TOKEN}, {TWO: "deceased"})
