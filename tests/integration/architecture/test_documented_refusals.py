"""The documents list the refusals that there are, with their codes."""

import re
from collections.abc import Iterator
from pathlib import Path

from adapters.fhir.conformance.search import ModifierUnsupported, SearchParameterUnknown
from adapters.fhir.parameters import (
    BodyNotReadable,
    BodyNotValid,
    DateNotFull,
    ElementsMissing,
    ParametersExclusive,
    ParametersMissing,
    ParametersUnknown,
    ValueNotAllowed,
    ValuesMissing,
)
from adapters.fhir.wire_format import WireFormat
from adapters.grpc.messages import (
    BatchMalformed,
    FieldsMissing,
    MessageNotReadable,
    ReasonMissing,
    SelectionRefused,
)
from adapters.grpc.status_codes import UNKNOWN_METHOD, UNKNOWN_SERVICE, request_refusal
from adapters.http.formats import (
    FormatUnknown,
    NotAcceptable,
    UnsupportedContentCoding,
    UnsupportedMediaType,
)
from adapters.http.protocol_refusals import (
    BAD_REQUEST,
    NOT_FOUND,
    UNKNOWN_TRANSFER_CODING,
    body_refusal,
    media_type_refusal,
    method_not_allowed,
    search_refusal,
)
from adapters.http.status_codes import CODES, Refusal
from tests.integration.architecture.source import ROOT
from tests.unit.adapters.serving.every_refusal import EVERY_REFUSAL

HTTP_DOCUMENT = ROOT / "docs" / "reference" / "refusals.md"
GRPC_DOCUMENT = ROOT / "docs" / "integrators-grpc.md"

OF_HTTP_ALONE: list[Refusal] = [
    BAD_REQUEST,
    UNKNOWN_TRANSFER_CODING,
    NOT_FOUND,
    method_not_allowed(["GET"]),
    media_type_refusal(NotAcceptable()),
    media_type_refusal(FormatUnknown()),
    media_type_refusal(UnsupportedMediaType()),
    media_type_refusal(UnsupportedContentCoding()),
    body_refusal(BodyNotReadable(WireFormat.JSON)),
    body_refusal(BodyNotValid(())),
    body_refusal(ElementsMissing(())),
    body_refusal(ParametersUnknown((), ("patientIdentifier",))),
    body_refusal(ParametersMissing(("patientIdentifier", "batch"))),
    body_refusal(ParametersExclusive((), ("patientIdentifier", "batch"))),
    body_refusal(ValueNotAllowed("", "a UUID")),
    body_refusal(ValuesMissing((), ("code",))),
    body_refusal(DateNotFull((), "birthDate")),
    search_refusal(ModifierUnsupported(())),
    search_refusal(SearchParameterUnknown(())),
]

OF_GRPC_ALONE = [
    UNKNOWN_METHOD,
    UNKNOWN_SERVICE,
    request_refusal(MessageNotReadable()),
    request_refusal(FieldsMissing((), ())),
    request_refusal(SelectionRefused()),
    request_refusal(BatchMalformed()),
    request_refusal(ReasonMissing()),
]


def rows_under(document: Path, header: str) -> Iterator[list[str]]:
    """Give the cells of the table with this header."""
    _before, table = document.read_text().split(header)
    for line in table.partition("\n\n")[0].splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_refusals_of_http_have_the_codes_that_the_reference_lists() -> None:
    rows = rows_under(HTTP_DOCUMENT, "| what is wrong | status | `issue.code` |")

    documented = {(int(status), code) for _what, status, code in rows}

    answered = {(codes.status, codes.issue_type.value) for codes in CODES.values()}
    assert documented == answered | {(each.status, each.issue_type.value) for each in OF_HTTP_ALONE}


def test_the_refusals_of_grpc_have_the_reasons_that_the_guide_lists() -> None:
    rows = rows_under(GRPC_DOCUMENT, "| what is wrong | code | `reason` |")

    documented = {reason for *_others, reasons in rows for reason in re.findall("[A-Z_]{2,}", reasons)}

    answered = {refusal.reason for refusal in EVERY_REFUSAL.values()}
    assert documented == answered | {each.reason for each in OF_GRPC_ALONE}
