from msgspec.structs import replace

from domain.eligibility import OmissionReason
from tests.builders import a_patient_id, an_audit_event

ONE, TWO, THREE, FOUR = map(a_patient_id, (1, 2, 3, 4))


def test_the_decisions_name_the_patients_of_each_in_a_word() -> None:
    event = replace(
        an_audit_event(),
        issued_patients=(ONE, TWO),
        answered_patients=(THREE,),
        omitted_patients={OmissionReason.NO_CARE_RELATIONSHIP: (FOUR,)},
    )

    assert event.decisions == {"issued": (ONE, TWO), "answered": (THREE,), "no-care-relationship": (FOUR,)}
