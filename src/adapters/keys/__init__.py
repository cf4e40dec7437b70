"""The derivation of codes, tokens and digests under the operator's keys."""
