"""XML says the same as JSON, to us and to a library that is not ours."""

from typing import Any

from fhir.resources.STU3 import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Struct, json

from adapters.fhir.elements import CodeableConcept, Coding, Identifier
from adapters.fhir.operation_outcome import Issue, IssueType, OperationOutcome
from adapters.fhir.parameters import Parameter, Parameters
from adapters.fhir.xml import decoder as xml_decoder
from adapters.fhir.xml import encoder as xml_encoder

Texts = st.SearchStrategy[str]

carried = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda character: character in "\t\n\r" or character >= " "
    )
)
"""All that XML can carry."""

visible = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
"""All that the library takes for strings, codes and identifiers alike."""


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.just(UNSET) | values


def many(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, min_size=1, max_size=3)


def parameters_of(text: Texts, ids: Texts) -> st.SearchStrategy[Parameters]:
    id_ = maybe(ids)
    identifier = st.builds(Identifier, id=id_, use=maybe(text), system=maybe(text), value=text)
    with_value = (
        st.builds(Parameter, id=id_, name=text, value_identifier=identifier)
        | st.builds(Parameter, id=id_, name=text, value_string=text)
        | st.builds(Parameter, id=id_, name=text, value_date_time=st.just("2027-01-01"))
    )
    parameter = st.recursive(
        with_value, lambda inner: st.builds(Parameter, id=id_, name=text, part=many(inner)), max_leaves=8
    )
    return st.builds(
        Parameters,
        resource_type=st.just("Parameters"),
        language=maybe(text),
        parameter=maybe(many(parameter)),
    )


def outcomes_of(text: Texts, ids: Texts) -> st.SearchStrategy[OperationOutcome]:
    coding = st.builds(Coding, id=maybe(ids), system=text, code=text, display=maybe(text))
    issue = st.builds(
        Issue,
        id=maybe(ids),
        severity=st.just("error"),
        code=st.sampled_from(IssueType),
        details=st.builds(CodeableConcept, coding=many(coding), text=maybe(text)),
        diagnostics=text,
        location=maybe(many(text)),
        expression=maybe(many(text)),
    )
    return st.builds(OperationOutcome, resource_type=st.just("OperationOutcome"), issue=many(issue))


@given(parameters_of(carried, carried) | outcomes_of(carried, carried))
def test_reads_back_what_it_wrote(resource: Struct) -> None:
    read = xml_decoder.decode(xml_encoder.encode(resource), type(resource))

    assert read == resource


# the library drops the ids of elements
nothing = st.nothing()


@given(parameters_of(visible, nothing) | outcomes_of(visible, nothing))
def test_is_read_by_others_as_the_json_is(resource: Struct) -> None:
    library = get_fhir_model_class(type(resource).__name__)

    read = library.model_validate_xml(xml_encoder.encode(resource))

    assert json.decode(read.model_dump_json()) == json.decode(json.encode(resource))


@given(parameters_of(visible, nothing) | outcomes_of(visible, nothing))
def test_reads_what_others_wrote_as_the_json_is(resource: Struct) -> None:
    library: Any = get_fhir_model_class(type(resource).__name__)
    written = library.model_validate_json(json.encode(resource)).model_dump_xml()

    assert xml_decoder.decode(written, type(resource)) == resource
