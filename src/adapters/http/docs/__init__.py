"""The OpenAPI document, and the page that shows it in Swagger UI."""
