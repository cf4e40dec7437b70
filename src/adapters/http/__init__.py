"""Serves the operations over HTTP, with Litestar."""
