"""Codes, tokens and digests, derived under keys that the operator holds."""
