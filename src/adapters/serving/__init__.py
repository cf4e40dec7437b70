"""What both transports share: refusals, the in-flight limit, rate limits, the request log, spans."""
