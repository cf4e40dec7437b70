"""Values of every type read from XML, into structs that other resources may have."""

from typing import Any, Literal

import pytest
from msgspec import Struct, ValidationError

from adapters.fhir.xml.decoder import decode


class Device(Struct, rename="camel", omit_defaults=True, kw_only=True):
    resource_type: Literal["Device"]
    id: str | None = None
    active: bool | None = None
    count: int | None = None
    weight: float | None = None
    parts: list[str] = []
    component: "Device | None" = None
    contained: list["Device"] = []


def device(content: str) -> Device:
    return decode(f'<Device xmlns="http://hl7.org/fhir">{content}</Device>'.encode(), Device)


def a_device(**elements: Any) -> Device:
    return Device(resource_type="Device", **elements)


@pytest.mark.parametrize(
    ("content", "elements"),
    [
        pytest.param('<id value="d"/>', {"id": "d"}, id="id-of-a-resource"),
        pytest.param('<active value="true"/>', {"active": True}, id="true"),
        pytest.param('<active value="false"/>', {"active": False}, id="false"),
        pytest.param('<count value="-12"/>', {"count": -12}, id="integer"),
        pytest.param('<weight value="0.50"/>', {"weight": 0.5}, id="decimal"),
        pytest.param('<parts value="a"/><parts value="b"/>', {"parts": ["a", "b"]}, id="list"),
        pytest.param(
            '<component><Device><count value="1"/></Device></component>',
            {"component": a_device(count=1)},
            id="resource",
        ),
        pytest.param(
            "<contained><Device/></contained><contained><Device/></contained>",
            {"contained": [a_device(), a_device()]},
            id="resources",
        ),
    ],
)
def test_reads_every_kind_of_value(content: str, elements: dict[str, Any]) -> None:
    assert device(content) == a_device(**elements)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param('<active value="TRUE"/>', "$.active", id="upper-case"),
        pytest.param('<active value="1"/>', "$.active", id="one-for-true"),
        pytest.param('<count value="1.0"/>', "$.count", id="fraction"),
        pytest.param('<count value="01"/>', "$.count", id="leading-zero"),
        pytest.param(f'<count value="{"9" * 5000}"/>', "$.count", id="long"),
        pytest.param('<weight value="NaN"/>', "$.weight", id="no-number"),
        pytest.param('<parts value="a"/><parts/>', "$.parts[1]", id="no-value"),
        pytest.param("<component><Patient/></component>", "$.component.resourceType", id="other-resource"),
        pytest.param("<component><Device/><Device/></component>", "$.component", id="two-resources"),
        pytest.param("<component/>", "$.component", id="no-resource"),
        pytest.param("<contained><Device/></contained><contained/>", "$.contained[1]", id="second"),
    ],
)
def test_leads_to_the_value_that_is_not_of_its_type(content: str, place: str) -> None:
    with pytest.raises(ValidationError) as raised:
        device(content)

    assert str(raised.value).endswith(f" - at `{place}`")


def test_refuses_a_struct_that_is_no_resource() -> None:
    class Period(Struct):
        start: str

    with pytest.raises(TypeError, match="Period"):
        decode(b"<Period/>", Period)
