"""Interleaved requests under keys: each key has one answer, which is issued once.

The answer omits a patient who has died since.
"""

from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec import Struct
from returns.result import Failure, Result

from application.generate_invitation_tokens.replay import OtherIdentifiers
from application.generate_invitation_tokens.use_case import GeneratedTokens
from application.ports.invitations import KeyRetired, RequestInProgress
from application.ports.system import Unavailable
from domain.audit import Outcome
from domain.identifiers import RequestedIdentifier
from tests.builders import CHI, a_patient_id, a_report, a_requested_identifier, an_identifier
from tests.fakes.pausing import pausing
from tests.fakes.token_generator import code_digest
from tests.unit.application.generate_invitation_tokens.invitation_service import InvitationService

T = TypeVar("T")

KEYS = ("monday-s-letters", "tuesday-s-letters")
REQUESTS = (
    (a_requested_identifier(1), a_requested_identifier(2), a_requested_identifier(1, CHI)),
    (a_requested_identifier(2), a_requested_identifier(3)),
)
A_MINUTE = timedelta(minutes=1)

some_key = st.sampled_from(KEYS)
some_request = st.sampled_from(REQUESTS)
one_of_several = st.integers(0, 5)


class Sent(Struct):
    """A request in progress. It pauses before and after each call of a port.

    `patient_2_lived` says whether patient 2 was alive at any moment since the request was sent.
    """

    key: str
    identifiers: Sequence[RequestedIdentifier]
    work: Coroutine[None, None, Result[GeneratedTokens, Any]]
    patient_2_lived: bool


def _done(work: Coroutine[None, None, T]) -> T:
    """Run to the end, whatever the pauses."""
    while True:
        try:
            work.send(None)
        except StopIteration as end:
            result: T = end.value
            return result


