"""Patients that live on a FHIR server, found by its Patient search: an example of a port's second adapter."""
