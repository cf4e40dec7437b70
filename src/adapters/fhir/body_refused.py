"""Why a body is not taken."""

from typing import TypeAlias

from msgspec import Struct

from adapters.fhir.wire_format import WireFormat


class BodyNotReadable(Struct, frozen=True):
    """The body is not of the format it is sent as, in UTF-8, or is nested too deep to be read.

    JSON that names a property twice is not readable either, nor is XML with a document type declaration.
    """

    wire_format: WireFormat


class BodyNotValid(Struct, frozen=True):
    """The body is not the resource expected: unknown elements, values of the wrong type.

    `expressions` are the FHIRPaths of the elements where that was noticed, at most one in a parameter. XML
    is read as far as the first one alone.
    """

    expressions: tuple[str, ...]


class ElementsMissing(Struct, frozen=True):
    """Required elements are missing, at these FHIRPaths."""

    expressions: tuple[str, ...]


class ParametersUnknown(Struct, frozen=True):
    """The operation has no parameters of these names; the FHIRPaths lead to them."""

    expressions: tuple[str, ...]


BodyRefused: TypeAlias = BodyNotReadable | BodyNotValid | ElementsMissing | ParametersUnknown