class RequestsSentAgain(RuleBasedStateMachine):
    """Callers who send requests under two keys, lose answers and send them again, while much else happens."""

    @initialize()
    def three_patients_are_known(self) -> None:
        # the first codes of two of them are the same, so that they are drawn again
        collision = {(a_patient_id(number), 0): "AAAAAAAAAA" for number in (1, 2)}
        self.service = InvitationService(codes=collision, around=pausing)
        self.under_way: list[Sent] = []
        self.answers: dict[str, list[GeneratedTokens]] = {key: [] for key in KEYS}
        self.key_ring = [*self.service.keys]
        self.patient_2_lives = True
        _done(self.service.knows(1, an_identifier(1), an_identifier(1, CHI)))
        for number in (2, 3):
            _done(self.service.knows(number))

    @rule(key=some_key, identifiers=some_request)
    def a_request_is_sent(self, key: str, identifiers: Sequence[RequestedIdentifier]) -> None:
        work = self.service.ask(*identifiers, key=key)
        self.under_way.append(Sent(key, identifiers, work, self.patient_2_lives))

    @precondition(lambda self: self.under_way)
    @rule(which=one_of_several)
    def a_request_takes_a_step(self, which: int) -> None:
        sent = self._chosen(which)
        try:
            sent.work.send(None)
        except StopIteration as end:
            self._end(sent, end.value)

    @precondition(lambda self: self.under_way)
    @rule(which=one_of_several)
    def a_request_runs_to_its_end(self, which: int) -> None:
        sent = self._chosen(which)
        self._end(sent, _done(sent.work))

    @precondition(lambda self: self.under_way)
    @rule(which=one_of_several)
    def the_process_of_a_request_is_killed(self, which: int) -> None:
        sent = self._chosen(which)
        self.under_way.remove(sent)
        sent.work.close()

    @precondition(lambda self: self.under_way)
    @rule(which=one_of_several)
    def a_request_meets_an_outage(self, which: int) -> None:
        sent = self._chosen(which)
        self.under_way.remove(sent)
        try:
            sent.work.throw(Unavailable())
        except Unavailable:
            return
        raise AssertionError("an outage was taken for something else")

    @rule()
    def the_next_waits_for_another_in_vain(self) -> None:
        self.service.storing.waits_in_vain = True

    @rule()
    def another_key_signs(self) -> None:
        self.key_ring.insert(0, f"key-{len(self.key_ring)}")
        self.service.keys[:] = self.key_ring

    @rule()
    def old_keys_are_taken_out(self) -> None:
        del self.service.keys[1:]

    @rule(deceased=st.booleans())
    def a_patient_is_reported_anew(self, *, deceased: bool) -> None:
        report = a_report(an_identifier(2), deceased=deceased)
        _done(self.service.knows(2, report=report))

    @rule()
    def a_minute_goes_by(self) -> None:
        self.service.clock.let_pass(A_MINUTE)

    @invariant()
    def every_answer_under_a_key_leaves_no_identifier_unanswered(self) -> None:
        for answers in self.answers.values():
            assert len({_size(answer) for answer in answers}) <= 1

    @invariant()
    def every_identifier_has_one_token_at_most_under_a_key(self) -> None:
        for answers in self.answers.values():
            told = {(each.identifier, each.invitation_token) for answer in answers for each in answer.invited}
            assert len(told) == len({identifier for identifier, _token in told})

    @invariant()
    def nobody_but_patient_2_is_ever_left_out(self) -> None:
        for answers in self.answers.values():
            for answer in answers:
                assert {each.patient_id for each in answer.omitted} <= {a_patient_id(2)}

    @invariant()
    def one_answer_at_most_under_a_key_is_the_first(self) -> None:
        for answers in self.answers.values():
            assert sum(not answer.replayed for answer in answers) <= 1

    @invariant()
    def what_belongs_to_a_key_is_issued_once(self) -> None:
        store = self.service.store
        issued = [(each.request_id, each.patient_id) for each in store.invitations]
        carried_out = [event.request_id for event in store.events if event.outcome is Outcome.CARRIED_OUT]
        remembered = [*store.remembered.values()]
        assert sorted(carried_out) == sorted(each.request_id for each in remembered)
        assert sorted(issued) == sorted(
            (each.request_id, patient) for each in remembered for patient in each.request.decisions.patients
        )

    @invariant()
    def every_code_that_was_told_is_stored(self) -> None:
        stored = {each.code_digest for each in self.service.store.invitations}
        answered = {
            code_digest(invited.invitation_token.code)
            for answers in self.answers.values()
            for answer in answers
            for invited in answer.invited
        }
        assert answered <= stored

    def teardown(self) -> None:
        """Let all requests end. The stored answer is then the answer to every caller."""
        while self.under_way:
            self.a_request_runs_to_its_end(0)
        self.service.keys[:] = self.key_ring
        for name in [*self.service.store.remembered]:
            asked = [_done(self.service.ask(*each, key=name.key.text)) for each in REQUESTS]
            [answer] = [each.unwrap() for each in asked if not isinstance(each, Failure)]
            self.answers[name.key.text].append(answer)
        self.every_answer_under_a_key_leaves_no_identifier_unanswered()
        self.every_identifier_has_one_token_at_most_under_a_key()
        self.what_belongs_to_a_key_is_issued_once()

    def _chosen(self, which: int) -> Sent:
        return self.under_way[which % len(self.under_way)]

    def _end(self, sent: Sent, ended: Result[GeneratedTokens, Any]) -> None:
        self.under_way.remove(sent)
        if isinstance(ended, Failure):
            assert isinstance(ended.failure(), OtherIdentifiers | KeyRetired | RequestInProgress)
        else:
            answer = ended.unwrap()
            invites_2 = a_requested_identifier(2) in {each.identifier for each in answer.invited}
            assert sent.patient_2_lived or not invites_2
            self.answers[sent.key].append(answer)


def _size(answer: GeneratedTokens) -> int:
    return len(answer.invited) + len(answer.omitted)


def test_however_requests_come_wait_fail_and_vanish_each_key_has_one_answer() -> None:
    run_state_machine_as_test(RequestsSentAgain, settings=settings(max_examples=25, stateful_step_count=30))
