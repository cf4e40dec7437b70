"""The gRPC door, by grpcio."""
