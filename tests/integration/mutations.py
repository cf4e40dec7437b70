"""Damages valid requests."""

import json
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from tests.integration.http.support.as_xml import NAMESPACE


@st.composite
def byte_mutations(draw: st.DrawFn, body: bytes) -> bytes:
    """Give a body in which some stretches are overwritten, repeated or taken out."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 12)))
        put = draw(st.one_of(st.binary(max_size=6), st.just(body[start:end] * 2), st.just(b"")))
        body = body[:start] + put + body[end:]
    return body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "system", "value", "valueIdentifier", "valueString", "part", "x"]), inner
        )
    ),
    max_leaves=8,
)


# XML cannot hold most control characters
xml_texts = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=8)


@st.composite
def json_mutations(draw: st.DrawFn, body: bytes) -> bytes:
    """Give a body in JSON in which one element, at any depth, is replaced, renamed or taken out."""
    resource: Any = json.loads(body)
    node: Any = resource
    while True:
        key = draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or not node[key] or draw(st.booleans()):
            break
        node = node[key]
    match draw(st.sampled_from(["replace", "remove", "rename"])):
        case "rename" if isinstance(node, dict):
            node[draw(st.text(max_size=5))] = node.pop(key)
        case "remove":
            del node[key]
        case _:
            node[key] = draw(json_values)
    return json.dumps(resource).encode()


@st.composite
def xml_mutations(draw: st.DrawFn, body: bytes) -> bytes:
    """Give a body in XML in which one element, at any depth, is replaced, renamed, repeated or taken out."""
    root: Any = etree.fromstring(body)
    element = draw(st.sampled_from([*root.iter()]))
    siblings = element.getparent() if element is not root else root
    match draw(st.sampled_from(["value", "text", "rename", "repeat", "remove"])):
        case "value":
            element.set(draw(st.sampled_from(["value", "id", "odd"])), draw(xml_texts))
        case "text":
            element.text = draw(xml_texts)
        case "rename":
            name = draw(st.sampled_from(["part", "resource", "valueString", "extension", "name", "odd"]))
            element.tag = f"{{{draw(st.sampled_from([NAMESPACE, 'urn:x']))}}}{name}"
        case "repeat":
            siblings.append(etree.fromstring(etree.tostring(element)))
        case _ if element is not root:
            siblings.remove(element)
    return bytes(etree.tostring(root))
