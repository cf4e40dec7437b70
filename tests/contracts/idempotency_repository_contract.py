"""The contract of `IdempotencyRepository`.

The consumer supplies the fixtures of the invitation store's contract, and `idempotency_repository`, which
finds what that store was told to remember.
"""

from datetime import timedelta

import pytest

from application.ports.access import OrganisationRepository
from application.ports.invitations import IdempotencyRepository, InvitationRepository
from application.ports.patients import PatientReportRepository
from domain.idempotency import IdempotencyRecord, ScopedIdempotencyKey
from tests.builders import (
    CLIENT,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    a_grant,
    a_patient_id,
    a_remembered_request,
    a_report,
    a_request_id,
    a_request_name,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)
from tests.contracts.invitation_repository_contract import Stored

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
LATER = NOW + A_DAY + A_SECOND
"""The moment from which a request of `NOW` is no longer kept."""
NAME = a_request_name()


async def _store(store: InvitationRepository, number: int, remembered: IdempotencyRecord | None) -> None:
    invitation = an_invitation(str(number) * 10, request=number)
    (await store.add([invitation], an_audit_event(number), remembered)).unwrap()


class IdempotencyRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _a_patient_is_known(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
    ) -> None:
        await organisation_repository.add(an_organisation())
        await reported(patient_report_repository, a_report(an_identifier(1)))

    async def test_a_request_is_found_as_it_was_remembered(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        attempts = {a_patient_id(1): 1, a_patient_id(2): 2**31}
        remembered = a_remembered_request(1, attempts=attempts)
        await _store(invitation_repository, 1, remembered)

        assert await idempotency_repository.find(NAME, NOW) == remembered

    async def test_a_request_is_found_as_often_as_it_is_looked_for(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        await _store(invitation_repository, 1, a_remembered_request(1))

        found = [await idempotency_repository.find(NAME, NOW) for _time in range(3)]

        assert found == [a_remembered_request(1)] * 3

    async def test_a_request_that_was_not_to_be_remembered_is_not_found(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        await _store(invitation_repository, 1, None)

        assert await idempotency_repository.find(NAME, NOW) is None

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(a_request_name("tuesday-s-letters"), id="key"),
            pytest.param(a_request_name("Monday-s-letters"), id="key-in-other-case"),
            pytest.param(a_request_name(grant=a_grant("kiosk", HOSPITAL)), id="client"),
            pytest.param(a_request_name(grant=a_grant(CLIENT, OTHER_HOSPITAL)), id="organisation"),
        ],
    )
    async def test_a_request_of_another_name_is_another_request(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        other: ScopedIdempotencyKey,
    ) -> None:
        await _store(invitation_repository, 1, a_remembered_request(1))
        before = await idempotency_repository.find(other, NOW)

        await _store(invitation_repository, 2, a_remembered_request(2, name=other))

        assert before is None
        assert await idempotency_repository.find(NAME, NOW) == a_remembered_request(1)
        assert await idempotency_repository.find(other, NOW) == a_remembered_request(2, name=other)

    @pytest.mark.parametrize("key", ["!", "~" * 255, "' OR '1'='1", 'a"b\\c'])
    async def test_a_key_may_be_any_visible_text(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        key: str,
    ) -> None:
        named = a_remembered_request(1, name=a_request_name(key))
        await _store(invitation_repository, 1, named)

        assert await idempotency_repository.find(a_request_name(key), NOW) == named

    async def test_a_request_from_before_is_forgotten_when_it_is_looked_for(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        await _store(invitation_repository, 1, a_remembered_request(1))

        found = await idempotency_repository.find(NAME, LATER)

        assert found is None
        assert await idempotency_repository.find(NAME, NOW) is None

    async def test_the_name_of_a_request_that_was_forgotten_is_free(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        await _store(invitation_repository, 1, a_remembered_request(1))
        await idempotency_repository.find(NAME, LATER)

        await _store(invitation_repository, 2, a_remembered_request(2, issued_at=LATER))

        found = await idempotency_repository.find(NAME, LATER)
        assert found == a_remembered_request(2, issued_at=LATER)

    async def test_all_requests_from_before_are_forgotten_at_once_and_counted(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        names = [a_request_name(f"day-{number}") for number in range(5)]
        for number, name in enumerate(names):
            moment = NOW + number * A_DAY
            await _store(
                invitation_repository, number, a_remembered_request(number, name=name, issued_at=moment)
            )

        forgotten = await idempotency_repository.forget(NOW + 3 * A_DAY)

        kept = [await idempotency_repository.find(name, NOW) is not None for name in names]
        assert (forgotten, kept) == (2, [False, False, True, True, True])

    async def test_where_nothing_is_from_before_nothing_is_forgotten(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        await _store(invitation_repository, 1, a_remembered_request(1))

        assert await idempotency_repository.forget(NOW) == 0
        assert await idempotency_repository.find(NAME, NOW) == a_remembered_request(1)

    async def test_invitations_and_audit_events_of_a_request_that_is_forgotten_stay(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        stored: Stored,
    ) -> None:
        await _store(invitation_repository, 1, a_remembered_request(1))

        await idempotency_repository.forget(LATER)

        assert await stored() == ({an_invitation("1" * 10).code_digest}, [a_request_id(1)])
