"""Ports that raise, or that never answer."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NoReturn

from application.ports.patients import PatientRepository
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient


class Buggy:
    """Any port, raising an exception at every call."""

    def __init__(self, bug: Exception) -> None:
        self._bug = bug

    async def _raise_later(self, *_: object) -> NoReturn:
        raise self._bug

    def _raise_now(self, *_: object) -> NoReturn:
        raise self._bug

    verify = terms = patients = revoke = find = add = record = take = problem = _raise_later
    draw = instant = today = _raise_now


class HeldUp(PatientRepository):
    """Finds no patient, and answers only when a test lets it."""

    def __init__(self) -> None:
        self._asked = asyncio.Semaphore(0)
        self.let_go = asyncio.Event()

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        self._asked.release()
        await self.let_go.wait()
        return {}

    async def is_asked(self, times: int) -> None:
        for _ in range(times):
            await self._asked.acquire()
