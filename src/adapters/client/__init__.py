"""The bulk client: OAuth, FHIR over HTTP, answer files."""
