"""The bulk client: ask the service in batches, write letters."""
