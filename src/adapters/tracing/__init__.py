"""What calls are made of and how long each part takes, told to an OpenTelemetry collector."""
