"""The page in a real browser: on small and large screens, light and dark, without script, by keyboard."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, ViewportSize

from domain.redemption import PairUnknown
from tests.fakes.claims import CLAIM, FixedClaims
from tests.integration.join.browser import (
    ORIGIN,
    PHONE,
    accessibility_problems,
    answer_by,
    fill_in,
    is_cut_off,
    opened_page,
    running_chromium,
)
from tests.integration.join.screens import SCREENS, Screen
from tests.integration.join.typed import LINK, PORTAL, RIGHT

APPEARANCES: Sequence[dict[str, Any]] = (
    {"color_scheme": "dark"},
    {"color_scheme": "dark", "forced_colors": "active"},
    {"color_scheme": "light", "forced_colors": "active"},
    {"color_scheme": "light", "forced_colors": "none"},
)
SIZES = (PHONE, ViewportSize(width=768, height=1024), ViewportSize(width=1280, height=800))
CONTINUE = "button"


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with running_chromium() as browser:
        yield browser


@pytest.fixture
async def phone(chromium: Browser, client: httpx.AsyncClient) -> AsyncIterator[Page]:
    """Give a phone without script, which the service answers."""
    async with opened_page(chromium, java_script_enabled=False) as page:
        await answer_by(page, client)
        yield page


async def go_to(page: Page, client: httpx.AsyncClient, screen: Screen) -> None:
    for _ in range(screen.tries_before):
        await client.post("/join", data=RIGHT)
    await page.goto(f"{ORIGIN}/join")
    await fill_in(page, screen.typed)
    await page.click(CONTINUE)


@pytest.mark.full
@pytest.mark.parametrize("name", SCREENS)
async def test_each_screen_is_accessible_on_each_device(
    chromium: Browser, client: httpx.AsyncClient, claims: FixedClaims, name: str
) -> None:
    claims.answer = SCREENS[name].answer
    async with opened_page(chromium) as page:
        await answer_by(page, client)
        await go_to(page, client, SCREENS[name])

        assert await page.inner_text("h1") == SCREENS[name].heading
        for appearance in APPEARANCES:
            await page.emulate_media(**appearance)
            assert await accessibility_problems(page) == []
        for size in SIZES:
            await page.set_viewport_size(size)
            assert not await is_cut_off(page)
        assert await accessibility_problems(page) == []


@pytest.mark.parametrize("name", [name for name, screen in SCREENS.items() if screen.fields is not None])
async def test_mistakes_are_said_at_the_top_and_next_to_the_field(
    phone: Page, client: httpx.AsyncClient, claims: FixedClaims, name: str
) -> None:
    claims.answer = SCREENS[name].answer

    await go_to(phone, client, SCREENS[name])

    wrong = [await each.get_attribute("name") for each in await phone.query_selector_all("[aria-invalid]")]
    at_the_top = await phone.locator(".summary li").all_inner_texts()
    next_to_fields = await phone.locator(".error").all_text_contents()
    assert wrong == [*(SCREENS[name].fields or ())]
    assert at_the_top
    assert {text.removeprefix("Error: ") for text in next_to_fields} == ({*at_the_top} if wrong else set())
    assert (await phone.title()).startswith("Error: ")
    assert await phone.locator(".summary:focus").count() == 1


async def test_a_mistake_leads_to_its_field_by_keyboard(phone: Page, client: httpx.AsyncClient) -> None:
    await go_to(phone, client, SCREENS["impossible-date"])
    await phone.wait_for_selector(".summary:focus")

    await phone.keyboard.press("Tab")
    await phone.keyboard.press("Enter")

    assert await phone.wait_for_selector("#day:target")


async def test_the_form_is_filled_in_and_sent_by_keyboard_alone(phone: Page, claims: FixedClaims) -> None:
    await phone.goto(f"{ORIGIN}/join")

    for text in RIGHT.values():
        await phone.keyboard.press("Tab")
        await phone.keyboard.type(text)
    await phone.keyboard.press("Tab")
    await phone.keyboard.press("Enter")
    await phone.wait_for_selector("text=Thank you")

    assert len(claims.commands) == 1


async def test_a_screen_reader_hears_the_name_the_hint_and_the_mistake_of_each_field(
    phone: Page, client: httpx.AsyncClient, claims: FixedClaims
) -> None:
    claims.answer = PairUnknown()

    await go_to(phone, client, SCREENS["pair-unknown"])

    code = phone.get_by_role("textbox", name="Your code", exact=True)
    described_by = (await code.get_attribute("aria-describedby") or "").split()
    hears = [await phone.text_content(f"#{each}") for each in described_by]
    assert hears == [
        "10 letters and numbers, for example 7Q2M9 KXR4D",
        "Error: We do not know this code and token. Check both against your letter",
    ]
    born = phone.get_by_role("group", name="Your date of birth")
    for part in ("Day", "Month", "Year"):
        assert await born.get_by_role("textbox", name=part).count() == 1


async def test_the_claim_goes_to_the_portal_and_nothing_goes_anywhere_else(
    chromium: Browser, client: httpx.AsyncClient
) -> None:
    async with opened_page(chromium, java_script_enabled=False) as page:
        elsewhere = await answer_by(page, client)
        await page.goto(f"{ORIGIN}{LINK}")
        await fill_in(page, {name: RIGHT[name] for name in ("day", "month", "year")})
        await page.click(CONTINUE)
        assert elsewhere == []

        await page.click("button")
        await page.wait_for_url(PORTAL)

        assert elsewhere == [f"POST {PORTAL} claim={CLAIM.claim}"]
        assert await page.title() == "Portal"


async def test_the_text_may_be_twice_as_large(chromium: Browser, client: httpx.AsyncClient) -> None:
    async with opened_page(chromium, viewport={"width": 640, "height": 1000}) as page:
        await answer_by(page, client)
        await go_to(page, client, SCREENS["nothing-typed"])

        await page.evaluate("document.documentElement.style.fontSize = '200%'")

        assert not await is_cut_off(page)
