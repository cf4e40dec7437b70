"""A real Chromium that shows the page."""

import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx
from playwright.async_api import Browser, Page, Route, ViewportSize, async_playwright

from tests.integration.lacking import lacking
from tests.integration.node.programs import DIRECTORY, install_modules

PHONE = ViewportSize(width=320, height=568)
ORIGIN = "http://invitations.test"

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MISSING = "needs Chromium: apt-get install chromium, or set TEST_CHROMIUM to the path of one"
# the user of a container is often root, for whom Chromium has no sandbox
_ARGUMENTS = ["--no-sandbox"]
_PATIENCE_MILLISECONDS = 200_000


def _found() -> str | None:
    """Find the browser: TEST_CHROMIUM, else the first of the usual names on the PATH."""
    return os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """Run the browser until the block ends; without one, there is no test."""
    path = _found()
    if path is None:
        lacking(_MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=_ARGUMENTS, timeout=_PATIENCE_MILLISECONDS
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def opened_page(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """Open a page, as on a phone unless the options of the context say otherwise."""
    context = await browser.new_context(**{"viewport": PHONE, **options})
    context.set_default_timeout(_PATIENCE_MILLISECONDS)
    page = await context.new_page()
    yield page
    await context.close()


async def answer_by(page: Page, client: httpx.AsyncClient) -> list[str]:
    """Let the application answer what the page asks its origin for; return what it asks others for."""
    elsewhere: list[str] = []

    async def answer(route: Route) -> None:
        request = route.request
        if not request.url.startswith(f"{ORIGIN}/"):
            elsewhere.append(f"{request.method} {request.url} {request.post_data}")
            await route.fulfill(status=200, content_type="text/html", body="<title>Portal</title>")
            return
        headers = {"Content-Type": await request.header_value("content-type") or ""}
        answered = await client.request(
            request.method, request.url, content=request.post_data_buffer, headers=headers
        )
        await route.fulfill(
            status=answered.status_code, headers=dict(answered.headers), body=answered.content
        )

    await page.route("**/*", answer)
    return elsewhere


@cache
def _axe() -> str:
    install_modules()
    return (DIRECTORY / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


_RUN_AXE = """async (tags) => {
  const found = await axe.run(document, { runOnly: tags });
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}"""
_WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def accessibility_problems(page: Page) -> Sequence[Any]:
    """Give what axe-core finds, which a policy against scripts does not hinder."""
    await page.evaluate(f"{_axe()}; undefined")
    problems: Sequence[Any] = await page.evaluate(_RUN_AXE, _WCAG_2_2_AA)
    return problems


async def is_cut_off(page: Page) -> bool:
    """Say whether a reader would have to scroll sideways."""
    wider: bool = await page.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wider


async def fill_in(page: Page, typed: Mapping[str, str]) -> None:
    """Type into the fields, found by their names."""
    for name, text in typed.items():
        await page.fill(f"[name={name}]", text)
