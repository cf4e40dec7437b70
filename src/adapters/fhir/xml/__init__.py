"""Reads and writes FHIR XML."""
