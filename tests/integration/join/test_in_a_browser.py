"""The page in a real browser: on small and large screens, light and dark, without script, by keyboard."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page

from domain.redemption import PairUnknown
from tests.fakes.claims import CLAIM, FixedClaims
from tests.integration.join.browser import (
    ORIGIN,
    accessibility_problems,
    answer_by,
    fill_in,
    is_cut_off,
    opened_page,
    running_chromium,
)
from tests.integration.join.browser import (
    SCREENS as SIZES,
)
from tests.integration.join.screens import SCREENS, Screen
from tests.integration.join.typed import LINK, PORTAL, RIGHT

APPEARANCES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "high-contrast": {"forced_colors": "active", "contrast": "more"},
}
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


async def go_to(page: Page, screen: Screen) -> None:
    for _ in range(screen.times):
        await page.goto(f"{ORIGIN}/join")
        await fill_in(page, screen.typed)
        await page.click(CONTINUE)


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
async def test_each_screen_is_accessible_on_each_device(
    chromium: Browser, client: httpx.AsyncClient, claims: FixedClaims, screen: Screen, appearance: str
) -> None:
    claims.answer = screen.answer
    async with opened_page(chromium, **APPEARANCES[appearance]) as page:
        await answer_by(page, client)
        await go_to(page, screen)

        assert await page.inner_text("h1") == screen.heading
        for size in SIZES.values():
            await page.set_viewport_size(size)
            assert not await is_cut_off(page)
            assert await accessibility_problems(page) == []


@pytest.mark.parametrize("screen", [each for each in SCREENS.values() if each.fields is not None], ids=str)
async def test_mistakes_are_said_at_the_top_and_next_to_the_field(
    phone: Page, claims: FixedClaims, screen: Screen
) -> None:
    claims.answer = screen.answer

    await go_to(phone, screen)

    wrong = [await each.get_attribute("name") for each in await phone.query_selector_all("[aria-invalid]")]
    at_the_top = await phone.locator(".summary li").all_inner_texts()
    next_to_fields = await phone.locator(".error").all_inner_texts()
    assert wrong == [*(screen.fields or ())]
    assert at_the_top
    assert {text.removeprefix("Error: ") for text in next_to_fields} == ({*at_the_top} if wrong else set())
    assert (await phone.title()).startswith("Error: ")
    assert await phone.locator(".summary:focus").count() == 1


async def test_a_mistake_leads_to_its_field_by_keyboard(phone: Page) -> None:
    await go_to(phone, SCREENS["impossible-date"])

    await phone.keyboard.press("Tab")
    await phone.keyboard.press("Enter")

    assert await phone.locator("#day").evaluate("field => field.matches(':target')")


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
    phone: Page, claims: FixedClaims
) -> None:
    claims.answer = PairUnknown()

    await go_to(phone, SCREENS["pair-unknown"])

    code = phone.get_by_role("textbox", name="Your code", exact=True)
    described_by = (await code.get_attribute("aria-describedby") or "").split()
    hears = [await phone.inner_text(f"#{each}") for each in described_by]
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

        await page.click("text=Create your account")

        assert elsewhere == [f"POST {PORTAL} claim={CLAIM.claim}"]
        assert await page.title() == "Portal"


async def test_the_text_may_be_twice_as_large(chromium: Browser, client: httpx.AsyncClient) -> None:
    async with opened_page(chromium, viewport={"width": 640, "height": 1000}) as page:
        await answer_by(page, client)
        await go_to(page, SCREENS["nothing-typed"])

        await page.evaluate("document.documentElement.style.fontSize = '200%'")

        assert not await is_cut_off(page)
