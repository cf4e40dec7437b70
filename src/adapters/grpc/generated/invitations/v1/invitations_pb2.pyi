import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.type import date_pb2 as _date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IdentifierSystem(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDENTIFIER_SYSTEM_UNSPECIFIED: _ClassVar[IdentifierSystem]
    IDENTIFIER_SYSTEM_NHS_NUMBER: _ClassVar[IdentifierSystem]
    IDENTIFIER_SYSTEM_CHI_NUMBER: _ClassVar[IdentifierSystem]
    IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER: _ClassVar[IdentifierSystem]

class OmissionReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OMISSION_REASON_UNSPECIFIED: _ClassVar[OmissionReason]
    OMISSION_REASON_NOT_FOUND: _ClassVar[OmissionReason]
    OMISSION_REASON_NO_CARE_RELATIONSHIP: _ClassVar[OmissionReason]
    OMISSION_REASON_DECEASED: _ClassVar[OmissionReason]
    OMISSION_REASON_ALREADY_REGISTERED: _ClassVar[OmissionReason]
    OMISSION_REASON_NO_DATE_OF_BIRTH: _ClassVar[OmissionReason]
    OMISSION_REASON_UNDER_MINIMUM_AGE: _ClassVar[OmissionReason]
    OMISSION_REASON_NOT_TO_BE_INVITED: _ClassVar[OmissionReason]

class RevocationReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REVOCATION_REASON_UNSPECIFIED: _ClassVar[RevocationReason]
    REVOCATION_REASON_MISPRINTED: _ClassVar[RevocationReason]
    REVOCATION_REASON_RETURNED_MAIL: _ClassVar[RevocationReason]
    REVOCATION_REASON_WRONG_ADDRESS: _ClassVar[RevocationReason]
    REVOCATION_REASON_OPTED_OUT: _ClassVar[RevocationReason]
    REVOCATION_REASON_OTHER: _ClassVar[RevocationReason]
IDENTIFIER_SYSTEM_UNSPECIFIED: IdentifierSystem
IDENTIFIER_SYSTEM_NHS_NUMBER: IdentifierSystem
IDENTIFIER_SYSTEM_CHI_NUMBER: IdentifierSystem
IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER: IdentifierSystem
OMISSION_REASON_UNSPECIFIED: OmissionReason
OMISSION_REASON_NOT_FOUND: OmissionReason
OMISSION_REASON_NO_CARE_RELATIONSHIP: OmissionReason
OMISSION_REASON_DECEASED: OmissionReason
OMISSION_REASON_ALREADY_REGISTERED: OmissionReason
OMISSION_REASON_NO_DATE_OF_BIRTH: OmissionReason
OMISSION_REASON_UNDER_MINIMUM_AGE: OmissionReason
OMISSION_REASON_NOT_TO_BE_INVITED: OmissionReason
REVOCATION_REASON_UNSPECIFIED: RevocationReason
REVOCATION_REASON_MISPRINTED: RevocationReason
REVOCATION_REASON_RETURNED_MAIL: RevocationReason
REVOCATION_REASON_WRONG_ADDRESS: RevocationReason
REVOCATION_REASON_OPTED_OUT: RevocationReason
REVOCATION_REASON_OTHER: RevocationReason

class PatientIdentifier(_message.Message):
    __slots__ = ("system_code", "system_uri", "value")
    SYSTEM_CODE_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_URI_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    system_code: IdentifierSystem
    system_uri: str
    value: str
    def __init__(self, system_code: _Optional[_Union[IdentifierSystem, str]] = ..., system_uri: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class GenerateInvitationTokensRequest(_message.Message):
    __slots__ = ("identifiers", "include_omitted", "idempotency_key")
    IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_OMITTED_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    identifiers: _containers.RepeatedCompositeFieldContainer[PatientIdentifier]
    include_omitted: bool
    idempotency_key: str
    def __init__(self, identifiers: _Optional[_Iterable[_Union[PatientIdentifier, _Mapping]]] = ..., include_omitted: _Optional[bool] = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class GenerateInvitationTokensResponse(_message.Message):
    __slots__ = ("invited", "omitted", "replayed", "batch")
    INVITED_FIELD_NUMBER: _ClassVar[int]
    OMITTED_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    invited: _containers.RepeatedCompositeFieldContainer[InvitedPatient]
    omitted: _containers.RepeatedCompositeFieldContainer[OmittedPatient]
    replayed: bool
    batch: str
    def __init__(self, invited: _Optional[_Iterable[_Union[InvitedPatient, _Mapping]]] = ..., omitted: _Optional[_Iterable[_Union[OmittedPatient, _Mapping]]] = ..., replayed: _Optional[bool] = ..., batch: _Optional[str] = ...) -> None: ...

class InvitedPatient(_message.Message):
    __slots__ = ("identifier", "code", "token", "expiry")
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_FIELD_NUMBER: _ClassVar[int]
    identifier: PatientIdentifier
    code: str
    token: str
    expiry: _timestamp_pb2.Timestamp
    def __init__(self, identifier: _Optional[_Union[PatientIdentifier, _Mapping]] = ..., code: _Optional[str] = ..., token: _Optional[str] = ..., expiry: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OmittedPatient(_message.Message):
    __slots__ = ("identifier", "reason")
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    identifier: PatientIdentifier
    reason: OmissionReason
    def __init__(self, identifier: _Optional[_Union[PatientIdentifier, _Mapping]] = ..., reason: _Optional[_Union[OmissionReason, str]] = ...) -> None: ...

class GenerateInvitationTokensStreamRequest(_message.Message):
    __slots__ = ("identifiers", "include_omitted", "idempotency_key")
    IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_OMITTED_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    identifiers: _containers.RepeatedCompositeFieldContainer[PatientIdentifier]
    include_omitted: bool
    idempotency_key: str
    def __init__(self, identifiers: _Optional[_Iterable[_Union[PatientIdentifier, _Mapping]]] = ..., include_omitted: _Optional[bool] = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class GenerateInvitationTokensStreamResponse(_message.Message):
    __slots__ = ("batch", "size", "tokens", "failure")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    batch: int
    size: int
    tokens: GenerateInvitationTokensResponse
    failure: _status_pb2.Status
    def __init__(self, batch: _Optional[int] = ..., size: _Optional[int] = ..., tokens: _Optional[_Union[GenerateInvitationTokensResponse, _Mapping]] = ..., failure: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class QueryPatientStatusRequest(_message.Message):
    __slots__ = ("identifiers",)
    IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    identifiers: _containers.RepeatedCompositeFieldContainer[PatientIdentifier]
    def __init__(self, identifiers: _Optional[_Iterable[_Union[PatientIdentifier, _Mapping]]] = ...) -> None: ...

class QueryPatientStatusResponse(_message.Message):
    __slots__ = ("statuses",)
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    statuses: _containers.RepeatedCompositeFieldContainer[PatientStatus]
    def __init__(self, statuses: _Optional[_Iterable[_Union[PatientStatus, _Mapping]]] = ...) -> None: ...

class PatientStatus(_message.Message):
    __slots__ = ("identifier", "known", "no_access", "not_found")
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    NO_ACCESS_FIELD_NUMBER: _ClassVar[int]
    NOT_FOUND_FIELD_NUMBER: _ClassVar[int]
    identifier: PatientIdentifier
    known: KnownPatient
    no_access: InaccessiblePatient
    not_found: UnknownPatient
    def __init__(self, identifier: _Optional[_Union[PatientIdentifier, _Mapping]] = ..., known: _Optional[_Union[KnownPatient, _Mapping]] = ..., no_access: _Optional[_Union[InaccessiblePatient, _Mapping]] = ..., not_found: _Optional[_Union[UnknownPatient, _Mapping]] = ...) -> None: ...

class KnownPatient(_message.Message):
    __slots__ = ("deceased", "registered", "date_of_birth")
    DECEASED_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    DATE_OF_BIRTH_FIELD_NUMBER: _ClassVar[int]
    deceased: bool
    registered: bool
    date_of_birth: _date_pb2.Date
    def __init__(self, deceased: _Optional[bool] = ..., registered: _Optional[bool] = ..., date_of_birth: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class InaccessiblePatient(_message.Message):
    __slots__ = ("deceased", "registered")
    DECEASED_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    deceased: bool
    registered: bool
    def __init__(self, deceased: _Optional[bool] = ..., registered: _Optional[bool] = ...) -> None: ...

class UnknownPatient(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RevokeInvitationsRequest(_message.Message):
    __slots__ = ("identifiers", "batch", "reason")
    IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    identifiers: _containers.RepeatedCompositeFieldContainer[PatientIdentifier]
    batch: str
    reason: RevocationReason
    def __init__(self, identifiers: _Optional[_Iterable[_Union[PatientIdentifier, _Mapping]]] = ..., batch: _Optional[str] = ..., reason: _Optional[_Union[RevocationReason, str]] = ...) -> None: ...

class RevokeInvitationsResponse(_message.Message):
    __slots__ = ("revoked", "redeemed")
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    REDEEMED_FIELD_NUMBER: _ClassVar[int]
    revoked: int
    redeemed: _containers.RepeatedCompositeFieldContainer[PatientIdentifier]
    def __init__(self, revoked: _Optional[int] = ..., redeemed: _Optional[_Iterable[_Union[PatientIdentifier, _Mapping]]] = ...) -> None: ...
