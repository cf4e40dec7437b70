"""Codes and tokens, derived under keys that the operator holds."""
