"""The form of the page: what a person has typed, and what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import parse_qsl, unquote, unquote_plus

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.http.join.birth_dates import DAY, MONTH, YEAR, birth_date
from domain.confidential import Confidential
from domain.invitations import SECRET_LENGTH, is_secret_text
from domain.redemption import forgiven
from domain.results import failed

CODE, TOKEN = "code", "token"
_FIELDS = (CODE, TOKEN, DAY, MONTH, YEAR)

_IN_LINK = {"t1": CODE, "t2": TOKEN}
"""The parameters of the link in a letter."""

_PARAMETER = re.compile(r"(?:^|[&;?])(?:amp;)?(t[12])=([^&;?]*)", re.IGNORECASE)

_LONGEST = 40
"""What is longer was not typed into this form."""

_MOST_FIELDS = 20


class Typed(Confidential, frozen=True):
    """The text of each field."""

    code: str = ""
    token: str = ""
    day: str = ""
    month: str = ""
    year: str = ""


class Problem(Struct, frozen=True):
    """A sentence, and the fields that it is about; the first one is where it is put right."""

    sentence: str
    fields: Sequence[str] = ()


class Answers(Confidential, frozen=True):
    """What can be claimed with."""

    code: str
    token: str
    birth_date: date


def typed_in_link(query: bytes) -> Typed:
    """Read code and token from the query of the link, also where mail programs have rewritten it.

    They escape it again, write `&` as HTML does, and add parameters. No code or token has such characters.
    """
    text = unquote_plus(unquote(query.decode(errors="replace")))
    given = {name.lower(): value.strip() for name, value in _PARAMETER.findall(text)}
    return Typed(
        **{
            field: given[name]
            for name, field in _IN_LINK.items()
            if name in given and len(given[name]) <= _LONGEST
        }
    )


def typed_in_form(body: bytes) -> Typed:
    """Read the fields from the body of the form."""
    given = _pairs(body)
    return Typed(**{field: given.get(field, "") for field in _FIELDS})


def _pairs(encoded: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            encoded.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return {}
    return {name: value.strip() for name, value in pairs if len(value) <= _LONGEST}


def checked(typed: Typed, today: date) -> Result[Answers, Sequence[Problem]]:
    """Give the answers, or all that is wrong with them."""
    problems = [*_problems_with_secret(CODE, typed.code), *_problems_with_secret(TOKEN, typed.token)]
    born = birth_date(typed.day, typed.month, typed.year, today)
    if failed(born):
        problems.append(Problem(born.failure().sentence, born.failure().fields))
    if problems or failed(born):
        return Failure(problems)
    return Success(Answers(typed.code, typed.token, born.unwrap()))


def _problems_with_secret(field: str, text: str) -> Sequence[Problem]:
    if not text:
        return [Problem(f"Enter the {field} from your letter or message", [field])]
    if not is_secret_text(forgiven(text)):
        sentence = f"The {field} must have {SECRET_LENGTH} letters and numbers. Check your letter or message"
        return [Problem(sentence, [field])]
    return []
