"""FHIR XML, read and written."""
