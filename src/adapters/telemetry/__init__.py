"""What the service counts, measures and traces."""
