"""A portal claims invitations and confirms registrations, over HTTP and on real databases."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import delete, func, select, update

from adapters.sql.tables import audit_event, care_relationship, failed_claim, invitation, patient_identifier
from tests.builders import CHI, NOW
from tests.integration.http.support.audited import AuditRecords
from tests.integration.http.support.call import Caller, asking_for
from tests.integration.http.support.issuer import PORTAL_ID, Issuer
from tests.integration.http.support.people import HOSPITAL, REDEEMERS
from tests.integration.http.support.portal import BORN, CLAIM, CONFIRM, Portal, out_of, parameters, typed
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.service import Service
from tests.integration.sql.rows import rows

pytestmark = ON_EACH_DATABASE

OTHER_DAY = "1980-04-02"
NOBODY = typed("0000000000", "0000000000")


@pytest.fixture
def portal(client: httpx.Client, caller: Caller, issuer: Issuer) -> Portal:
    return Portal(client, caller, issuer.portal_token())


@pytest.fixture
def url(environment: Mapping[str, str]) -> str:
    return environment["INVITATIONS_DATABASE_URL"]


@pytest.fixture
async def audited(url: str) -> AuditRecords:
    return await AuditRecords.from_now_on(url)


def _issue(response: httpx.Response) -> tuple[int, str, str]:
    [issue] = response.json()["issue"]
    return response.status_code, issue["code"], issue["diagnostics"]


def test_a_patient_registers_with_what_the_letter_says(portal: Portal, caller: Caller) -> None:
    patient = REDEEMERS[0]
    invited = portal.invite(patient)

    claimed = out_of(portal.claim(invited))
    confirmed = portal.confirm(claimed["claim"])

    expiry = datetime.fromisoformat(claimed["expiry"])
    assert timedelta(hours=23) < expiry - datetime.now(UTC) < timedelta(hours=25)
    answer = confirmed.json()["parameter"]
    identifiers = [each["valueIdentifier"] for each in answer if each["name"] == "patientIdentifier"]
    assert {each["value"] for each in identifiers} == {patient.value}
    assert {each["system"] for each in identifiers} == {patient.system, CHI.value}
    assert out_of(confirmed)["organisation"] == {
        "system": "http://fhir.patientsknowbest.com/id/public-id",
        "value": str(HOSPITAL),
    }
    assert caller.ask(patient) == []


def test_a_confirmation_is_answered_again_to_the_byte(portal: Portal) -> None:
    claim = out_of(portal.claim(portal.invite(REDEEMERS[1])))["claim"]

    first, second = portal.confirm(claim), portal.confirm(claim)

    assert first.status_code == HTTPStatus.OK
    assert first.content == second.content
    assert first.headers["Cache-Control"] == "no-store"


def test_an_unknown_code_and_a_wrong_token_get_one_answer(portal: Portal) -> None:
    invited = portal.invite(REDEEMERS[2])

    unknown = portal.post(CLAIM, NOBODY)
    wrong = portal.post(CLAIM, typed(invited.code, "0000000000"))

    assert unknown.content == wrong.content
    assert _issue(wrong) == (
        422,
        "security",
        "No invitation has this code and this token. Check both, and try again.",
    )


def test_five_wrong_birth_dates_lock_the_invitation(portal: Portal) -> None:
    invited = portal.invite(REDEEMERS[3])

    wrong = [_issue(portal.claim(invited, OTHER_DAY)) for _ in range(5)]
    locked = portal.claim(invited)

    assert [(status, code) for status, code, _ in wrong] == [(422, "security")] * 5
    assert wrong[0][2] == "The date of birth is not the patient's. 4 attempts are left."
    assert _issue(locked)[:2] == (422, "throttled")


async def test_an_expired_invitation_is_refused(portal: Portal, url: str) -> None:
    invited = portal.invite(REDEEMERS[4])
    newest = select(func.max(invitation.c.issued_at)).scalar_subquery()
    await rows(
        url,
        update(invitation).where(invitation.c.issued_at == newest).values(expires_at=NOW.replace(year=2020)),
    )

    assert _issue(portal.claim(invited))[:2] == (422, "expired")


def test_a_spent_invitation_is_refused(portal: Portal) -> None:
    invited = portal.invite(REDEEMERS[5])
    portal.confirm(out_of(portal.claim(invited))["claim"]).raise_for_status()

    assert _issue(portal.claim(invited))[:2] == (422, "conflict")


def test_a_patient_who_has_registered_by_another_letter_is_refused(portal: Portal) -> None:
    first, second = portal.invite(REDEEMERS[6]), portal.invite(REDEEMERS[6])
    older = out_of(portal.claim(second))["claim"]
    portal.confirm(out_of(portal.claim(first))["claim"]).raise_for_status()

    assert _issue(portal.claim(second))[:2] == (422, "conflict")
    assert _issue(portal.confirm(older))[:2] == (422, "expired")


async def test_a_patient_who_is_no_longer_eligible_is_refused_without_a_reason(
    portal: Portal, url: str
) -> None:
    invited = portal.invite(REDEEMERS[7])
    ids = select(patient_identifier.c.patient_id).where(patient_identifier.c.value == REDEEMERS[7].value)
    await rows(url, delete(care_relationship).where(care_relationship.c.patient_id.in_(ids)))

    assert _issue(portal.claim(invited)) == (
        422,
        "business-rule",
        "The patient cannot register with this invitation. Ask the organisation that issued it.",
    )


def test_an_unknown_claim_is_refused(portal: Portal) -> None:
    assert _issue(portal.confirm("0" * 26)) == (
        422,
        "expired",
        "The claim is unknown or over. Claim the invitation again.",
    )


def test_xml_is_taken_and_given(portal: Portal) -> None:
    invited = portal.invite(REDEEMERS[8])
    body = (
        '<Parameters xmlns="http://hl7.org/fhir">'
        f'<parameter><name value="code"/><valueString value="{invited.code}"/></parameter>'
        f'<parameter><name value="token"/><valueString value="{invited.token}"/></parameter>'
        f'<parameter><name value="birthDate"/><valueDate value="{BORN}"/></parameter></Parameters>'
    )

    answer = portal.post(
        CLAIM, body.encode(), **{"Content-Type": "application/fhir+xml", "Accept": "application/fhir+xml"}
    )

    assert answer.status_code == HTTPStatus.OK
    assert '<name value="claim"/>' in answer.text


@pytest.mark.parametrize("path", [CLAIM, CONFIRM])
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"scope": "system/Organization.write"}, (403, "forbidden"), id="scope"),
        pytest.param({"client_id": "another-portal"}, (403, "forbidden"), id="grant"),
        pytest.param({"aud": "https://elsewhere.test"}, (401, "login"), id="token"),
    ],
)
def test_a_caller_that_is_no_portal_is_refused(
    portal: Portal, issuer: Issuer, path: str, changes: dict[str, str], refusal: tuple[int, str]
) -> None:
    answer = portal.post(path, b"", access_token=issuer.portal_token(**changes))

    assert _issue(answer)[:2] == refusal


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        pytest.param(b"not json", 400, "structure", id="not-json"),
        pytest.param(parameters(code={"valueString": "x"}), 400, "required", id="missing"),
        pytest.param(typed("x", "y", "1980"), 400, "value", id="partial-date"),
        pytest.param(asking_for(REDEEMERS[0]), 400, "not-supported", id="other-operation"),
        pytest.param(typed("x", "y").replace(b"valueDate", b"valueString"), 400, "structure", id="type"),
    ],
)
async def test_a_request_that_cannot_be_read_is_refused_on_record(
    portal: Portal, audited: AuditRecords, content: bytes, status: int, code: str
) -> None:
    answer = portal.post(CLAIM, content)

    assert _issue(answer)[:2] == (status, code)
    [row] = await audited.rows()
    assert (row["operation"], row["outcome"]) == ("claim-invitation", "request-not-understood")


async def test_every_attempt_is_on_record_with_its_cause_and_without_its_values(
    portal: Portal, audited: AuditRecords, url: str
) -> None:
    invited = portal.invite(REDEEMERS[9])
    portal.post(CLAIM, NOBODY)
    portal.post(CLAIM, typed(invited.code, "0000000000"))
    portal.claim(invited, OTHER_DAY)
    claim = out_of(portal.claim(invited))["claim"]
    portal.confirm("0" * 26)
    portal.confirm(claim)
    portal.confirm(claim)

    made = await audited.rows()
    assert [(row["operation"], row["outcome"]) for row in made if row["client_id"] == PORTAL_ID] == [
        ("claim-invitation", "code-unknown"),
        ("claim-invitation", "token-wrong"),
        ("claim-invitation", "birth-date-wrong"),
        ("claim-invitation", "carried-out"),
        ("confirm-registration", "claim-over"),
        ("confirm-registration", "carried-out"),
        ("confirm-registration", "answered-again"),
    ]
    shown = repr(made)
    assert not [each for each in (invited.code, invited.token, claim, OTHER_DAY) if each in shown]
    assert not await rows(url, select(audit_event).where(audit_event.c.outcome.contains(claim)))


async def test_a_claim_that_was_right_leaves_no_failed_attempt(portal: Portal, url: str) -> None:
    before = await rows(url, select(failed_claim.c.id))

    portal.claim(portal.invite(REDEEMERS[10])).raise_for_status()

    assert await rows(url, select(failed_claim.c.id)) == before


def test_an_organisation_need_not_be_named(portal: Portal) -> None:
    answer = portal.post(CLAIM, NOBODY, **{"X-Org-Public-Id": "not a UUID"})

    assert _issue(answer)[1] == "security"


def test_the_log_has_none_of_the_secrets(portal: Portal, service: Service) -> None:
    invited = portal.invite(REDEEMERS[11])
    portal.claim(invited, OTHER_DAY)
    claim = out_of(portal.claim(invited))["claim"]
    portal.post(CONFIRM, parameters(claim={"valueString": claim}), **{"X-Request-Id": "the-last-one"})

    line = service.log_line("the-last-one")

    assert (line["caller"], line["status"]) == (PORTAL_ID, 200)
    log = service.log.read_text()
    assert not [each for each in (invited.code, invited.token, claim, OTHER_DAY, BORN) if each in log]
