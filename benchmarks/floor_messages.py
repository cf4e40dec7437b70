"""The messages of the operation. Only their types are checked."""

from msgspec import Struct, json


class Identifier(Struct, gc=False):
    """System and value."""

    system: str
    value: str


class Asked(Struct, gc=False, rename="camel"):
    """A parameter of the request."""

    name: str
    value_identifier: Identifier


class Request(Struct, tag_field="resourceType", tag="Parameters"):
    """The request."""

    parameter: list[Asked]


class Part(Struct, gc=False, rename="camel", omit_defaults=True):
    """A part of a parameter of the answer."""

    name: str
    value_identifier: Identifier | None = None
    value_string: str | None = None
    value_date_time: str | None = None


class Answered(Struct, gc=False):
    """A parameter of the answer."""

    name: str
    part: list[Part]


class Answer(Struct, tag_field="resourceType", tag="Parameters"):
    """The answer."""

    parameter: list[Answered]


decode_request = json.Decoder(Request).decode


def encode_answer(invited: list[tuple[Identifier, str, str]], expiry: str) -> bytes:
    """Write the code and token of each patient, in the order of the published example."""
    return json.encode(
        Answer(
            [
                Answered(
                    "patientTokens",
                    [
                        Part("patientIdentifier", value_identifier=identifier),
                        Part("code", value_string=code),
                        Part("token", value_string=token),
                        Part("expiry", value_date_time=expiry),
                    ],
                )
                for identifier, code, token in invited
            ]
        )
    )
