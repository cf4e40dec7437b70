"""Rules of FHIR STU3 that its models do not know: invariants in FHIRPath, and closed sets of codes."""

ISSUE_TYPES = frozenset(
    {
        *("invalid", "structure", "required", "value", "invariant", "security", "login", "unknown"),
        *("expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate", "not-found"),
        *("too-long", "code-invalid", "extension", "too-costly", "business-rule", "conflict", "incomplete"),
        *("transient", "lock-error", "no-store", "exception", "timeout", "throttled", "informational"),
    }
)
"""Source: http://hl7.org/fhir/STU3/valueset-issue-type.html"""

ALL_TYPES = frozenset(
    {
        *("base64Binary", "boolean", "code", "date", "dateTime", "decimal", "id", "instant", "integer"),
        *("markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "uuid", "xhtml"),
        *("Address", "Age", "Annotation", "Attachment", "CodeableConcept", "Coding", "ContactPoint", "Count"),
        *("Distance", "Duration", "HumanName", "Identifier", "Meta", "Money", "Period", "Quantity", "Range"),
        *("Ratio", "Reference", "SampledData", "Signature", "Timing", "Any", "Type", "Resource"),
    }
)
"""Source: http://hl7.org/fhir/STU3/valueset-all-types.html , without the types of resources"""

_ONE_VALUE = (
    "((part.exists() and value.empty() and resource.empty())"
    " or (part.empty() and (value.exists() xor resource.exists())))"
)


def _at_each_level(resource: str, rule: str) -> list[str]:
    # one path a level: the library loses value[x] where a path repeats itself
    levels = ("parameter", "parameter.part", "parameter.part.part")
    return [f"{resource}.{level}.all({rule})" for level in levels]


INVARIANTS = {
    # inv-1 of http://hl7.org/fhir/STU3/parameters.html
    "Parameters": _at_each_level("Parameters", _ONE_VALUE),
    "OperationOutcome": ["OperationOutcome.issue.exists()"],
    # opd-1 and opd-2 of http://hl7.org/fhir/STU3/operationdefinition.html , and what min and max are
    "OperationDefinition": [
        *_at_each_level("OperationDefinition", "type.exists() or part.exists()"),
        *_at_each_level("OperationDefinition", "searchType.exists() implies type = 'string'"),
        *_at_each_level("OperationDefinition", "max = '*' or max.toInteger() >= min"),
    ],
    # cpb-1 to cpb-16 of http://hl7.org/fhir/STU3/capabilitystatement.html , without those on messaging and
    # documents; ext-1 of http://hl7.org/fhir/STU3/extensibility.html
    "CapabilityStatement": [
        "rest.exists() or messaging.exists() or document.exists()",
        "(description.count() + software.count() + implementation.count()) > 0",
        "messaging.endpoint.empty() or kind = 'instance'",
        "rest.mode.isDistinct()",
        "rest.all(resource.type.isDistinct())",
        "rest.resource.all(searchParam.name.isDistinct())",
        "(software.empty() and implementation.empty()) or kind != 'requirements'",
        "implementation.empty() or kind != 'capability'",
        "rest.security.extension.all(extension.exists() xor value.exists())",
        "rest.security.extension.extension.all(extension.exists() xor value.exists())",
        "fhirVersion = '3.0.2'",
    ],
    # csd-1 of http://hl7.org/fhir/STU3/codesystem.html
    "CodeSystem": ["concept.code.isDistinct()"],
    # bdl-1 to bdl-9 of http://hl7.org/fhir/STU3/bundle.html
    "Bundle": [
        "total.empty() or type = 'searchset' or type = 'history'",
        "entry.search.empty() or type = 'searchset'",
        "entry.request.empty() or type = 'batch' or type = 'transaction' or type = 'history'",
        "entry.response.empty() or type = 'batch-response' or type = 'transaction-response'",
        "entry.all(resource.exists() or request.exists() or response.exists())",
        "entry.fullUrl.isDistinct()",
        "entry.fullUrl.where(contains('/_history/')).empty()",
        "type != 'document' or (identifier.system.exists() and identifier.value.exists())",
    ],
}
