"""The contract of `RemoteOperation`."""

from typing import TypeVar

from application.ports.mailing import RemoteOperation
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier

T = TypeVar("T")
KEY = IdempotencyKey("a-key")
OTHER_KEY = IdempotencyKey("another-key")


class RemoteOperationContract:
    async def test_each_patient_is_answered_or_omitted_with_a_reason(
        self,
        remote_operation: RemoteOperation[T],
        eligible: PatientIdentifier,
        left_out: PatientIdentifier,
    ) -> None:
        answer = (await remote_operation.ask([left_out, eligible], KEY)).unwrap()

        assert [*answer.answered] == [eligible]
        assert answer.reasons == {left_out: "deceased"}

    async def test_the_same_batch_under_the_same_key_gets_the_same_answer(
        self, remote_operation: RemoteOperation[T], eligible: PatientIdentifier
    ) -> None:
        first, again, other = [
            (await remote_operation.ask([eligible], key)).unwrap().answered[eligible]
            for key in (IdempotencyKey("k"), IdempotencyKey("k"), OTHER_KEY)
        ]

        assert first == again
        assert first != other
