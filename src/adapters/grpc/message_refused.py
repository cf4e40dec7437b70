"""Why a message is not taken."""

from typing import TypeAlias

from msgspec import Struct


class MessageNotReadable(Struct, frozen=True):
    """There is no message, or it is not one of the type that the method takes."""


class MessageNotReceived(Struct, frozen=True):
    """The message did not come in time."""


class MessageTooLarge(Struct, frozen=True):
    """The message is larger than the service takes."""


class FieldsMissing(Struct, frozen=True):
    """Fields that are needed are not set, of identifiers at positions counted from 0."""

    fields: tuple[str, ...]
    positions: tuple[int, ...]


class ServiceStopping(Struct, frozen=True):
    """The service is about to stop, and waits for no more messages."""


ReceiptFailed: TypeAlias = MessageNotReadable | MessageNotReceived | MessageTooLarge
MessageRefused: TypeAlias = ReceiptFailed | FieldsMissing
