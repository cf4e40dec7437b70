"""Patients found on a FHIR server."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from logging import getLogger
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from application.ports.patients import PatientRepository
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId
from examples.fhir_patient_repository.resources import PatientResource
from examples.fhir_patient_repository.search import PatientSearch

_LOG = getLogger(__name__)


class RegisteredPatients(Protocol):
    """Knows who has registered. FHIR has no element for that, so it comes from the service that registers."""

    async def among(self, patient_ids: AbstractSet[PatientId]) -> AbstractSet[PatientId]:
        """Give those of the patients who have registered. Raises `Unavailable`."""
        ...


class FhirPatientRepository(PatientRepository):
    """Finds patients by searches of a FHIR server, and keeps nothing of them."""

    def __init__(self, search: PatientSearch, registered: RegisteredPatients) -> None:
        """Take what searches the server, and what knows who has registered."""
        self._search = search
        self._registered = registered

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient under each of the identifiers that name them."""
        resources = await self._search.find(identifiers)
        in_use = {self._patient_id(each): each for each in resources if each.in_use}
        named = _named_by(identifiers, in_use)
        registered = await self._registered.among({*named.values()})
        return {
            identifier: Patient(
                patient_id,
                in_use[patient_id].date_of_birth,
                deceased=in_use[patient_id].deceased,
                registered=patient_id in registered,
                care_relationship=in_use[patient_id].cared_for_by(organisation_id),
            )
            for identifier, patient_id in named.items()
        }

    def _patient_id(self, resource: PatientResource) -> PatientId:
        """Derive the id from the patient's URL, so that it is the same in every call and process."""
        return PatientId(uuid5(NAMESPACE_URL, f"{self._search.base_url}/Patient/{resource.id}"))


def _named_by(
    identifiers: Iterable[PatientIdentifier], patients: Mapping[PatientId, PatientResource]
) -> Mapping[PatientIdentifier, PatientId]:
    """Give the one patient that each identifier names; an identifier of two patients names neither."""
    claims: defaultdict[PatientIdentifier, list[PatientId]] = defaultdict(list)
    for patient_id, resource in patients.items():
        for identifier in resource.patient_identifiers:
            claims[identifier].append(patient_id)
    claimed = {each: claims[each] for each in identifiers if each in claims}
    contested = sum(1 for claimants in claimed.values() if len(claimants) > 1)
    if contested:
        _LOG.warning("%d identifiers name more than one patient and count as not found", contested)
    return {
        identifier: claimants[0]
        for identifier, claimants in claimed.items()
        if len(claimants) == 1 and patients[claimants[0]].understood
    }
