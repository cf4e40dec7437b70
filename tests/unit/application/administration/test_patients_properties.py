"""What stays true of the patients in any sequence of commands: import, correct, hold, release, unlink, ..."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from application.administration.patients import CorrectPatients, ImportPatients
from domain.administration import Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import KnownPatient, PatientReport
from domain.patients import PatientId
from tests.builders import CHI, HOSPITAL, NHS, OTHER_HOSPITAL, a_report, an_identifier
from tests.fakes.patient_report_repository import HoldKind
from tests.unit.application.administration.patient_care import PatientCare
from tests.unit.application.administration.patient_import import PatientImport
from tests.unit.application.administration.test_import_patients_properties import (
    MOST_ROWS,
    NUMBERS,
    File,
    chunks,
    reports,
)

REPORTS = {Command.IMPORT_PATIENTS: ImportPatients, Command.CORRECT_PATIENTS: CorrectPatients}
ADDING = {
    Command.IMPORT_PATIENTS,
    Command.HOLD_PATIENTS,
    Command.RELEASE_PATIENTS,
    Command.END_CARE,
}
"""The commands that take nothing of what is known back."""

REPEATED = [*ADDING, Command.CORRECT_PATIENTS, Command.FORGET_PATIENTS]


class Step(Struct, frozen=True):
    """One command of an operator; `scope` is what a hold is for."""

    command: Command
    file: File
    number: PatientIdentifier = an_identifier()
    organisation_id: OrganisationId = HOSPITAL
    scope: OrganisationId | None = None
    chunk_rows: int = 10_000


class State(Struct, frozen=True):
    """What is kept of all patients."""

    known: dict[PatientId, KnownPatient]
    owned: dict[PatientIdentifier, PatientId]
    care: frozenset[tuple[OrganisationId, PatientId]]
    holds: dict[HoldKind, object]


files = st.lists(
    st.builds(
        lambda report, birth_unknown, restricted: replace(
            report, birth_unknown=birth_unknown and report.date_of_birth is None, restricted=restricted
        ),
        reports,
        st.booleans(),
        st.sampled_from([False, False, True]),
    ),
    max_size=MOST_ROWS,
)
numbers = st.sampled_from([number for each in NUMBERS.values() for number in each if number is not None])


def steps(*commands: Command) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        st.sampled_from(commands),
        files,
        numbers,
        st.sampled_from([HOSPITAL, OTHER_HOSPITAL]),
        st.sampled_from([HOSPITAL, None]),
        chunks,
    )


any_step = steps(*REPEATED, Command.UNLINK_IDENTIFIER)
sequences = st.lists(any_step, max_size=5)


class Register:
    """All that operators can do to the patients, one command after the other."""

    def __init__(self) -> None:
        self._care = PatientCare()
        self._reports = {
            command: PatientImport(self._care.register, use_case=use_case)
            for command, use_case in REPORTS.items()
        }

    async def after(self, sequence: Sequence[Step]) -> "Register":
        for step in sequence:
            await self.do(step)
        return self

    async def do(self, step: Step) -> Sequence[tuple[int, str]]:
        """Carry out a command, and give what it says of the rows that it refuses."""
        organisation_id, file = step.organisation_id, step.file
        match step.command:
            case Command.IMPORT_PATIENTS | Command.CORRECT_PATIENTS:
                reports = self._reports[step.command]
                reports.chunk_rows = step.chunk_rows
                await reports.report(*file, organisation_id=organisation_id)
                return sorted(reports.refused.items())
            case Command.HOLD_PATIENTS:
                await self._care.hold(*file, organisation_id=step.scope)
            case Command.RELEASE_PATIENTS:
                await self._care.release(*file, organisation_id=step.scope)
            case Command.END_CARE:
                await self._care.end_care(*file)
            case Command.FORGET_PATIENTS:
                await self._care.forget(*file)
            case _:
                await self._care.unlink(step.number)
                return ()
        return sorted(self._care.refused.items())

    @property
    def state(self) -> State:
        register = self._care.register
        return State(
            dict(register.known),
            dict(register.owned),
            frozenset(register.care_relationships),
            dict(register.holds),
        )


@given(before=sequences, step=steps(*ADDING))
async def test_nothing_goes_back_but_by_a_correction_an_unlinking_or_a_forgetting(
    before: Sequence[Step], step: Step
) -> None:
    register = await Register().after(before)
    earlier = register.state

    await register.do(step)

    later = register.state
    assert later.owned.items() >= earlier.owned.items()
    for patient, known in earlier.known.items():
        now = later.known[patient]
        assert now.deceased >= known.deceased
        assert now.registered >= known.registered
        assert known.date_of_birth in {None, now.date_of_birth}
        assert now.identifiers >= known.identifiers


@given(sequence=sequences)
async def test_an_identifier_names_one_patient_who_has_one_of_each_system(sequence: Sequence[Step]) -> None:
    state = (await Register().after(sequence)).state

    named = Counter(each for known in state.known.values() for each in known.identifiers)
    assert named == Counter([*state.owned])
    for known in state.known.values():
        assert len(known.identifiers) == len({each.system for each in known.identifiers})


@given(before=sequences, step=any_step)
async def test_no_command_moves_an_identifier_to_another_patient(before: Sequence[Step], step: Step) -> None:
    register = await Register().after(before)
    earlier = register.state

    refused = await register.do(step)

    later = register.state
    moved = {
        each: patient for each, patient in later.owned.items() if earlier.owned.get(each, patient) != patient
    }
    assert moved == {}, refused


@given(before=sequences, step=any_step)
async def test_a_hold_ends_by_release_or_forgetting_alone(before: Sequence[Step], step: Step) -> None:
    register = await Register().after(before)
    earlier = register.state

    await register.do(step)

    ended = earlier.holds.keys() - register.state.holds.keys()
    match step.command:
        case Command.RELEASE_PATIENTS:
            assert {scope for _patient, scope, _reason in ended} <= {step.scope}
        case Command.FORGET_PATIENTS:
            assert not {patient for patient, _scope, _reason in ended} & register.state.known.keys()
        case _:
            assert not ended


@given(before=sequences, step=steps(*REPEATED))
async def test_a_command_that_is_repeated_changes_nothing(before: Sequence[Step], step: Step) -> None:
    register = await Register().after(before)
    refused = await register.do(step)
    once = register.state

    refused_again = await register.do(step)

    assert register.state == once
    if step.command != Command.FORGET_PATIENTS:
        assert refused_again == refused


NHS_1, NHS_2 = (an_identifier(number, NHS) for number in (1, 2))
CHI_1, CHI_2 = (an_identifier(number, CHI) for number in (1, 2))


@given(
    file=st.lists(
        st.builds(
            PatientReport,
            st.sampled_from([(NHS_1,), (CHI_1,), (NHS_1, CHI_2), (NHS_2, CHI_1), (NHS_2, CHI_2)]),
            deceased=st.sampled_from([None, True, False]),
            registered=st.sampled_from([None, True, False]),
            birth_unknown=st.booleans(),
        ),
        min_size=2,
        max_size=3,
    ),
    places=st.permutations(range(3)),
    chunk_rows=st.permutations([1, 10_000]),
)
async def test_the_order_of_the_rows_of_a_correction_does_not_matter(
    file: File, places: Sequence[int], chunk_rows: Sequence[int]
) -> None:
    order = [place for place in places if place < len(file)]
    known = Step(Command.IMPORT_PATIENTS, [a_report(NHS_1, CHI_1)])
    in_order, in_another = await Register().after([known]), await Register().after([known])

    refused = await in_order.do(Step(Command.CORRECT_PATIENTS, file, chunk_rows=chunk_rows[0]))
    reordered = [file[place] for place in order]
    refused_too = await in_another.do(Step(Command.CORRECT_PATIENTS, reordered, chunk_rows=chunk_rows[1]))

    assert in_another.state == in_order.state
    assert sorted((order[line - 2] + 2, rule) for line, rule in refused_too) == refused
