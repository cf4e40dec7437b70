"""A long list of patients to ask for, and how it is cut into requests."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from msgspec import Struct
from returns.result import Failure, Result

from domain.confidential import Confidential
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier


class ListedIdentifier(Confidential, frozen=True):
    """An identifier, and the line that names it."""

    line: int
    identifier: PatientIdentifier


class BadLine(Struct, frozen=True):
    """A line that names no patient, and why; `problem` repeats nothing of the line."""

    line: int
    problem: str


class RepeatedLine(Struct, frozen=True):
    """A line that names whom an earlier one names."""

    line: int
    first_line: int


class WorkList(Struct, frozen=True):
    """Whom to ask for: each identifier once, where it stands first; and the lines that add nobody."""

    identifiers: Sequence[PatientIdentifier]
    repeated: Sequence[RepeatedLine]
    bad: Sequence[BadLine]


def compile_work_list(lines: Iterable[Result[ListedIdentifier, BadLine]]) -> WorkList:
    """Take each identifier once, in the order of the lines."""
    first_lines: dict[PatientIdentifier, int] = {}
    repeated: list[RepeatedLine] = []
    bad: list[BadLine] = []
    for each in lines:
        if isinstance(each, Failure):
            bad.append(each.failure())
            continue
        listed = each.unwrap()
        first = first_lines.setdefault(listed.identifier, listed.line)
        if first != listed.line:
            repeated.append(RepeatedLine(listed.line, first))
    return WorkList(tuple(first_lines), repeated, bad)


def in_batches(identifiers: Sequence[PatientIdentifier], size: int) -> Sequence[Sequence[PatientIdentifier]]:
    """Cut a list into requests, by position alone: the same list gives the same batches every time."""
    return [identifiers[start : start + size] for start in range(0, len(identifiers), size)]


def batch_key(run_id: str, batch: Sequence[PatientIdentifier]) -> IdempotencyKey:
    """Derive what a batch is called in every request for it, so that it can be asked for again.

    It is the same for the same batch of a run, however often the run is begun again. `run_id` is random,
    so the key tells nobody whose numbers are in the batch.
    """
    return IdempotencyKey(_digest(run_id, batch))


def list_fingerprint(run_id: str, purpose: str, identifiers: Sequence[PatientIdentifier]) -> str:
    """Digest a whole list and its purpose, so that a run that was begun for another one is noticed."""
    return _digest(f"{run_id} {purpose}", identifiers)


def _digest(label: str, identifiers: Sequence[PatientIdentifier]) -> str:
    digest = sha256(label.encode())
    for each in identifiers:
        digest.update(f"\n{each.system.value}|{each.value}".encode())
    return digest.hexdigest()
