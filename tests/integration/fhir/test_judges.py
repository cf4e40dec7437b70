"""The judge finds what it is there to find; without that, its silence would mean nothing."""

import pytest

from tests.integration.fhir_judges import IllegalResourceError, judge, judge_xml

GOOD = '{"resourceType":"Parameters","parameter":[{"name":"a","valueString":"b"}]}'
DEFINITION = (
    '{"resourceType":"OperationDefinition","id":"a","name":"a","status":"active","kind":"operation",'
    '"code":"a","system":false,"type":true,"instance":false,'
    '"parameter":[{"name":"a","use":"in","min":1,"max":"2","type":"Identifier"}]}'
)
STATEMENT = (
    '{"resourceType":"CapabilityStatement","status":"active","date":"2026-11-22","kind":"instance",'
    '"software":{"name":"a"},"fhirVersion":"3.0.2","acceptUnknown":"no","format":["json"],'
    '"rest":[{"mode":"server","security":{"extension":[{"url":"a","extension":[{"url":"b","valueUri":"c"}]}]},'
    '"resource":[{"type":"CodeSystem","interaction":[{"code":"read"}],'
    '"searchParam":[{"name":"url","type":"uri"}]}]}]}'
)
CODE_SYSTEM = (
    '{"resourceType":"CodeSystem","status":"active",'
    '"content":"complete","concept":[{"code":"a"},{"code":"b"}]}'
)
BUNDLE = (
    '{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"fullUrl":"urn:a","resource":'
    + CODE_SYSTEM
    + ',"search":{"mode":"match"}}]}'
)


@pytest.mark.parametrize(
    "raw",
    [
        GOOD,
        '{"resourceType":"Parameters"}',
        '{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","valueString":"c"}]}]}',
        '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-supported"}]}',
        DEFINITION,
        STATEMENT,
        CODE_SYSTEM,
        BUNDLE,
    ],
)
def test_accepts_legal_resources(raw: str) -> None:
    judge(raw.encode())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="no_resource"),
        pytest.param("{}", id="no_resource_type"),
        pytest.param('{"resourceType":"Parameter"}', id="no_such_type"),
        pytest.param(GOOD.replace('"name"', '"name":"a","name"'), id="repeated_name"),
        pytest.param('{"resourceType":"Parameters","parameter":[]}', id="empty_array"),
        pytest.param('{"resourceType":"Parameters","parameter":null}', id="null"),
        pytest.param('{"resourceType":"Parameters","meta":{}}', id="empty_object"),
        pytest.param(GOOD.replace('"b"', '" "'), id="blank"),
        pytest.param(GOOD.replace("valueString", "valueDatetime"), id="misspelt_element"),
        pytest.param(GOOD.replace("valueString", "valueDateTime"), id="no_date"),
        pytest.param(GOOD.replace(',"valueString":"b"', ""), id="name_alone"),
        pytest.param(GOOD.replace('"b"', '"b","part":[{"name":"c","valueString":"d"}]'), id="value_and_part"),
        pytest.param(
            '{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b"}]}]}', id="part_alone"
        ),
        pytest.param('{"resourceType":"OperationOutcome"}', id="no_issue"),
        pytest.param(
            '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"deleted"}]}',
            id="code_of_a_later_release",
        ),
    ],
)
def test_refuses_illegal_resources(raw: str) -> None:
    with pytest.raises(IllegalResourceError):
        judge(raw.encode())


