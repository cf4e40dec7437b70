"""The data type Period, and whether a day lies in one.

Source: http://hl7.org/fhir/STU3/datatypes.html#Period
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from adapters.fhir.elements import Unread

_DATE_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.+)?)?)?")
_DAY = len("2026-12-02")
_LONDON = ZoneInfo("Europe/London")


class Period(Struct):
    """From when to when something holds; None is an end that is open.

    An end without a value is an end at an unknown time, not an open period.
    """

    start: str | None = None
    end: str | None = None
    end_element: Unread = field(default=None, name="_end")


def includes(period: Period, day: date) -> bool:
    """Say whether a day in the United Kingdom surely lies in a period, both of whose ends belong to it.

    A year or a month lasts from its first to its last day. Raises ValueError if an end is not a date.
    """
    if period.end is None and period.end_element is not None:
        return False
    start, end = (end if end is None else _day(end) for end in (period.start, period.end))
    text = day.isoformat()
    # as far as the shorter one goes, ISO dates are in the order of their texts
    return (start is None or start <= text[: len(start)]) and (end is None or end >= text[: len(end)])


def _day(text: str) -> str:
    """Give the day of a moment; a day, a month or a year as it is."""
    if not _DATE_TIME.fullmatch(text):
        raise ValueError("not a date")
    if len(text) <= _DAY:
        date.fromisoformat(text + "0001-01-01"[len(text) :])
        return text
    moment = datetime.fromisoformat(text)
    try:
        return (moment if moment.tzinfo is None else moment.astimezone(_LONDON)).date().isoformat()
    except OverflowError:
        # the first and the last day of the calendar, which mean for ever
        return text[:_DAY]
