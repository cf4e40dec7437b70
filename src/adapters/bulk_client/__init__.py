"""The client of the service that works through files: OAuth, FHIR over HTTP, CSV and NDJSON."""
