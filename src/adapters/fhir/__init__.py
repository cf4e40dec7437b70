"""The wire format: FHIR STU3 (http://hl7.org/fhir/STU3)."""
