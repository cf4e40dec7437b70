"""The judge finds what it is there to find; without that, its silence would mean nothing."""

import pytest

from tests.integration.fhir_judges import IllegalResourceError, judge

GOOD = '{"resourceType":"Parameters","parameter":[{"name":"a","valueString":"b"}]}'


@pytest.mark.parametrize(
    "raw",
    [
        GOOD,
        '{"resourceType":"Parameters"}',
        '{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","valueString":"c"}]}]}',
        '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-supported"}]}',
    ],
)
def test_lets_legal_resources_pass(raw: str) -> None:
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
def test_refuses_illegal_ones(raw: str) -> None:
    with pytest.raises(IllegalResourceError):
        judge(raw.encode())
