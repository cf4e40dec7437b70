"""Resources in XML, read strictly into the structs that FHIR JSON is read into.

Source: http://hl7.org/fhir/STU3/xml.html
"""

from typing import NoReturn, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec import DecodeError, Struct, convert

from adapters.fhir.xml.content import XmlContent
from adapters.fhir.xml.shapes import document_shape

Resource = TypeVar("Resource", bound=Struct)

MAX_MARKUP = 200_000
"""How many tags, and how many attributes: forty for each of 5,000 identifiers; a million take a second."""

_CHUNK_BYTES = 262_144


def decode(body: bytes, resource: type[Resource]) -> Resource:
    """Read a resource as `msgspec.json.decode` does.

    Raises DecodeError or UnicodeDecodeError for what is not XML in UTF-8, has a document type declaration,
    too much markup, or is nested too deep; ValidationError, whose text ends on the place as it is in JSON,
    for what is not the resource.
    """
    body.decode()
    if b"\0" in body:
        # no character of XML, and the parser would take the body for UTF-16
        raise DecodeError("NUL")
    if body.count(b"<") > MAX_MARKUP or body.count(b"=") > MAX_MARKUP:
        raise DecodeError("too much markup")
    content = XmlContent(document_shape(resource))
    _parse(body, content)
    return convert(content.document, resource)


def _parse(body: bytes, content: XmlContent) -> None:
    # expands no entities but XML's own five, for these are declared in the document type, and fetches nothing
    parser = ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.XmlDeclHandler = _check_declaration
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.text
    try:
        # in pieces, for an exception takes effect only at the end of one
        for start in range(0, len(body), _CHUNK_BYTES):
            parser.Parse(body[start : start + _CHUNK_BYTES])
        parser.Parse(b"", True)  # noqa: FBT003 - takes no keyword
    except ExpatError:
        raise DecodeError("not well-formed") from None


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.upper() != "UTF-8":
        raise DecodeError("not in UTF-8")


def _refuse_document_type(*_declared: object) -> NoReturn:
    raise DecodeError("a document type declaration")
