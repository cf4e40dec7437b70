"""The bulk client: OAuth, FHIR over HTTP, files of answers."""
