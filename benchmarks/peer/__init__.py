"""The same operation written the usual way: FastAPI, fhir.resources, SQLAlchemy's ORM, uvicorn.

Written with care: one statement reads a batch, one flush writes it, nothing is validated twice. It does
less than the service: callers are neither authenticated nor authorised, nothing is audited, and no body
is judged beyond what fhir.resources demands of it.
"""
