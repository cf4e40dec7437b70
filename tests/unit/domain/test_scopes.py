import pytest

from domain import scopes

READ = "system/Patient.read"
WRITE = "system/Organization.write"


@pytest.mark.parametrize(
    ("granted", "required"),
    [
        ([READ], READ),
        (["invite"], "invite"),
        (["other", "system/*.read"], READ),
        (["system/Patient.*"], READ),
        (["system/*.*"], READ),
        (["system/Patient.rs"], READ),
        (["system/Patient.cruds"], READ),
        (["system/*.rs"], READ),
        (["system/*.cruds"], WRITE),
        (["system/Organization.cud"], WRITE),
        (["system/*.write"], WRITE),
        (["system/Patient.r", "system/*.s"], READ),
        ([READ], "system/Patient.rs"),
        ([READ], "system/Patient.r"),
        (["system/*.read"], "system/*.rs"),
        (["system/Patient.rs?_id=1"], "system/Patient.rs?_id=1"),
        ([], ""),
    ],
)
def test_scopes_contain_those_that_ask_for_less(granted: list[str], required: str) -> None:
    assert scopes.allow(granted, required)


@pytest.mark.parametrize(
    ("granted", "required"),
    [
        ([], READ),
        (["system/Patient.write"], READ),
        (["system/Patient.r"], READ),
        (["system/Patient.s"], READ),
        (["system/Patient.cud"], READ),
        (["system/Organization.read"], READ),
        (["user/Patient.read"], READ),
        (["user/*.*"], READ),
        (["patient/Patient.rs"], READ),
        (["system/Patient.sr"], READ),
        (["system/Patient.rrs"], READ),
        (["system/Patient."], READ),
        (["system/Patient.rs?_id=1"], READ),
        (["system/Pat*.read"], READ),
        (["SYSTEM/Patient.read"], READ),
        (["system/patient.read"], READ),
        (["system/Patient.READ"], READ),
        (["system/**.read"], READ),
        (["*"], READ),
        (["*/*.*"], READ),
        ([f"{READ}\n"], READ),
        ([READ], "system/*.read"),
        (["system/Organization.cu"], WRITE),
        (["system/*.*"], "invite"),
        (["inv*"], "invite"),
    ],
)
def test_other_scopes_do_not(granted: list[str], required: str) -> None:
    assert not scopes.allow(granted, required)
