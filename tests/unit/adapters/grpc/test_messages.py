"""The enumerations of the messages have a member for each of the domain's."""

from adapters.grpc.generated.invitations.v1.invitations_pb2 import IdentifierSystem as SystemNumber
from adapters.grpc.generated.invitations.v1.invitations_pb2 import OmissionReason as ReasonNumber
from adapters.grpc.messages import REASONS, SYSTEMS
from domain.eligibility import OmissionReason
from domain.identifiers import IdentifierSystem


def test_every_omission_reason_has_a_number() -> None:
    assert REASONS.keys() == set(OmissionReason)


def test_every_number_but_the_unspecified_one_is_an_omission_reason() -> None:
    assert {0, *REASONS.values()} == set(ReasonNumber.values())


def test_every_identifier_system_has_a_number() -> None:
    assert set(SYSTEMS.values()) == {system.value for system in IdentifierSystem}


def test_every_number_but_the_unspecified_one_is_an_identifier_system() -> None:
    assert {0, *SYSTEMS} == set(SystemNumber.values())
