"""The resource that carries what a search found.

Source: http://hl7.org/fhir/STU3/bundle.html
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from adapters.fhir.definition import Definition
from adapters.fhir.elements import Element


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
