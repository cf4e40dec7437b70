"""Answers recorded in files, so that a run that is killed at any moment can continue."""

import errno
import fcntl
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Generic, TypeAlias, TypeVar
from uuid import UUID

from msgspec import DecodeError, Meta, Struct, field, json
from returns.result import Failure, Result, Success

from adapters.client.answer_files import AnswerLines, csv_line
from application.ports.mailing import (
    AnswerRepository,
    AnswersElsewhere,
    AnswersRefused,
    InUse,
    OtherWork,
    Run,
)
from domain.identifiers import PatientIdentifier
from domain.invitations import RequestId

T = TypeVar("T")

_OWNER_ALONE = 0o600
_UNREADABLE = (DecodeError, ValueError, RecursionError)
"""What reading a damaged line of the state raises; UnicodeDecodeError is a ValueError."""

_OMITTED_HEADER = csv_line(("system", "value", "reason"))


class _Started(Struct, frozen=True):
    """The first line of the state: the id of the run, and the fingerprint of its list."""

    run_id: str
    fingerprint: str = ""


_Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**62)]


class _Committed(Struct, frozen=True):
    """Every other line: how many batches are done, and how long the files are with them.

    `batch` is the service's id of the last one of them, or empty.
    """

    batches: _Count = 0
    answered_bytes: _Count = field(default=0, name="told_bytes")
    omitted_bytes: _Count = 0
    batch: str = ""


