"""Refusals as HTTP and FHIR say them."""