@pytest.mark.parametrize(
    ("good", "part", "bad"),
    [
        pytest.param(DEFINITION, ',"type":"Identifier"', "", id="opd-1"),
        pytest.param(
            DEFINITION,
            '"type":"Identifier"',
            '"part":[{"name":"b","use":"in","min":1,"max":"1"}]',
            id="opd-1_of_a_part",
        ),
        pytest.param(DEFINITION, '"type":"Id', '"searchType":"token","type":"Id', id="opd-2"),
        pytest.param(DEFINITION, "Identifier", "token", id="type_that_is_none"),
        pytest.param(DEFINITION, '"max":"2"', '"max":"0"', id="maximum_below_minimum"),
        pytest.param(DEFINITION, '"status"', '"affectsState":true,"status"', id="element_of_a_later_release"),
        pytest.param(DEFINITION, '"id":"a"', '"id":"a b"', id="id"),
        pytest.param(DEFINITION, '"name":"a","status"', '"url":"a b","name":"a","status"', id="uri"),
        pytest.param(STATEMENT, STATEMENT[STATEMENT.index(',"rest"') : -1], "", id="cpb-1"),
        pytest.param(STATEMENT, '"software":{"name":"a"},', "", id="cpb-2"),
        pytest.param(STATEMENT, '{"mode":"server"', '{"mode":"server"},{"mode":"server"', id="cpb-8"),
        pytest.param(
            STATEMENT,
            '[{"type":"CodeSystem"',
            '[{"type":"CodeSystem","interaction":[{"code":"read"}]},{"type":"CodeSystem"',
            id="cpb-9",
        ),
        pytest.param(STATEMENT, '[{"name":"url"', '[{"name":"url","type":"uri"},{"name":"url"', id="cpb-12"),
        pytest.param(STATEMENT, '"instance"', '"requirements"', id="cpb-14"),
        pytest.param(
            STATEMENT.replace('"software":{"name":"a"}', '"implementation":{"description":"a"}'),
            '"instance"',
            '"capability"',
            id="cpb-15",
        ),
        pytest.param(STATEMENT, '"url":"a",', '"url":"a","valueUri":"d",', id="ext-1"),
        pytest.param(STATEMENT, ',"valueUri":"c"', "", id="ext-1_of_a_nested_one"),
        pytest.param(STATEMENT, "3.0.2", "4.0.1", id="another_release"),
        pytest.param(STATEMENT, '"interaction":[{"code":"read"}],', "", id="no_interaction"),
        pytest.param(CODE_SYSTEM, '"b"', '"a"', id="csd-1"),
        pytest.param(BUNDLE, '"searchset"', '"collection"', id="bdl-1"),
        pytest.param(BUNDLE, '"type":"searchset","total":1', '"type":"collection"', id="bdl-2"),
        pytest.param(BUNDLE, '"search":{', '"request":{"method":"GET","url":"a"},"search":{', id="bdl-3"),
        pytest.param(BUNDLE, '"search":{', '"response":{"status":"200"},"search":{', id="bdl-4"),
        pytest.param(BUNDLE, '"entry":[', '"entry":[{"fullUrl":"urn:b"},', id="bdl-5"),
        pytest.param(
            BUNDLE,
            '"entry":[',
            '"entry":[{"fullUrl":"urn:a","resource":{"resourceType":"Parameters"}},',
            id="bdl-7",
        ),
        pytest.param(BUNDLE, "urn:a", "http://a/_history/1", id="bdl-8"),
        pytest.param(BUNDLE, '{"code":"b"}', '{"code":"a"}', id="illegal_entry"),
    ],
)
def test_refuses_a_resource_that_breaks_an_invariant(good: str, part: str, bad: str) -> None:
    broken = good.replace(part, bad, 1)

    assert broken != good
    with pytest.raises(IllegalResourceError):
        judge(broken.encode())


XML = (
    '<Parameters xmlns="http://hl7.org/fhir">'
    '<parameter><name value="a"/><valueString value="b"/></parameter></Parameters>'
)
REFUSAL = (
    '<OperationOutcome xmlns="http://hl7.org/fhir">'
    '<issue><severity value="error"/><code value="not-supported"/></issue></OperationOutcome>'
)


@pytest.mark.parametrize(
    "raw",
    [
        XML,
        f'<?xml version="1.0" encoding="UTF-8"?>{XML}',
        '<Parameters xmlns="http://hl7.org/fhir"/>',
        REFUSAL,
    ],
)
def test_accepts_legal_resources_in_xml(raw: str) -> None:
    judge_xml(raw.encode())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="nothing"),
        pytest.param(GOOD, id="json"),
        pytest.param(XML[:-1], id="cut-off"),
        pytest.param(XML.replace("fhir", "xml"), id="other-namespace"),
        pytest.param(XML.replace("Parameters", "Parameter"), id="no-such-type"),
        pytest.param(XML.replace('"b"', '""'), id="empty"),
        pytest.param(XML.replace('"b"', '"b" other="c"'), id="attribute"),
        pytest.param(XML.replace("<name", "text<name"), id="text"),
        pytest.param(XML.replace('<name value="a"/>', ""), id="no-name"),
        pytest.param(XML.replace("</p", '<name value="a"/></p'), id="name-twice"),
        pytest.param(
            XML.replace('<name value="a"/>', "").replace("</p", '<name value="a"/></p'), id="out-of-order"
        ),
        pytest.param(XML.replace("valueString", "valueDatetime"), id="misspelt-element"),
        pytest.param(XML.replace("valueString", "valueDateTime"), id="no-date"),
        pytest.param(XML.replace('<valueString value="b"/>', ""), id="name-alone"),
    ],
)
def test_refuses_illegal_resources_in_xml(raw: str) -> None:
    with pytest.raises(IllegalResourceError):
        judge_xml(raw.encode())