class FileAnswerRepository(AnswerRepository[T], Generic[T]):
    """Appends answers to OUTPUT and OUTPUT.omitted.csv, and after each batch their lengths to OUTPUT.state.

    A batch is done when its line in the state is on the disk. Bytes of the files beyond the last such line
    belong to an unfinished answer: they are cut off, and the batch is asked for again. More bytes than those
    of one batch mean that the state was damaged: then nothing is cut off. Only the owner can read the files.
    """

    def __init__(self, output: Path, lines: AnswerLines[T], batch_size: int) -> None:
        """Record answers beside this output, of batches of at most this size. Opens nothing."""
        self._lines = lines
        self._batch_size = batch_size
        self._paths = (output.with_name(f"{output.name}.omitted.csv"), output)
        self._state_path = output.with_name(f"{output.name}.state")
        self._omitted = self._answered = self._state = -1
        self._state_bytes = 0
        self._started = _Started("")
        self._committed = _Committed()

    async def open(self) -> Result[Run, AnswersRefused]:
        """Start a run, or continue one."""
        if not self._state_path.exists() and any(path.exists() for path in self._paths):
            return Failure(AnswersElsewhere())
        try:
            self._open_all()
        except BlockingIOError:
            return Failure(InUse())
        except (_NotOfARunError, *_UNREADABLE):
            return Failure(AnswersElsewhere())
        return Success(Run(self._started.run_id, self._committed.batches, bool(self._started.fingerprint)))

    def _open_all(self) -> None:
        self._state = _opened(self._state_path)
        # the system releases the lock when the process ends, however it ends
        fcntl.flock(self._state, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.fstat(self._state).st_nlink:
            # another run has discarded it meanwhile
            raise BlockingIOError
        self._read_state()
        omitted, answered = self._paths
        self._omitted = _opened(omitted)
        self._answered = _opened(answered)
        self._check_answers(self._answered, self._committed.answered_bytes, self._lines.header)
        self._check_answers(self._omitted, self._committed.omitted_bytes, _OMITTED_HEADER)

    def _check_answers(self, file: int, committed: int, header: bytes) -> None:
        """Refuse to cut off anything but an unfinished answer: issued codes would be lost."""
        beyond = os.pread(file, max(_length(file) - committed, 0), committed)
        if _length(file) < committed or beyond.count(b"\n") > self._batch_size:
            raise _NotOfARunError
        if not committed and not header.startswith(beyond):
            raise _NotOfARunError

    async def bind(self, fingerprint: str) -> Result[None, AnswersRefused]:
        """Bind the run to its list, and cut off an unfinished answer."""
        if self._started.fingerprint not in {"", fingerprint}:
            return Failure(OtherWork(self._started.fingerprint))
        os.truncate(self._state, self._state_bytes)
        if not self._started.fingerprint:
            self._append_state(_Started(self._started.run_id, fingerprint))
        os.truncate(self._answered, self._committed.answered_bytes)
        os.truncate(self._omitted, self._committed.omitted_bytes)
        if not self._committed.answered_bytes + self._committed.omitted_bytes:
            self._commit(0, self._lines.header, _OMITTED_HEADER)
            _sync_directory(self._state_path.parent)
        return Success(None)

    async def record(
        self,
        answered: Mapping[PatientIdentifier, T],
        omitted: Mapping[PatientIdentifier, str],
        batch: RequestId | None = None,
    ) -> None:
        """Append the answers to the next batch, and return when they are on the disk."""
        answered_lines = self._lines.lines(answered)
        omitted_lines = b"".join(
            csv_line((each.system.value, each.value, reason)) for each, reason in omitted.items()
        )
        # not in a thread, which could still write while an interrupted run closes the files
        self._commit(1, answered_lines, omitted_lines, "" if batch is None else str(batch))

    async def discard(self) -> None:
        """Remove the files of a run that holds no answers. Its state is the last to go."""
        if not self._committed.batches:
            for path in (*self._paths, self._state_path):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files."""
        for descriptor in (self._answered, self._omitted, self._state):
            if descriptor >= 0:
                os.close(descriptor)
        self._answered = self._omitted = self._state = -1

    def _read_state(self) -> None:
        content = os.pread(self._state, _length(self._state), 0)
        *whole, torn = content.split(b"\n")
        self._state_bytes = len(content) - len(torn)
        if not whole:
            self._started = _Started(token_hex(16))
            return
        self._started = json.decode(whole[0], type=_Started)
        if len(whole) > 1:
            self._committed = json.decode(whole[-1], type=_Committed)

    def _commit(self, batches: int, answered: bytes, omitted: bytes, batch: str = "") -> None:
        self._refuse_removed()
        _append(self._omitted, omitted)
        _append(self._answered, answered)
        self._committed = _Committed(
            self._committed.batches + batches, _length(self._answered), _length(self._omitted), batch
        )
        self._append_state(self._committed)

    def _refuse_removed(self) -> None:
        """Refuse to write to a file without a name: its answers would be lost when it is closed."""
        omitted, answered = self._paths
        descriptors = {omitted: self._omitted, answered: self._answered, self._state_path: self._state}
        for path, descriptor in descriptors.items():
            if not os.fstat(descriptor).st_nlink:
                raise FileNotFoundError(errno.ENOENT, "it was removed while the command ran", str(path))

    def _append_state(self, line: _Started | _Committed) -> None:
        _append(self._state, json.encode(line) + b"\n")


class _NotOfARunError(Exception):
    """A file is not as a run has left it."""


def recorded_batches(output: Path) -> Result[Sequence[RequestId] | None, AnswersElsewhere]:
    """Give the service's ids of the batches whose answers are in an output; None if it has no state.

    Refuses an output that was changed since, because it may hold other patients. An output of an earlier
    release has a state without ids, which counts as none.
    """
    state_path = output.with_name(f"{output.name}.state")
    if not state_path.exists():
        return Success(None)
    *whole, _torn = state_path.read_bytes().split(b"\n")
    try:
        [json.decode(line, type=_Started) for line in whole[:1]]
        committed = [json.decode(line, type=_Committed) for line in whole[1:]]
        batches = [RequestId(UUID(each.batch)) for each in committed if each.batch]
        in_order = [each.batches for each in committed] == [*range(len(committed))]
    except _UNREADABLE:
        return Failure(AnswersElsewhere())
    if not in_order:
        return Failure(AnswersElsewhere())
    if committed and output.stat().st_size != committed[-1].answered_bytes:
        return Failure(AnswersElsewhere())
    with_ids = len(batches) == sum(each.batches > 0 for each in committed)
    return Success(batches if batches and with_ids else None)


def _opened(path: Path) -> int:
    """Open a file of the user's own that no other user can read."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, _OWNER_ALONE)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise _NotOfARunError from None
        raise
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        os.close(descriptor)
        raise _NotOfARunError
    os.fchmod(descriptor, _OWNER_ALONE)
    return descriptor


def _length(descriptor: int) -> int:
    return os.fstat(descriptor).st_size


def _append(descriptor: int, content: bytes) -> None:
    remaining = memoryview(content)
    while remaining:
        remaining = remaining[os.write(descriptor, remaining) :]
    os.fsync(descriptor)


def _sync_directory(directory: Path) -> None:
    """Make new files survive a power cut: https://man7.org/linux/man-pages/man2/fsync.2.html ."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
