"""The gRPC transport, on grpcio."""
