"""What both transports share: the in-flight limit, rate limits, the request log."""
