"""The contract of `InvitationRepository`.

The consumer supplies the fixtures `organisation_repository`, `patient_report_repository`,
`invitation_repository` and `idempotency_repository`, all empty, and `stored`, which reads back the code
digests and, in the order in which they were stored, the request ids of the audit events.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import pytest
from returns.result import Failure, Success

from application.ports.access import OrganisationRepository
from application.ports.invitations import (
    CodesTaken,
    IdempotencyRepository,
    InvitationRepository,
    RequestStored,
)
from application.ports.patients import PatientReportRepository
from domain.invitations import Invitation, RequestId
from tests.builders import (
    NOW,
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

Stored: TypeAlias = Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]

A, B, C, D = ("AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC", "DDDDDDDDDD")


def _invitations(request: int, *codes: str) -> Sequence[Invitation]:
    """Invite the patients numbered from 1 under these codes."""
    return [an_invitation(code, patient=patient, request=request) for patient, code in enumerate(codes, 1)]


def _digests(*codes: str) -> set[bytes]:
    return {an_invitation(code).code_digest for code in codes}


class InvitationRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _three_patients_are_known(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
    ) -> None:
        await organisation_repository.add(an_organisation())
        await reported(patient_report_repository, *(a_report(an_identifier(number)) for number in (1, 2, 3)))

    async def test_the_invitations_of_a_request_are_stored_with_its_event(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        added = await invitation_repository.add(_invitations(1, A, B), an_audit_event(1))

        assert added == Success(None)
        assert await stored() == (_digests(A, B), [a_request_id(1)])

    async def test_an_event_without_invitations_is_stored(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        added = await invitation_repository.add([], an_audit_event(1))

        assert added == Success(None)
        assert await stored() == (set(), [a_request_id(1)])

    async def test_500_invitations_are_stored_at_once(
        self,
        patient_report_repository: PatientReportRepository,
        invitation_repository: InvitationRepository,
        stored: Stored,
    ) -> None:
        codes = [f"{number:010}" for number in range(1, 501)]
        await reported(
            patient_report_repository, *(a_report(an_identifier(number)) for number in range(1, 501))
        )

        added = await invitation_repository.add(_invitations(1, *codes), an_audit_event(1))

        assert added == Success(None)
        assert await stored() == (_digests(*codes), [a_request_id(1)])

    async def test_a_patient_may_have_several_invitations(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1))

        added = await invitation_repository.add(_invitations(2, B), an_audit_event(2))

        assert added == Success(None)
        assert await stored() == (_digests(A, B), [a_request_id(1), a_request_id(2)])

    async def test_every_code_that_is_stored_already_is_taken(
        self, invitation_repository: InvitationRepository
    ) -> None:
        await invitation_repository.add(_invitations(1, A, B, C), an_audit_event(1))

        added = await invitation_repository.add(_invitations(2, C, D, A), an_audit_event(2))

        assert added == Failure(CodesTaken(frozenset(_digests(A, C))))

    async def test_nothing_is_stored_when_a_code_is_stored_already(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1))

        await invitation_repository.add(_invitations(2, B, A, C), an_audit_event(2))

        assert await stored() == (_digests(A), [a_request_id(1)])

    async def test_a_code_that_occurs_twice_in_a_request_is_taken(
        self, invitation_repository: InvitationRepository
    ) -> None:
        added = await invitation_repository.add(_invitations(1, A, B, A), an_audit_event(1))

        assert added == Failure(CodesTaken(frozenset(_digests(A))))

    async def test_nothing_is_stored_when_a_code_occurs_twice_in_a_request(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        await invitation_repository.add(_invitations(1, A, B, A), an_audit_event(1))

        assert await stored() == (set(), [])

    async def test_codes_are_taken_both_by_the_store_and_within_a_request(
        self, invitation_repository: InvitationRepository
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1))

        added = await invitation_repository.add(_invitations(2, A, B, B), an_audit_event(2))

        assert added == Failure(CodesTaken(frozenset(_digests(A, B))))

    async def test_a_refused_request_can_be_stored_under_another_code(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1))
        await invitation_repository.add(_invitations(2, A), an_audit_event(2))

        added = await invitation_repository.add(_invitations(2, B), an_audit_event(2))

        assert added == Success(None)
        assert await stored() == (_digests(A, B), [a_request_id(1), a_request_id(2)])

    async def test_the_idempotency_record_is_stored_with_the_rest(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        stored: Stored,
    ) -> None:
        added = await invitation_repository.add(
            _invitations(1, A, B), an_audit_event(1), a_remembered_request(1)
        )

        assert added == Success(None)
        assert await stored() == (_digests(A, B), [a_request_id(1)])
        assert await idempotency_repository.find(a_request_name(), NOW) == a_remembered_request(1)

    async def test_an_idempotency_record_is_stored_without_invitations_too(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        added = await invitation_repository.add([], an_audit_event(1), a_remembered_request(1))

        assert added == Success(None)
        assert await idempotency_repository.find(a_request_name(), NOW) == a_remembered_request(1)

    async def test_nothing_is_remembered_when_a_code_is_taken(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        stored: Stored,
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1))

        added = await invitation_repository.add(
            _invitations(2, B, A), an_audit_event(2), a_remembered_request(2)
        )

        assert added == Failure(CodesTaken(frozenset(_digests(A))))
        assert await stored() == (_digests(A), [a_request_id(1)])
        assert await idempotency_repository.find(a_request_name(), NOW) is None

    async def test_a_refused_request_with_a_key_can_be_stored_under_another_code(
        self, invitation_repository: InvitationRepository, idempotency_repository: IdempotencyRepository
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1))
        await invitation_repository.add(_invitations(2, A), an_audit_event(2), a_remembered_request(2))

        added = await invitation_repository.add(
            _invitations(2, B), an_audit_event(2), a_remembered_request(2)
        )

        assert added == Success(None)
        assert await idempotency_repository.find(a_request_name(), NOW) == a_remembered_request(2)

    @pytest.mark.parametrize(
        "codes",
        [
            pytest.param([C, D], id="codes-are-free"),
            pytest.param([A, D], id="codes-are-taken"),
            pytest.param([], id="nobody-is-invited"),
        ],
    )
    async def test_of_two_requests_of_one_name_the_first_is_stored_and_nothing_of_the_second(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        stored: Stored,
        codes: list[str],
    ) -> None:
        await invitation_repository.add(_invitations(1, A, B), an_audit_event(1), a_remembered_request(1))

        added = await invitation_repository.add(
            _invitations(2, *codes), an_audit_event(2), a_remembered_request(2)
        )

        assert added == Failure(RequestStored())
        assert await stored() == (_digests(A, B), [a_request_id(1)])
        assert await idempotency_repository.find(a_request_name(), NOW) == a_remembered_request(1)

    async def test_of_many_requests_of_one_name_at_once_one_is_stored(
        self,
        invitation_repository: InvitationRepository,
        idempotency_repository: IdempotencyRepository,
        stored: Stored,
    ) -> None:
        numbers = range(1, 9)

        added = await asyncio.gather(
            *(
                invitation_repository.add(
                    _invitations(number, f"{number:010}"),
                    an_audit_event(number),
                    a_remembered_request(number),
                )
                for number in numbers
            )
        )

        [first] = [number for number, each in zip(numbers, added, strict=True) if each == Success(None)]
        assert [each for each in added if each != Success(None)] == [Failure(RequestStored())] * 7
        assert await stored() == (_digests(f"{first:010}"), [a_request_id(first)])
        assert await idempotency_repository.find(a_request_name(), NOW) == a_remembered_request(first)

    async def test_requests_without_a_key_do_not_conflict(
        self, invitation_repository: InvitationRepository, stored: Stored
    ) -> None:
        await invitation_repository.add(_invitations(1, A), an_audit_event(1), a_remembered_request(1))

        added = await invitation_repository.add(_invitations(2, B), an_audit_event(2))

        assert added == Success(None)
        assert await stored() == (_digests(A, B), [a_request_id(1), a_request_id(2)])
