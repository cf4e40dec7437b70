"""Searches the resources that the service publishes about itself.

Sources: http://hl7.org/fhir/STU3/bundle.html , http://hl7.org/fhir/STU3/search.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from adapters.fhir.elements import Definition, Element
from adapters.fhir.identifiers import read_search_token

_CONTROLS = frozenset({"_format"})
"""Parameters about the answer, which select nothing."""


class Link(Element, frozen=True, kw_only=True):
    """An address of the bundle."""

    relation: Literal["self"]
    url: str


class EntrySearch(Element, frozen=True, kw_only=True):
    """Why the bundle holds an entry."""

    mode: Literal["match"]


class Entry(Element, frozen=True, kw_only=True):
    """A found resource, and its address."""

    full_url: str
    resource: Definition
    search: EntrySearch


class Bundle(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The result of a search. The link holds the search that was made."""

    resource_type: Literal["Bundle"]
    type: Literal["searchset"]
    total: int
    link: list[Link]
    entry: list[Entry] | UnsetType = UNSET


def searchset(self_url: str, found: Mapping[str, Definition]) -> Bundle:
    """Make the bundle of the found resources, by full URL."""
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


class SearchParameter(Struct, frozen=True):
    """A search parameter, and the element that it compares."""

    name: str
    type: Literal["token", "uri"]
    documentation: str
    element: Callable[[Definition], str]

    def matches(self, resource: Definition, wanted: str) -> bool:
        """Check whether the element equals one of the wanted values, which commas separate."""
        return any(self._read(each) == self.element(resource) for each in wanted.split(","))

    def _read(self, wanted: str) -> str:
        if self.type == "uri":
            return wanted
        # the elements are ids and codes without a system
        token = read_search_token(wanted)
        return "" if token.system else str(token.value)


class Collection(Struct, frozen=True):
    """All resources of a type, and the address of their search. Each has its own address below it."""

    type: str
    url: str
    resources: tuple[Definition, ...]
    parameters: tuple[SearchParameter, ...]

    def read(self, resource_id: str) -> Definition | None:
        """Find the resource of this id."""
        return next((each for each in self.resources if each.id == resource_id), None)


class ModifierUnsupported(Struct, frozen=True):
    """A parameter has a modifier. `parameters` are supported, without modifiers."""

    parameters: tuple[str, ...]


class SearchParameterUnknown(Struct, frozen=True):
    """A strict caller sent an unknown parameter. `parameters` are supported."""

    parameters: tuple[str, ...]


SearchRefused: TypeAlias = ModifierUnsupported | SearchParameterUnknown


def search(
    collection: Collection, query: Iterable[tuple[str, str]], *, strict: bool
) -> Result[Bundle, SearchRefused]:
    """Find the resources that match every parameter.

    Unknown parameters are ignored, because proxies may add some, unless the caller asks for strict handling.
    The link of the bundle lists the parameters in use. Modifiers are always refused: without its modifier, a
    parameter would match other resources. Source: http://hl7.org/fhir/STU3/search.html#errors
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
