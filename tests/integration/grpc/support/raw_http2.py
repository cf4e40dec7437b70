"""HTTP/2 written byte by byte, for frames that no gRPC client would send."""

import asyncio
import socket
import struct
from collections.abc import Mapping

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SETTINGS, _HEADERS = 4, 1
_END_HEADERS = 4


def call_path(port: int, path: bytes, metadata: Mapping[bytes, bytes] = {}) -> bytes:
    """Begin a call of a path on a connection of its own; give the head of the answer, if there is one."""
    headers = {
        b":method": b"POST",
        b":scheme": b"http",
        b":path": path,
        b":authority": b"service.test",
        b"content-type": b"application/grpc",
        b"te": b"trailers",
        **metadata,
    }
    block = b"".join(_literal(name) + _text(value) for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", port), 20) as connected:
        connected.sendall(_PREFACE + _frame(_SETTINGS, 0, 0, b"") + _frame(_HEADERS, _END_HEADERS, 1, block))
        with connected.makefile("rb") as frames:
            while head := frames.read(9):
                payload = frames.read(int.from_bytes(head[:3]))
                if head[3] == _HEADERS:
                    return payload
    return b""


async def settings_of(port: int) -> tuple[dict[int, int], asyncio.StreamWriter]:
    """Connect; give the settings of the server, none if it closes the connection, and the connection."""
    frames, connected = await asyncio.open_connection("127.0.0.1", port)
    connected.write(_PREFACE + _frame(_SETTINGS, 0, 0, b""))
    try:
        head = await frames.readexactly(9)
        payload = await frames.readexactly(int.from_bytes(head[:3]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return {}, connected
    return dict(struct.iter_unpack(">HI", payload)), connected


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """Write a frame: https://www.rfc-editor.org/rfc/rfc9113#section-4.1 ."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def _literal(name: bytes) -> bytes:
    """Write a name that is not indexed: https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2 ."""
    return b"\0" + _text(name)


def _text(value: bytes) -> bytes:
    return bytes([len(value)]) + value
