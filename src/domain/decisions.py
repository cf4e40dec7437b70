"""Who of a request is invited and who is not."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.eligibility_policy import IneligibilityReason
from domain.patient import PatientId


class PatientToInvite(Struct, frozen=True):
    """A patient to invite, asked for first at this position of the request, counted from 0."""

    position: int
    patient_id: PatientId


class OmittedPatient(Struct, frozen=True):
    """An identifier left out, and the reason.

    `position` is its first one in the request, from 0; `patient_id` is None when it names nobody known.
    """

    position: int
    reason: IneligibilityReason
    patient_id: PatientId | None


class Decisions(Struct, frozen=True):
    """Each distinct identifier of a request is either invited or omitted, in request order."""

    invited: Sequence[PatientToInvite]
    omitted: Sequence[OmittedPatient]

    @property
    def patients(self) -> tuple[PatientId, ...]:
        """The patients to invite: fewer than the identifiers where two name the same."""
        return tuple(dict.fromkeys(each.patient_id for each in self.invited))

    @property
    def times_omitted(self) -> Mapping[IneligibilityReason, int]:
        """How many identifiers were left out for each reason."""
        return Counter(each.reason for each in self.omitted)

    @property
    def omitted_patients(self) -> Mapping[IneligibilityReason, tuple[PatientId, ...]]:
        """The known patients among those left out for each reason."""
        patients: dict[IneligibilityReason, dict[PatientId, None]] = {}
        for each in self.omitted:
            if each.patient_id is not None:
                patients.setdefault(each.reason, {})[each.patient_id] = None
        return {reason: tuple(ids) for reason, ids in patients.items()}
