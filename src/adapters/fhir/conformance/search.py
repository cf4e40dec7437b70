"""Search among resources that are all known beforehand.

Source: http://hl7.org/fhir/STU3/bundle.html

Source: http://hl7.org/fhir/STU3/search.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from adapters.fhir.elements import Definition, Element
from adapters.fhir.identifiers import read_search_token


class Link(Element, frozen=True, kw_only=True):
    """An address that has to do with the bundle."""

    relation: Literal["self"]
    url: str


class EntrySearch(Element, frozen=True, kw_only=True):
    """Why an entry is there."""

    mode: Literal["match"]


class Entry(Element, frozen=True, kw_only=True):
    """A resource that was found, and where it can be read."""

    full_url: str
    resource: Definition
    search: EntrySearch


class Bundle(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What a search found; the link tells what was searched for."""

    resource_type: Literal["Bundle"]
    type: Literal["searchset"]
    total: int
    link: list[Link]
    entry: list[Entry] | UnsetType = UNSET


def searchset(self_url: str, found: Mapping[str, Definition]) -> Bundle:
    """Put together what was found, by full URL."""
    entries = [
        Entry(full_url=url, resource=resource, search=EntrySearch(mode="match"))
        for url, resource in found.items()
    ]
    return Bundle(
        resource_type="Bundle",
        type="searchset",
        total=len(entries),
        link=[Link(relation="self", url=self_url)],
        entry=entries or UNSET,
    )


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
