"""Markup in a text costs little more than other characters."""

from time import process_time

from adapters.fhir.parameters import Parameters
from adapters.fhir.xml.encoder import encode

MEGABYTE = 1_000_000


def test_a_megabyte_of_markup_costs_little() -> None:
    plain = Parameters(resource_type="Parameters", id="x" * MEGABYTE)
    markup = Parameters(resource_type="Parameters", id="<" * MEGABYTE)

    started = process_time()
    encode(plain)
    done = process_time()
    encode(markup)

    assert process_time() - done < 30 * (done - started)
