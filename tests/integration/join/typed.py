"""What a person types into the form, and the world of the page."""

from datetime import UTC, date, datetime

from adapters.http.join.client_addresses import TrustedProxies
from tests.fakes.clock import FixedClock

PORTAL = "https://portal.test/register?from=letter"
PROXIES = TrustedProxies(count=1)
CLOCK = FixedClock(datetime(2026, 11, 29, 12, tzinfo=UTC), date(2026, 11, 29))

RIGHT = {"code": "7q2m9 kxr4d", "token": "C5H8WZ1N6T", "day": "29", "month": "2", "year": "1984"}
"""The fields of the form, as a person may type them."""

LINK = "/join?t1=7Q2M9KXR4D&t2=C5H8WZ1N6T"
"""The link in a letter, as its QR code has it."""
