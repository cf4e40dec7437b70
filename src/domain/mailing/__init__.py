"""The bulk client's rules, apart from the service's: work list, retries, letters."""
