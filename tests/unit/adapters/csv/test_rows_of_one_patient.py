"""Rows of a CSV file that write one number in different ways are rows of one patient."""

import pytest

from adapters.csv.patients import HEADER, CsvPatients
from domain.patient_reports import Contradiction
from tests.unit.application.administration.patient_import import PatientImport

HEAD = ",".join(HEADER)


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("999 000 0018,,,1981-05-02,,", id="with-spaces"),
        pytest.param('"999 000 0018",,,1981-05-02,,', id="with-spaces-and-quotes"),
        pytest.param("9990000018,,,1981-05-02,,,,", id="with-spare-columns"),
        pytest.param("'9990000018,,,1981-05-02,,", id="with-an-apostrophe"),
        pytest.param('="9990000018",,,1981-05-02,,', id="as-a-formula"),
        pytest.param("\u200e9990000018,,,1981-05-02,,", id="with-a-mark-of-direction"),
        pytest.param("9990000018,,,1981-05-02,,\x1a", id="with-the-end-mark-of-windows"),
        pytest.param('"999 000 0018","",,1981-05-02,,,"",', id="with-all-of-them"),
    ],
)
@pytest.mark.parametrize("chunk_rows", [1, 10_000], ids=["a-row-a-chunk", "one-chunk"])
async def test_rows_that_contradict_each_other_are_refused_however_the_number_is_written(
    printed: str, chunk_rows: int
) -> None:
    imports = PatientImport(chunk_rows=chunk_rows)

    await imports.file(CsvPatients(lambda: [HEAD, "9990000018,,,1980-04-01,,", printed]))

    assert imports.refused == {2: Contradiction.OTHER_ROWS, 3: Contradiction.OTHER_ROWS}
    assert imports.repository.known == {}
