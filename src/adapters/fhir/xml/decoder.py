"""Reads resources from XML, strictly, into the same structs as FHIR JSON.

Source: http://hl7.org/fhir/STU3/xml.html
"""

from contextlib import suppress
from functools import partial
from typing import NoReturn, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec import DecodeError, Struct, convert

from adapters.fhir.xml.content import EnoughError, XmlContent
from adapters.fhir.xml.shapes import document_shape

Resource = TypeVar("Resource", bound=Struct)

MAX_MARKUP = 200_000
"""The limit of tags, and of attributes: forty for each of 5,000 identifiers. A million take a second."""

_CHUNK_BYTES = 262_144

_UTF_8 = {"UTF-8", "UTF8"}
"""The second name is none, but some libraries write it."""


def decode(body: bytes, resource: type[Resource], at_most: int = MAX_MARKUP) -> Resource:
    """Read a resource as `msgspec.json.decode` does, and of the elements of one name the first `at_most`.

    Raises DecodeError or UnicodeDecodeError if the body is not XML in UTF-8, has a document type,
    has too much markup, or is nested too deep. Raises ValidationError, whose text ends with the path in JSON,
    if the body is not the resource.
    """
    body.decode()
    if b"\0" in body:
        # XML has no such character, and the parser would read the body as UTF-16
        raise DecodeError("NUL")
    if body.count(b"<") > MAX_MARKUP or body.count(b"=") > MAX_MARKUP:
        raise DecodeError("too much markup")
    content = XmlContent(document_shape(resource), at_most)
    with suppress(EnoughError):
        _parse(body, content)
    return convert(content.document, resource)


def _parse(body: bytes, content: XmlContent) -> None:
    # without a document type there are only XML's own five entities, and nothing is fetched
    parser = ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.XmlDeclHandler = partial(_check_declaration, body)
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.text
    try:
        # in chunks, because expat raises an exception only at the end of a chunk
        for start in range(0, len(body), _CHUNK_BYTES):
            parser.Parse(body[start : start + _CHUNK_BYTES])
        parser.Parse(b"", True)  # noqa: FBT003 - takes no keyword
    except ExpatError:
        raise DecodeError("not well-formed") from None


def _check_declaration(body: bytes, _version: str, encoding: str | None, _standalone: int) -> None:
    # ASCII is a part of UTF-8, and what Python's own library declares
    is_ascii = encoding is not None and encoding.upper() == "US-ASCII" and body.isascii()
    if encoding is not None and encoding.upper() not in _UTF_8 and not is_ascii:
        raise DecodeError("not in UTF-8")


def _refuse_document_type(*_declared: object) -> NoReturn:
    raise DecodeError("a document type declaration")
