"""Identifiers written as search tokens.

Source: http://hl7.org/fhir/STU3/search.html#token
"""

import re

from adapters.fhir.elements import Identifier

# possessive, so that a long text leaves nothing behind to come back to
_TOKEN = re.compile(r"(?P<system>(?:[^\\|]++|\\.)*+)\|(?P<value>(?:[^\\|]++|\\.)*+)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\|,$])")


def read_search_token(token: str) -> Identifier:
    r"""Read `system|value`, where a backslash stands before each `\`, `|`, `,` and `$` that is meant as such.

    Without a bar there is a value alone; an empty side is absent from the identifier.
    """
    both = _TOKEN.fullmatch(token)
    system, value = both.group("system", "value") if both else ("", token)
    # the pattern's group keeps what was escaped among the parts
    return Identifier(system="".join(_ESCAPED.split(system)), value="".join(_ESCAPED.split(value)))
