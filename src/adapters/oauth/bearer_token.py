"""The outer form of any access token."""

import re

_BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_MAX_CHARACTERS = 16_384


def is_bearer_token(text: str) -> bool:
    """Tell whether this may be an access token: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 .

    What is larger than any genuine one is none.
    """
    return len(text) <= _MAX_CHARACTERS and _BEARER_TOKEN.fullmatch(text) is not None
