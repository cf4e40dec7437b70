"""Random ids."""

import pytest

from adapters.sql.patient_import import OrderedPatientIds
from adapters.system import RandomRequestIds
from tests.contracts.patient_ids_contract import PatientIdsContract
from tests.contracts.request_ids_contract import RequestIdsContract


class TestRandomRequestIds(RequestIdsContract):
    @pytest.fixture
    def request_ids(self) -> RandomRequestIds:
        return RandomRequestIds()


class TestOrderedPatientIds(PatientIdsContract):
    @pytest.fixture
    def patient_ids(self) -> OrderedPatientIds:
        return OrderedPatientIds()


def test_each_of_the_128_bits_of_a_request_id_varies() -> None:
    request_ids = RandomRequestIds()

    ids = [request_ids.draw().int for _ in range(100)]

    assert all(len({number >> bit & 1 for number in ids}) == 2 for bit in range(128))


def test_patient_ids_come_in_order() -> None:
    patient_ids = OrderedPatientIds()

    drawn = [patient_ids.draw() for _ in range(1_000)]

    assert drawn == sorted(drawn)
