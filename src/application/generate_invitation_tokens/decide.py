"""A step of the use case: decide which patients of a request are invited."""

from collections.abc import Sequence

from returns.result import Failure, Result, Success

from application.find_patients import FindPatients, IdentifiersRejected
from application.ports.invitations import PatientInvitations
from application.ports.system import Clock
from domain.access import AuthorisedCaller
from domain.eligibility import Decisions, EligibilityPolicy, OmittedPatient, PatientToInvite
from domain.identifiers import RequestedIdentifier
from domain.invitations import RequestId
from domain.patients import Patient
from domain.results import failed


class DecideInvitations:
    """Decide which of the patients that a request names are invited.

    - A patient who is not eligible today is omitted.
    - A repeated identifier counts once, where it comes first.
    - A replay omits patients who are no longer eligible or whose invitation was revoked, and adds no others.
    """

    def __init__(
        self, find: FindPatients, policy: EligibilityPolicy, invitations: PatientInvitations, clock: Clock
    ) -> None:
        """Apply `policy` to the patients that `find` finds."""
        self._find = find
        self._policy = policy
        self._invitations = invitations
        self._clock = clock

    async def __call__(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], at_most: int
    ) -> Result[Decisions, IdentifiersRejected]:
        """Return the decisions, or why the request is refused. Raises `Unavailable`."""
        found = await self._find(authorised, requested, at_most)
        if failed(found):
            return Failure(found.failure())
        return Success(self._decide(requested, found.unwrap()))

    async def again(
        self,
        authorised: AuthorisedCaller,
        requested: Sequence[RequestedIdentifier],
        first: Decisions,
        batch: RequestId,
    ) -> Decisions:
        """Return who of a request that is sent again is still invited. Raises `Unavailable`.

        `first` was decided when it issued the invitations of `batch`.
        """
        found = await self._find.again(authorised, requested)
        issued = await self._invitations.find(authorised.organisation_id, first.patients)
        revoked = {
            patient_id
            for patient_id, invitations in issued.items()
            for each in invitations
            if each.batch == batch and each.life.revoked_at is not None
        }
        return first.without(revoked).repeated(self._decide(requested, found))

    def _decide(
        self, requested: Sequence[RequestedIdentifier], patients: Sequence[Patient | None]
    ) -> Decisions:
        today = self._clock.today()
        invited: dict[RequestedIdentifier, PatientToInvite] = {}
        omitted: dict[RequestedIdentifier, OmittedPatient] = {}
        for position, (identifier, patient) in enumerate(zip(requested, patients, strict=True)):
            assessed = self._policy.assess(patient, today)
            if not failed(assessed):
                invited.setdefault(identifier, PatientToInvite(position, assessed.unwrap().id))
            else:
                patient_id = None if patient is None else patient.id
                omitted.setdefault(identifier, OmittedPatient(position, assessed.failure(), patient_id))
        return Decisions(list(invited.values()), list(omitted.values()))
