"""Refusals as HTTP and FHIR write them."""
