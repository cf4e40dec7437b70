"""The page over a use case whose answers a test sets, without a process and a network."""

from datetime import date

PORTAL = "https://portal.test/register?from=invitation"
TODAY = date(2026, 11, 29)
RIGHT = {"code": "7q2m9 kxr4d", "token": "C5H8WZ1N6T", "day": "29", "month": "2", "year": "1984"}
ADDRESS = {"X-Forwarded-For": "192.0.2.7"}
