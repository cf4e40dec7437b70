"""The HTTP door, by Litestar."""
