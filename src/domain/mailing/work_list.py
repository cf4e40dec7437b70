"""The list of patients that a bulk run asks for, and how it is cut into batches."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from msgspec import Struct
from returns.result import Result

from domain.confidential import Confidential
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier
from domain.results import failed


class ListedIdentifier(Confidential, frozen=True):
    """An identifier, and its line in the file."""

    line: int
    identifier: PatientIdentifier


class BadLine(Struct, frozen=True):
    """A line without a valid identifier, and why; `problem` quotes nothing of the line."""

    line: int
    problem: str


class RepeatedLine(Struct, frozen=True):
    """A line with the identifier of an earlier line."""

    line: int
    first_line: int


class WorkList(Struct, frozen=True):
    """Each identifier of a file once, where it comes first; and the lines that add none."""

    identifiers: Sequence[PatientIdentifier]
    repeated: Sequence[RepeatedLine]
    bad: Sequence[BadLine]


def compile_work_list(lines: Iterable[Result[ListedIdentifier, BadLine]]) -> WorkList:
    """List each identifier once, in the order of the lines."""
    first_lines: dict[PatientIdentifier, int] = {}
    repeated: list[RepeatedLine] = []
    bad: list[BadLine] = []
    for each in lines:
        if failed(each):
            bad.append(each.failure())
            continue
        listed = each.unwrap()
        first = first_lines.setdefault(listed.identifier, listed.line)
        if first != listed.line:
            repeated.append(RepeatedLine(listed.line, first))
    return WorkList(tuple(first_lines), repeated, bad)


def in_batches(identifiers: Sequence[PatientIdentifier], size: int) -> Sequence[Sequence[PatientIdentifier]]:
    """Cut a list into batches by position alone: the same list gives the same batches every time."""
    return [identifiers[start : start + size] for start in range(0, len(identifiers), size)]


def batch_key(run_id: str, batch: Sequence[PatientIdentifier]) -> IdempotencyKey:
    """Derive the idempotency key of a batch, so that its request can be sent again.

    It is the same for the same batch of a run, however often the run is started again. `run_id` is random,
    so the key does not reveal the numbers in the batch.
    """
    return IdempotencyKey(_digest(run_id, batch))


def list_fingerprint(run_id: str, purpose: str, identifiers: Sequence[PatientIdentifier]) -> str:
    """Digest a whole list and its purpose, by which a run that was started for another list is noticed."""
    return _digest(f"{run_id} {purpose}", identifiers)


def _digest(label: str, identifiers: Sequence[PatientIdentifier]) -> str:
    digest = sha256(label.encode())
    for each in identifiers:
        digest.update(f"\n{each.system.value}|{each.value}".encode())
    return digest.hexdigest()
