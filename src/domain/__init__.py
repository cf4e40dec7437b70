"""The rules of inviting patients to their online health record, and the values they speak of.

Nothing here does I/O, reads a clock or draws randomness.
"""
