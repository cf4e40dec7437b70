"""Bodies in XML are read in every legal form."""

import re

import pytest
from returns.result import Success

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.wire_format import WireFormat
from tests.fhir_builders import ADULT, FHIR, GOOD, NAME, SYSTEM, VALUE, parameters_xml

XSD = "http://www.w3.org/2001/XMLSchema"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(parameters_xml(), id="plain"),
        pytest.param('<?xml version="1.0"?>' + parameters_xml(), id="declaration"),
        pytest.param('<?xml version="1.0" encoding="UTF-8"?>\n' + parameters_xml(), id="encoding"),
        pytest.param("<?xml version='1.0' encoding='us-ascii'?>\n" + parameters_xml(), id="ascii"),
        pytest.param("<?xml version='1.0' encoding='utf8'?>\n" + parameters_xml(), id="utf8"),
        pytest.param(
            "<?xml version='1.0' encoding='utf-8' standalone='yes'?>" + parameters_xml(), id="standalone"
        ),
        pytest.param("\ufeff" + parameters_xml(), id="byte-order-mark"),
        pytest.param(parameters_xml().replace("><", ">\r\n\t <"), id="white-space"),
        pytest.param(f"<!-- a --><?a b?>{parameters_xml()}<?a b?>\n<!-- a -->", id="around"),
        pytest.param(parameters_xml().replace("><", "><!-- <!DOCTYPE x> --><?a b?><"), id="between"),
        pytest.param(parameters_xml("<![CDATA[ ]]>" + GOOD), id="blank-character-data"),
        pytest.param(
            parameters_xml(attributes="xmlns = 'http://hl7.org/fhir' ").replace("/>", "></name >", 1),
            id="tags",
        ),
        pytest.param(
            re.sub("<(/?)", r"<\1f:", parameters_xml(attributes='xmlns:f="http://hl7.org/fhir"')), id="prefix"
        ),
        pytest.param(
            parameters_xml(attributes=f'{FHIR} xmlns:xsd="{XSD}"'),
            id="unused-namespace",
        ),
        pytest.param(
            parameters_xml(attributes=f'{FHIR} xmlns:xsi="{XSD}-instance" xsi:schemaLocation="a b"'),
            id="schema-location",
        ),
        pytest.param(
            f'<f:Parameters xmlns:f="http://hl7.org/fhir"><f:id value="a"/>{GOOD}</f:Parameters>'.replace(
                "<parameter", '<parameter xmlns="http://hl7.org/fhir"'
            ),
            id="both",
        ),
        pytest.param(
            parameters_xml(
                f'<x:id xmlns:x="http://hl7.org/fhir" value="a"/>{GOOD}', f'{FHIR} xmlns:x="urn:x"'
            ),
            id="prefix-declared-again",
        ),
        pytest.param(parameters_xml().replace("9990", "&#57;&#x39;9&#48;"), id="references"),
    ],
)
def test_reads_the_same_however_it_is_written(text: str) -> None:
    assert read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION) == Success([ADULT])


def test_reads_white_space_and_markup_in_a_value() -> None:
    token = '<valueString value="urn:x|&lt;&amp;&gt;&quot;&apos;&#10; &#x1F600;"/>'

    read = read_patient_identifiers(
        parameters_xml(f"<parameter>{NAME}{token}</parameter>").encode(), WireFormat.XML, OPERATION
    )

    assert [each.value for each in read.unwrap()] == ["<&>\"'\n \N{GRINNING FACE}"]


def test_skips_legal_elements_that_it_does_not_read() -> None:
    extension = '<extension url="urn:x"><valueBoolean value="true"/><odd>text<odd/></odd></extension>'
    identifier = (
        f'<valueIdentifier id="i">{extension}<use value="official"/><type><text value="NHS"/></type>'
        f'{SYSTEM}{VALUE}<period><start value="2020"/></period>'
        '<assigner><display value="x"/></assigner></valueIdentifier>'
    )
    narrative = '<text><div xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><p>x</p></div></text>'
    text = parameters_xml(
        f'<id value="r"/><meta><versionId value="1"/>{narrative}</meta><language value="en-GB"/>'
        f'<parameter id="p">{extension}{extension}{NAME}{identifier}</parameter>'
    )

    assert read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION) == Success([ADULT])


def test_skips_what_primitives_have_beside_their_values() -> None:
    extension = '<extension url="urn:x" id="e"><valueString value="x"/></extension>'
    parts = (
        f'<name id="n" value="patientIdentifier">{extension}</name>'
        f'<valueIdentifier><use id="u" value="usual">{extension}{extension}</use>'
        f'<type><coding><code id="c" value="NH">{extension}</code></coding></type>'
        f'<system value="{ADULT.system}">{extension}</system><value id="v" value="{ADULT.value}"/>'
        f'<period><start id="s" value="2020">{extension}</start></period></valueIdentifier>'
    )
    text = parameters_xml(f'<id value="r">{extension}</id><parameter>{parts}</parameter>')

    assert read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION) == Success([ADULT])


MANY = 2_000
MANY_ATTRIBUTES = " ".join(f"x:a{number}=''" for number in range(MANY))


@pytest.mark.parametrize(
    "unread",
    [
        pytest.param("<x:odd x:a='b'>text</x:odd>", id="once"),
        pytest.param("<x:a/>" * MANY, id="of-elements"),
        pytest.param("<a x:a=''/>" * MANY, id="of-attributes"),
        pytest.param(f"<a {MANY_ATTRIBUTES}/>", id="of-attributes-of-one"),
    ],
)
def test_a_long_namespace_is_not_written_out_for_every_name_in_it(unread: str) -> None:
    # writing it out would take 2 GB
    namespace = "x" * 1_000_000

    text = parameters_xml(f"<meta>{unread}</meta>{GOOD}", f'{FHIR} xmlns:x="{namespace}"')

    assert read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION) == Success([ADULT])
