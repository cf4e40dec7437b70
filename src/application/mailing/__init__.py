"""The use cases of the bulk client: ask the service in batches, write letters."""
