"""The ids that the machine draws."""

from adapters.sql.patient_import import OrderedPatientIds
from adapters.system import RandomRequestIds


def test_each_of_the_128_bits_of_a_request_id_varies() -> None:
    request_ids = RandomRequestIds()

    ids = [request_ids.draw().int for _ in range(100)]

    assert all(len({number >> bit & 1 for number in ids}) == 2 for bit in range(128))


def test_patient_ids_come_in_order() -> None:
    patient_ids = OrderedPatientIds()

    drawn = [patient_ids.draw() for _ in range(1_000)]

    assert drawn == sorted(drawn)
