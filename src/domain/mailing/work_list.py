"""The list of patients that a bulk run asks for, and how it is cut into batches."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
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


class WorkPart(StrEnum):
    """What a run is bound to. The value is what people call it."""

    OPERATION = "operation"
    SERVICE = "service"
    ORGANISATION = "organisation"
    JOIN_URL = "join URL"
    IDENTIFIERS = "identifiers"


def work_fingerprint(
    run_id: str, purpose: Mapping[WorkPart, str], identifiers: Sequence[PatientIdentifier]
) -> str:
    """Digest each part of what a run works on, by which a run that was started for other work is noticed."""
    digests = {part: _digest(f"{run_id} {text}", ()) for part, text in purpose.items()}
    digests[WorkPart.IDENTIFIERS] = _digest(run_id, identifiers)
    return " ".join(f"{part.name}:{digest}" for part, digest in digests.items())


def differing_parts(fingerprint: str, other: str) -> Sequence[WorkPart]:
    """Give the parts in which the works of two fingerprints differ."""
    one_set, other_set = {*fingerprint.split()}, {*other.split()}
    changed = {each.partition(":")[0] for each in one_set ^ other_set}
    return [part for part in WorkPart if part.name in changed]


def _digest(label: str, identifiers: Sequence[PatientIdentifier]) -> str:
    digest = sha256(label.encode())
    for each in identifiers:
        digest.update(f"\n{each.system.value}|{each.value}".encode())
    return digest.hexdigest()
