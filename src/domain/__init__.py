"""The rules of inviting patients to their online health record, and their values.

Nothing here does I/O, reads a clock or draws randomness.
"""
