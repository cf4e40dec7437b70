"""A person scans the QR code of a letter with a phone, and registers at the portal of the demo."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from msgspec import Struct
from playwright.async_api import Page

from tests.integration.commands.kept_demo import kept_demo
from tests.integration.commands.shell import invitations
from tests.integration.join.browser import fill_in, opened_page, running_chromium
from tests.integration.letters.pages import scanned

BORN = {"day": "15", "month": "March", "year": "1965"}
PATIENT = "nhs_number,name,address_1,postcode\n9990000026,Eilidh Campbell,1 High Street,ZZ1 1ZZ\n"


class Demo(Struct, frozen=True):
    """The demo's address, and the headers by which its mail house calls."""

    origin: str
    access_token: str
    organisation: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with kept_demo(tmp_path_factory.mktemp("temporary"), at_a_terminal=False) as kept:
        [origin] = re.findall(r"(http://127\.0\.0\.1:\d+)/fhir", kept.curl)
        [access_token] = re.findall(r"Bearer ([\w.-]+)", kept.curl)
        [organisation] = re.findall(r"X-Org-Public-Id: ([\w-]+)", kept.curl)
        yield Demo(origin, access_token, organisation)


@pytest.fixture(scope="module")
def letter(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Print the letter of a patient, as a mail house does."""
    directory = tmp_path_factory.mktemp("letters")
    (directory / "patients.csv").write_text(PATIENT)
    generated = invitations(
        directory,
        "generate",
        *("--server", f"{demo.origin}/fhir", "--organisation", demo.organisation),
        *("--join-url", f"{demo.origin}/join"),
        *("--identifiers", "patients.csv", "--output", "tokens.csv"),
        settings={"INVITATIONS_ACCESS_TOKEN": demo.access_token},
    )
    assert generated.code == 0, generated.error
    printed = invitations(
        directory,
        "letters",
        *("--tokens", "tokens.csv", "--patients", "patients.csv", "--output", "letters.pdf"),
        *("--organisation-name", "Demo Hospital", "--contact", "0113 496 0000"),
    )
    assert printed.code == 0, printed.error
    return (directory / "letters.pdf").read_bytes()


@pytest.fixture
async def phone() -> AsyncIterator[Page]:
    async with running_chromium() as browser, opened_page(browser, java_script_enabled=False) as page:
        yield page


async def test_the_qr_code_of_a_letter_leads_to_registered(phone: Page, letter: bytes) -> None:
    [link] = scanned(letter)

    await phone.goto(link)
    await fill_in(phone, {**BORN, "year": "1956"})
    await phone.click("button")
    wrong = await phone.inner_text(".summary li")

    await fill_in(phone, BORN)
    await phone.click("button")
    claimed = await phone.inner_text("h1")

    await phone.click("button")
    await phone.wait_for_url(re.compile("/register$"))
    registered = await phone.inner_text("h1")

    await phone.goto(link)
    await fill_in(phone, BORN)
    await phone.click("button")
    again = await phone.inner_text("h1")

    assert wrong == "The date of birth does not match our records. Check it. You can try 4 more times"
    assert claimed == "Thank you. Now create your account"
    assert registered == "You are registered"
    assert again == "This invitation cannot be used again"
