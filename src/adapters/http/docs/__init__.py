"""The page that describes the HTTP interface, its OpenAPI document, and Swagger UI, which shows it."""
