"""Bodies that are not XML, or that are harmful XML."""

import pytest
from returns.result import Failure

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.parameters import BodyNotReadable
from adapters.fhir.wire_format import WireFormat
from adapters.fhir.xml.content import MAX_DEPTH
from adapters.fhir.xml.decoder import MAX_MARKUP
from tests.fhir_builders import GOOD, NAME, parameters_xml

NOT_READABLE = Failure(BodyNotReadable(WireFormat.XML))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" ", id="blank"),
        pytest.param(b'{"resourceType":"Parameters"}', id="json"),
        pytest.param(parameters_xml()[:-1].encode(), id="cut-off"),
        pytest.param(parameters_xml().encode() * 2, id="twice"),
        pytest.param(b" <?xml version='1.0'?>" + parameters_xml().encode(), id="declaration-not-first"),
        pytest.param(parameters_xml().replace("<name", "<f:name").encode(), id="undeclared-prefix"),
        pytest.param(parameters_xml("<:id/>").encode(), id="empty-prefix"),
        pytest.param(parameters_xml("<id:/>").encode(), id="empty-name"),
        pytest.param(parameters_xml("<a:b:id xmlns:a='urn:a'/>").encode(), id="two-colons"),
        pytest.param(parameters_xml("<id xmlns:=''/>").encode(), id="empty-declaration"),
        pytest.param(parameters_xml("<id xmlnsx=''/>").encode(), id="name-kept-for-xml"),
        pytest.param(parameters_xml('<id value="a" value="b"/>').encode(), id="attribute-twice"),
        pytest.param(parameters_xml('<id value="a<b"/>').encode(), id="markup-in-a-value"),
        pytest.param(parameters_xml('<id value="&#1;"/>').encode(), id="control-character"),
        pytest.param(parameters_xml('<id value="\0"/>').encode(), id="nul"),
        pytest.param(parameters_xml('<id value="&eacute;"/>').encode(), id="entity-of-html"),
        pytest.param(parameters_xml('<id value="\xff"/>').encode("latin-1"), id="not-utf-8"),
        pytest.param(
            parameters_xml('<id value="?"/>').encode().replace(b"?", b"\xed\xa0\x80"), id="surrogate"
        ),
        pytest.param(parameters_xml().encode("utf-16"), id="utf-16"),
        pytest.param(parameters_xml().encode("utf-16-le"), id="utf-16-without-mark"),
        pytest.param(parameters_xml().encode("utf-16-be"), id="utf-16-backwards"),
        pytest.param(parameters_xml().encode("utf-32"), id="utf-32"),
        pytest.param(
            b'<?xml version="1.0" encoding="ISO-8859-1"?>' + parameters_xml().encode(), id="latin-1"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="UTF-16"?>' + parameters_xml().encode(), id="declares-utf-16"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="US-ASCII"?>' + parameters_xml('<id value="\u00e9"/>').encode(),
            id="declares-ascii",
        ),
        pytest.param(b'<?xml version="1.0" encoding="UTF-7"?>' + parameters_xml().encode(), id="utf-7"),
    ],
)
def test_refuses_a_body_that_is_not_xml_in_utf_8(body: bytes) -> None:
    assert read_patient_identifiers(body, WireFormat.XML, OPERATION) == NOT_READABLE


LAUGHS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))
LONG = "x" * 50_000


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        pytest.param("", "", id="empty"),
        pytest.param(' SYSTEM "http://dtd.test/fhir.dtd"', "", id="external-subset"),
        pytest.param(' [<!ENTITY a "b">]', "&a;", id="entity"),
        pytest.param(' [<!ENTITY a SYSTEM "file:///etc/passwd">]', "&a;", id="external-entity"),
        pytest.param(' [<!ENTITY % a SYSTEM "http://dtd.test/a.dtd"> %a;]', "", id="parameter-entity"),
        pytest.param(f' [<!ENTITY a0 "ha">{LAUGHS}]', "&a11;", id="billion-laughs"),
        pytest.param(f' [<!ENTITY a "{LONG}">]', "&a;" * 50_000, id="quadratic"),
        pytest.param(' [<!ATTLIST name value CDATA "patientIdentifier">]', "", id="default-attribute"),
    ],
)
def test_does_not_read_past_a_document_type_declaration(declared: str, value: str) -> None:
    text = f"<!DOCTYPE Parameters{declared}>" + parameters_xml(f'<id value="{value}"/>{GOOD}')

    assert read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION) == NOT_READABLE


MANY_ATTRIBUTES = " ".join(f'a{number}=""' for number in range(MAX_MARKUP))


def nested(element: str, depth: int) -> str:
    return f"<{element}>" * depth + f"</{element}>" * depth


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(parameters_xml(f"<parameter>{NAME}{nested('part', MAX_DEPTH)}</parameter>"), id="parts"),
        pytest.param(parameters_xml(f"<meta>{nested('a', MAX_DEPTH)}</meta>"), id="unread"),
        pytest.param(parameters_xml("<meta>" + "<a>" * (MAX_MARKUP - 10)), id="not-closed"),
        pytest.param(parameters_xml(f"<meta>{'<a/>' * MAX_MARKUP}</meta>"), id="too-many-elements"),
        pytest.param(parameters_xml(f"<meta><a {MANY_ATTRIBUTES}/></meta>"), id="too-many-attributes"),
    ],
)
def test_refuses_a_body_with_too_deep_nesting_or_too_much_markup(text: str) -> None:
    assert read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION) == NOT_READABLE


def test_no_more_parameters_are_read_than_show_that_there_are_too_many() -> None:
    """What follows is not even XML, which nobody gets to see."""
    body = parameters_xml(GOOD * (OPERATION.limit + 2)).encode().replace(b"</Parameters>", b"<not><XML")

    identifiers = read_patient_identifiers(body, WireFormat.XML, OPERATION).unwrap()

    assert len(identifiers) == OPERATION.limit + 1


def test_more_elements_within_a_parameter_than_parameters_are_too_much_markup() -> None:
    within = GOOD.replace(
        "<parameter>", "<parameter>" + '<extension url="urn:x"/>' * (OPERATION.limit + 2), 1
    )

    assert (
        read_patient_identifiers(parameters_xml(within).encode(), WireFormat.XML, OPERATION) == NOT_READABLE
    )
