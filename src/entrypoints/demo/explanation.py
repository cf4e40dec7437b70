"""Why patients were left out, which the answer itself does not say."""

from collections.abc import Iterable, Mapping

from domain.eligibility_policy import IneligibilityReason
from domain.patient_identifier import PatientIdentifier
from domain.requested_identifiers import RequestedIdentifier
from entrypoints.demo.sample import HOSPITAL
from entrypoints.use_cases import UseCases


async def reasons(
    container: UseCases, omitted: Iterable[RequestedIdentifier]
) -> Mapping[RequestedIdentifier, IneligibilityReason]:
    """Ask the eligibility policy about each identifier that got no answer."""
    identifiers = {each: PatientIdentifier.parse(each.system, each.value).value_or(None) for each in omitted}
    well_formed = [identifier for identifier in identifiers.values() if identifier is not None]
    patients = await container.patient_repository().find(HOSPITAL.id, well_formed)
    assess, today = container.eligibility_policy().assess, container.clock().today()
    return {
        each: assess(patients.get(identifier) if identifier else None, today).failure()
        for each, identifier in identifiers.items()
    }
