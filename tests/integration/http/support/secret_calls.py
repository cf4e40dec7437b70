"""Calls that carry secrets in every part of a request."""

from collections.abc import Iterator

import httpx

from domain.identifiers import RequestedIdentifier
from tests.fhir_builders import NAME, SYSTEM, parameters, parameters_xml, patient_identifier
from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller, Changes, asking_for
from tests.integration.http.support.people import ADULT, CROWD, INELIGIBLE, UNKNOWN_PATIENT

UNTYPABLE = "NO-NUMBER-OF-OURS"
PASSWORD = "OPEN-SESAME"
BASIC = "T1BFTi1TRVNBTUU="
KEY = "THE-CALLERS-OWN-KEY"

_NUMBER = ADULT.value
_PARAMETER = (
    f"<parameter>{NAME}<valueIdentifier>{SYSTEM}<value value='{_NUMBER}'/></valueIdentifier></parameter>"
)
_EVERYBODY = asking_for(*CROWD[len(INELIGIBLE) :], *INELIGIBLE)
_XML: Changes = {"Content-Type": "application/fhir+xml"}
_REASONS: Changes = {"Prefer": "return=OperationOutcome"}

_BODIES = (
    asking_for(RequestedIdentifier(_NUMBER, UNTYPABLE)),
    asking_for(ADULT)[:-1],
    asking_for(ADULT) * 2,
    parameters(patient_identifier(ADULT, value=int(_NUMBER))),
    parameters(patient_identifier(ADULT, **{_NUMBER: UNTYPABLE})),
    parameters({"name": _NUMBER, "valueString": UNTYPABLE}),
    parameters({"name": UNTYPABLE, _NUMBER: _NUMBER}),
    parameters({"name": "patientIdentifier", "valueString": _NUMBER}),
    parameters(meta=_NUMBER),
    asking_for(*[ADULT] * 5001),
)
_BODIES_IN_XML = (
    parameters_xml(_NUMBER),
    parameters_xml(f"<n{_NUMBER}/>"),
    parameters_xml(_PARAMETER, f'xmlns="{_NUMBER}"'),
    parameters_xml(f'<parameter n{_NUMBER}="{UNTYPABLE}">{NAME}</parameter>'),
    parameters_xml(f"<parameter>{NAME}<valueString value='{_NUMBER}'/></parameter>"),
    f'<!DOCTYPE n [<!ENTITY n "{_NUMBER}">]>{parameters_xml("&n;")}',
    parameters_xml(_PARAMETER)[:-1],
)


def carried_out(caller: Caller) -> Iterator[httpx.Response]:
    """Call all that can be called with success."""
    headers = {"User-Agent": _NUMBER, "X-Request-Id": _NUMBER, "Cookie": f"n={_NUMBER}"}
    for operation in (OPERATION, STATUS_OPERATION):
        yield caller.call(_EVERYBODY, {**headers, **_REASONS}, path=operation)
        yield caller.call(as_xml(_EVERYBODY), {**_XML, **_REASONS}, path=f"{operation}?n={_NUMBER}")
    for _ in range(2):
        yield caller.call(asking_for(ADULT, UNKNOWN_PATIENT), {"Idempotency-Key": KEY})
    yield caller.call(asking_for(ADULT), {"Idempotency-Key": _NUMBER})
    for path in ("/fhir/metadata", "/fhir/CodeSystem", "/fhir/OperationDefinition", "/docs", "/schema"):
        yield caller.call(b"", {"If-None-Match": f'"{_NUMBER}"'}, method="GET", path=f"{path}?_id={_NUMBER}")


def refused(caller: Caller, forged: str) -> Iterator[httpx.Response]:
    """Call in ways that are the caller's fault; a key has been used for other patients."""
    for operation in (OPERATION, STATUS_OPERATION):
        for body in _BODIES:
            yield caller.call(body, path=operation)
        for document in _BODIES_IN_XML:
            yield caller.call(document.encode(), _XML, path=operation)
        for header in ("Accept", "Content-Type", "Content-Encoding", "X-Org-Public-Id"):
            yield caller.call(changes={header: _NUMBER}, path=operation)
        for authorization in (
            f"Basic {BASIC}",
            f"Bearer {PASSWORD}",
            f"Bearer {forged}",
            f"Bearer {_NUMBER}",
        ):
            yield caller.call(changes={"Authorization": authorization}, path=operation)
    yield caller.call(changes={"Idempotency-Key": f"{KEY} {_NUMBER}"})
    yield caller.call(asking_for(ADULT), {"Idempotency-Key": KEY})
    for path in (f"/fhir/Patient/{_NUMBER}", f"/fhir/Patient?identifier={_NUMBER}", f"/{_NUMBER}/fhir"):
        yield caller.call(path=path, changes={"X-Request-Id": f"no {_NUMBER}"})
    for method in ("GET", "DELETE"):
        yield caller.call(method=method, path=f"{OPERATION}?identifier={_NUMBER}")
    yield from _nothing_to_read(caller)


def _nothing_to_read(caller: Caller) -> Iterator[httpx.Response]:
    strictly: Changes = {"Prefer": "handling=strict"}
    for path in (
        f"CodeSystem/{_NUMBER}",
        f"OperationDefinition?_id:{_NUMBER}=1",
        f"CodeSystem?{_NUMBER}=1",
        f"metadata?_format={_NUMBER}",
        f".well-known/smart-configuration?n={_NUMBER}",
    ):
        yield caller.call(b"", strictly, method="GET", path=f"/fhir/{path}")
