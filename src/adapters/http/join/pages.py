"""Writes the pages: HTML from templates, and the headers that guard them.

A page loads nothing, runs no script, and may send its forms to the service and to the portal alone.
"""

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from msgspec import Struct
from msgspec.structs import replace

from adapters.http.join.form import Problem, Typed
from adapters.http.join.words import Ended
from domain.redemption import IssuedClaim

_HERE = Path(__file__).parent


class Page(Struct, frozen=True):
    """A page, ready to be sent."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    def later(self, seconds: int) -> "Page":
        """Say after how many seconds the same request may succeed."""
        return replace(self, headers={**self.headers, "Retry-After": str(seconds)})


class Pages:
    """The pages of a service whose patients register at one portal."""

    def __init__(self, portal_url: str) -> None:
        """Load the templates. The portal takes the claim at `portal_url`."""
        templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        style = (_HERE / "templates" / "join.css").read_text(encoding="utf-8")
        portal = urlsplit(portal_url)
        templates.globals.update(style=style, portal_url=portal_url, portal=portal.netloc)
        self._form, self._claimed, self._ended = (
            templates.get_template(f"{name}.html") for name in ("form", "claimed", "ended")
        )
        self._london = ZoneInfo("Europe/London")
        self._headers = _headers(style, f"{portal.scheme}://{portal.netloc}")

    def form(
        self,
        typed: Typed,
        problems: Sequence[Problem] = (),
        status: int = 200,
        retry_after_seconds: int | None = None,
    ) -> Page:
        """Ask for code, token and date of birth, and say what was wrong with those that were sent."""
        wrong = {field: problem.sentence for problem in problems for field in problem.fields}
        page = self._page(status, self._form, typed=typed, problems=problems, wrong=wrong)
        return page if retry_after_seconds is None else page.later(retry_after_seconds)

    def claimed(self, claim: IssuedClaim) -> Page:
        """Lead on to the portal."""
        until = claim.expires_at.astimezone(self._london)
        return self._page(200, self._claimed, claim=claim.claim, until=until)

    def ended(self, ended: Ended, status: int) -> Page:
        """Say why there is nothing more to do here."""
        return self._page(status, self._ended, ended=ended)

    def _page(self, status: int, template: Template, **values: object) -> Page:
        return Page(status, template.render(values).encode(), self._headers)


def _headers(style: str, portal: str) -> Mapping[str, str]:
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "form-action": f"'self' {portal}",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Cache-Control": "no-store",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
