"""The words of a refusal, whoever wrote it."""

from msgspec import DecodeError, Struct, json

from application.ports.remote_operation import Refused

_MOST_CHARACTERS = 2_000


class _Issue(Struct, frozen=True):
    code: str = ""
    diagnostics: str = ""
    expression: list[str] = []
    location: list[str] = []


class _Outcome(Struct, frozen=True):
    """As much of an OperationOutcome as people read; other servers may use codes that ours does not."""

    issue: list[_Issue] = []


def refusal_text(status: int, body: bytes) -> Refused:
    """Say the status, and what the OperationOutcome says if there is one."""
    try:
        issues = json.decode(body, type=_Outcome).issue
    except (DecodeError, UnicodeDecodeError):
        issues = []
    words = "; ".join(filter(None, map(_words, issues)))
    text = f"the service refuses with status {status}" + (f": {words}" if words else "")
    # nothing that moves the cursor of a terminal
    return Refused("".join(each if each.isprintable() else " " for each in text[:_MOST_CHARACTERS]))


def _words(issue: _Issue) -> str:
    places = ", ".join([*issue.location, *issue.expression])
    said = f"{issue.code}: {issue.diagnostics}" if issue.diagnostics else issue.code
    return f"{said} [{places}]" if places else said
