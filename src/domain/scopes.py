"""What the scopes of an access token allow, in OAuth's terms and in SMART's.

Sources: http://hl7.org/fhir/smart-app-launch/STU1/scopes-and-launch-context/ (`system/Patient.read`) and
https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html (`system/Patient.rs`)
"""

import re
from collections.abc import Iterable

from msgspec import Struct

_SMART = re.compile(r"(?P<context>system|user|patient)/(?P<type>[A-Za-z]+|\*)\.(?P<rights>\*|[a-z]+)")
_V2_RIGHTS = re.compile(r"(?!$)c?r?u?d?s?")
_V1_RIGHTS = {"read": "rs", "write": "cud", "*": "cruds"}

_EVERY_TYPE = "*"


class _SmartScope(Struct, frozen=True):
    """A SMART scope. The rights are letters: create, read, update, delete, search."""

    context: str
    type: str
    rights: frozenset[str]

    def covers(self, other: "_SmartScope") -> bool:
        """Check whether this scope is about everything that the other one is about."""
        return self.context == other.context and self.type in {_EVERY_TYPE, other.type}


def allow(granted: Iterable[str], required: str) -> bool:
    """Check whether the granted scopes contain a required one; an empty one needs none.

    A scope contains itself. SMART scopes also contain narrower ones, alone or together: `system/*.read` and
    `system/Patient.rs` both contain `system/Patient.read`. One with search parameters contains only itself.
    """
    scopes = frozenset(granted)
    if not required or required in scopes:
        return True
    needed = _read(required)
    if needed is None:
        return False
    covering = (scope for scope in map(_read, scopes) if scope is not None and scope.covers(needed))
    return needed.rights <= frozenset[str]().union(*(scope.rights for scope in covering))


def _read(scope: str) -> _SmartScope | None:
    parts = _SMART.fullmatch(scope)
    if parts is None:
        return None
    rights = _V1_RIGHTS.get(parts["rights"], parts["rights"])
    if not _V2_RIGHTS.fullmatch(rights):
        return None
    return _SmartScope(parts["context"], parts["type"], frozenset(rights))
