"""Moments mean the same on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.engine import make_url

from adapters.sql.tables import UtcDateTime

DIALECTS = [
    pytest.param(make_url(f"{name}://").get_dialect()(), id=name)
    for name in ("sqlite+aiosqlite", "postgresql+asyncpg")
]
MOMENT = datetime(2027, 1, 1, 9, 29, 23, 356000, tzinfo=UTC)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_moment_without_an_offset_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="a moment needs an offset from UTC"):
        UtcDateTime().process_bind_param(MOMENT.replace(tzinfo=None), dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_moment_of_any_zone_is_written_in_utc(dialect: Dialect) -> None:
    moment = MOMENT.astimezone(timezone(timedelta(hours=-5)))

    written = UtcDateTime().process_bind_param(moment, dialect)

    assert written is not None
    assert written.isoformat() == MOMENT.isoformat()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "stored",
    [pytest.param(MOMENT, id="with-offset"), pytest.param(MOMENT.replace(tzinfo=None), id="without-offset")],
)
def test_a_moment_is_read_in_utc(dialect: Dialect, stored: datetime) -> None:
    read = UtcDateTime().process_result_value(stored, dialect)

    assert read is not None
    assert read.isoformat() == MOMENT.isoformat()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_moment_stays_none(dialect: Dialect) -> None:
    moment = UtcDateTime()

    assert moment.process_bind_param(None, dialect) is None
    assert moment.process_result_value(None, dialect) is None
