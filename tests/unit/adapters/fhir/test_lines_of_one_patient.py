"""Lines of NDJSON that name one patient by different numbers, each beside an old one."""

from functools import partial
from itertools import permutations

from adapters.fhir.patient import NdjsonPatients
from domain.patient_reports import Contradiction
from tests.builders import CHI, NHS, TODAY, a_known_patient, a_patient_id, a_report, an_identifier
from tests.unit.adapters.fhir.patient_lines import a_line, a_national_identifier
from tests.unit.application.administration.patient_import import PatientImport

NHS_1, CHI_1 = an_identifier(1, NHS), an_identifier(1, CHI)


async def test_lines_that_contradict_each_other_are_refused_in_any_order() -> None:
    by_chi = [a_national_identifier(2, NHS, use="old"), a_national_identifier(1, CHI)]
    by_nhs = [a_national_identifier(1, NHS), a_national_identifier(2, CHI, use="old")]
    lines = [
        a_line(identifier=by_chi, birthDate=None, deceasedBoolean=True),
        a_line(identifier=by_nhs, birthDate=None, deceasedBoolean=False),
    ]
    for order in permutations(lines):
        imports = PatientImport()
        await imports.report(a_report(NHS_1, CHI_1))

        await imports.file(NdjsonPatients(partial(iter, order), TODAY))

        assert imports.refused == dict.fromkeys((1, 2), Contradiction.OTHER_ROWS)
        assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1, CHI_1)}
