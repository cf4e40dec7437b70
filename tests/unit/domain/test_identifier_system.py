from domain.identifiers import IdentifierSystem


def test_the_three_systems_are_named_by_their_published_uris() -> None:
    assert {system.name: system.value for system in IdentifierSystem} == {
        "NHS_NUMBER": "https://fhir.nhs.uk/Id/nhs-number",
        "CHI_NUMBER": "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
        "HEALTH_AND_CARE_NUMBER": "urn:uuid:1479257a-ce8f-482a-89fa-429ac066c158",
    }
