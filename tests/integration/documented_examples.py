"""Examples in a document, to be run as a reader runs them."""

import re

from msgspec import Struct

_HEADING_OR_BLOCK = re.compile(r"(?ms)^#+ (?P<heading>[^\n]+)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$")


class Example(Struct, frozen=True):
    """A block in a language, and the heading that it stands under."""

    heading: str
    language: str
    text: str


def examples_in(document: str) -> list[Example]:
    heading, examples = "", []
    for each in _HEADING_OR_BLOCK.finditer(document):
        heading = each["heading"] or heading
        if each["language"]:
            examples.append(Example(heading, each["language"], each["text"]))
    return examples
