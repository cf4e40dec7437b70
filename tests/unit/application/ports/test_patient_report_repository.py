from tests.builders import a_chunk, a_record, an_identifier


def test_a_repr_of_a_chunk_shows_neither_identifiers_nor_records() -> None:
    shown = repr(a_chunk(a_record(an_identifier())))

    hidden = (an_identifier().value, "1980", "deceased")
    assert not [text for text in hidden if text in shown]
