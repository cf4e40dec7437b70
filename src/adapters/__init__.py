"""The outside world, translated to and from the ports: one package or module a technology."""
