"""Search among resources that are all known beforehand.

Source: http://hl7.org/fhir/STU3/search.html
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.fhir.bundle import Bundle, searchset
from adapters.fhir.definition import Definition
from adapters.fhir.search_token import read_search_token

_CONTROLS = frozenset({"_format"})
"""Parameters that say how to answer, not what to find."""


class SearchParameter(Struct, frozen=True):
    """A parameter of a search, and the element that it goes by."""

    name: str
    type: Literal["token", "uri"]
    documentation: str
    element: Callable[[Definition], str]

    def matches(self, resource: Definition, wanted: str) -> bool:
        """Tell whether the element is one of those wanted, which commas separate."""
        return any(self._read(each) == self.element(resource) for each in wanted.split(","))

    def _read(self, wanted: str) -> str:
        if self.type == "uri":
            return wanted
        # the elements are ids and codes, which belong to no system
        token = read_search_token(wanted)
        return "" if token.system else str(token.value)


class Collection(Struct, frozen=True):
    """All resources of a type, and the address where they are searched; each has its own below it."""

    type: str
    url: str
    resources: tuple[Definition, ...]
    parameters: tuple[SearchParameter, ...]

    def read(self, resource_id: str) -> Definition | None:
        """Give the resource of this id, if there is one."""
        return next((each for each in self.resources if each.id == resource_id), None)


class ModifierUnsupported(Struct, frozen=True):
    """A parameter was sent with a modifier; these may be sent, without one."""

    parameters: tuple[str, ...]


class SearchParameterUnknown(Struct, frozen=True):
    """A parameter was sent that is not one of these, by a caller that wants to know."""

    parameters: tuple[str, ...]


SearchRefused: TypeAlias = ModifierUnsupported | SearchParameterUnknown


def search(
    collection: Collection, query: Iterable[tuple[str, str]], *, strict: bool
) -> Result[Bundle, SearchRefused]:
    """Find the resources that match every parameter.

    Unknown parameters are ignored, since proxies may add some, unless the caller asks for strict handling;
    the link of the bundle tells which ones were used. Modifiers are always refused: to ignore one would
    find other resources than were asked for. Source: http://hl7.org/fhir/STU3/search.html#errors
    """
    parameters = {each.name: each for each in collection.parameters}
    used = []
    for name, value in query:
        bare_name, colon, _modifier = name.partition(":")
        if colon and bare_name in parameters:
            return Failure(ModifierUnsupported(tuple(parameters)))
        if strict and name not in parameters and name not in _CONTROLS:
            return Failure(SearchParameterUnknown(tuple(parameters)))
        if value and name in parameters:
            used.append((name, value))
    found = {
        f"{collection.url}/{resource.id}": resource
        for resource in collection.resources
        if all(parameters[name].matches(resource, value) for name, value in used)
    }
    return Success(searchset(f"{collection.url}?{urlencode(used)}".rstrip("?"), found))
