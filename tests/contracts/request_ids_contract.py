"""The contract of `RequestIds`. The consumer supplies the fixture `request_ids`."""

from uuid import UUID

from application.ports.invitations import RequestIds


class RequestIdsContract:
    def test_every_id_is_fresh(self, request_ids: RequestIds) -> None:
        ids = {request_ids.draw() for _ in range(1_000)}

        assert len(ids) == 1_000

    def test_an_id_has_128_bits(self, request_ids: RequestIds) -> None:
        assert isinstance(request_ids.draw(), UUID)

    def test_all_bits_vary_except_those_that_mark_a_random_uuid(self, request_ids: RequestIds) -> None:
        ids = [request_ids.draw().int for _ in range(100)]

        varying = [bit for bit in range(128) if len({number >> bit & 1 for number in ids}) == 2]
        assert len(varying) >= 122
