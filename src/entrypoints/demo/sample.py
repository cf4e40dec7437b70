"""Made-up patients, at least one for every rule. NHS numbers are of the range that is reserved for tests."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from adapters.csv.patients import HEADER
from domain.identifiers import IdentifierSystem, RequestedIdentifier
from domain.organisations import Organisation, OrganisationId

HOSPITAL = Organisation(OrganisationId(UUID("235a397b-1ae8-4755-9c77-1a0e2fbc5314")), "Demo Hospital")
OTHER_HOSPITAL = Organisation(OrganisationId(UUID("9b1f6a51-6f0c-4f0e-8a53-8f4f0a3b7e62")), "Other Hospital")

_NHS = IdentifierSystem.NHS_NUMBER

ASKED = {
    RequestedIdentifier(system, value): who
    for system, value, who in (
        (_NHS, "9990000018", "an adult"),
        (IdentifierSystem.CHI_NUMBER, "1503651231", "an adult in Scotland"),
        (_NHS, "9990000026", "the same, by NHS number"),
        (IdentifierSystem.HEALTH_AND_CARE_NUMBER, "3201234567", "an adult in Northern Ireland"),
        (_NHS, "9990000034", "turns 16 today"),
        (_NHS, "9990000042", "turns 16 tomorrow"),
        (_NHS, "9990000050", "has died"),
        (_NHS, "9990000069", "has registered before"),
        (_NHS, "9990000077", "date of birth unknown"),
        (_NHS, "9990000085", "another hospital's patient"),
        (_NHS, "9990000107", "has declined an invitation"),
        (_NHS, "9990000093", "an unknown number"),
        (_NHS, "9990000019", "a mistyped number"),
    )
}
"""The identifiers that the demo asks for, and who they belong to."""


FIRST, SECOND = "9990000018", "1503651231"
"""Two of the invited, who register: one in the demo, one by hand."""

BIRTH_DATES = {FIRST: date(1984, 2, 29), SECOND: date(1965, 3, 15)}
"""What they know of themselves."""


def hospital_patients(today: date) -> Iterable[str]:
    """Give the hospital's patients, as CSV for `invitations patients import`."""
    turns_16_today = _birthday(today, years_ago=16)
    turns_16_tomorrow = _birthday(today + timedelta(days=1), years_ago=16)
    return (
        ",".join(HEADER),
        f"{FIRST},,,{BIRTH_DATES[FIRST]},,",
        f"9990000026,{SECOND},,{BIRTH_DATES[SECOND]},,",
        ",,3201234567,1990-11-02,,",
        f"9990000034,,,{turns_16_today},,",
        f"9990000042,,,{turns_16_tomorrow},,",
        "9990000050,,,1931-06-09,true,",
        "9990000069,,,1977-07-07,,true",
        "9990000077,,,,,",
        "9990000107,,,1969-07-20,,",
    )


def held_patients() -> Iterable[str]:
    """Give those of the hospital's patients who must not be invited, as CSV for `patients hold`."""
    return "nhs_number", "9990000107"


def other_hospital_patients() -> Iterable[str]:
    """Give another hospital's patients, in the same format; the second row contradicts the hospital."""
    return ",".join(HEADER), "9990000085,,,1958-12-24,,", "9990000018,,,1948-02-29,,"


def _birthday(day: date, *, years_ago: int) -> date:
    # 16 years before a 29 February there always was one, until the year 2116
    return day.replace(year=day.year - years_ago)
