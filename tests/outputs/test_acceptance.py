"""Every value here is invented."""

import pytest

from outputs.submitted.acceptance import (
    Acceptance,
    AcceptanceUnfit,
    ErrorsOpen,
    accepted_errors,
    errors_as_sent,
    open_errors,
    refuse_open_errors,
)
from outputs.submitted.manifest import AcceptedErrors, SentCheck, SentFinding
from specs.check_record import FindingCount
from specs.specification import Severity

BY = "Nadia O'Neill"
COUNTS = {"payroll": {"nino": 3, "required": 1}, "creditors": {"required": 2}, "history": {}}


def found(code: str, field: str | None, count: int, severity: Severity = Severity.ERROR) -> FindingCount:
    return FindingCount(code=code, severity=severity, field=field, count=count, first_row=2)


def sent(code: str, field: str | None, count: int, severity: Severity = Severity.ERROR) -> SentFinding:
    return SentFinding(code=code, severity=severity, field=field, count=count, rows_sha256="0" * 64)


def test_errors_are_counted_by_code_whatever_their_field_and_nothing_else_is() -> None:
    findings = [
        found("required", "Tenant", 2),
        found("nino", "Tenant", 1),
        found("required", "Plot", 3),
        found("late", None, 9, Severity.WARNING),
    ]
    assert open_errors(findings) == {"nino": 1, "required": 5}
    assert [*open_errors(findings)] == ["nino", "required"]


@pytest.mark.parametrize(
    ("findings", "as_sent", "errors"),
    [
        pytest.param([found("nino", "Plot", 3)], [sent("nino", "Plot", 3)], {"nino": 3}, id="the same"),
        pytest.param([found("nino", "Plot", 3)], [], {"nino": 3}, id="gone by writing"),
        pytest.param([], [sent("duplicate_key", "Plot", 2)], {"duplicate_key": 2}, id="made by writing"),
        pytest.param(
            [found("duplicate_key", "Plot", 2)],
            [sent("duplicate_key", "Plot", 5)],
            {"duplicate_key": 5},
            id="more by writing",
        ),
        pytest.param(
            [found("date", "Let since", 4), found("required", "Let since", 1)],
            [sent("required", "Let since", 5)],
            {"date": 4, "required": 1},
            id="what could not be read is missing",
        ),
        pytest.param(
            [found("date", "Let since", 4, Severity.WARNING)],
            [sent("required", "Let since", 4)],
            {},
            id="what could not be read, which was only a warning",
        ),
        pytest.param(
            [found("date", "Let since", 4)],
            [sent("required", "Tenant", 4)],
            {"date": 4, "required": 4},
            id="another field is missing",
        ),
        pytest.param([], [sent("late", None, 9, Severity.WARNING)], {}, id="a warning"),
    ],
)
def test_errors_as_sent_are_those_of_the_extract_and_those_that_writing_makes(
    findings: list[FindingCount], as_sent: list[SentFinding], errors: dict[str, int]
) -> None:
    assert errors_as_sent(findings, SentCheck(findings=tuple(as_sent))) == errors


@pytest.mark.parametrize(
    ("acceptances", "counts"),
    [
        pytest.param(
            [Acceptance("agreed", BY)],
            [{"creditors": {"required": 2}, "payroll": {"nino": 3, "required": 1}}],
            id="one reason for all",
        ),
        pytest.param(
            [Acceptance("new starters", BY, "nino"), Acceptance("being traced", BY, "required")],
            [{"payroll": {"nino": 3}}, {"creditors": {"required": 2}, "payroll": {"required": 1}}],
            id="a reason each",
        ),
        pytest.param(
            [Acceptance("agreed", BY), Acceptance("new starters", BY, "nino")],
            [{"creditors": {"required": 2}, "payroll": {"required": 1}}, {"payroll": {"nino": 3}}],
            id="one reason for the rest",
        ),
        pytest.param(
            [
                Acceptance("agreed", BY),
                Acceptance("new starters", BY, "nino"),
                Acceptance("being traced", BY, "required"),
            ],
            [{"payroll": {"nino": 3}}, {"creditors": {"required": 2}, "payroll": {"required": 1}}],
            id="nothing is left for the rest",
        ),
    ],
)
def test_each_error_stands_under_one_reason(
    acceptances: list[Acceptance], counts: list[dict[str, dict[str, int]]]
) -> None:
    assert [each.counts for each in accepted_errors(COUNTS, acceptances)] == counts


def test_reason_and_name_stand_on_one_line() -> None:
    assert accepted_errors(
        {"creditors": {"required": 2}}, [Acceptance(" being\n traced", " Nadia\tO'Neill ")]
    ) == (AcceptedErrors(reason="being traced", by=BY, counts={"creditors": {"required": 2}}),)


@pytest.mark.parametrize("acceptances", [[], [Acceptance("just in case", BY)]])
def test_where_there_are_no_errors_nothing_is_accepted(acceptances: list[Acceptance]) -> None:
    assert accepted_errors({"history": {}}, acceptances) == ()


@pytest.mark.parametrize(
    ("acceptances", "open_still"),
    [
        pytest.param(
            [], "creditors: 2 (required 2); payroll: 4 (nino 3, required 1).", id="nothing is accepted"
        ),
        pytest.param(
            [Acceptance("new starters", BY, "nino")],
            "creditors: 2 (required 2); payroll: 1 (required 1).",
            id="one check is accepted",
        ),
        pytest.param([Acceptance("traced", BY, "required")], "payroll: 3 (nino 3).", id="the other one is"),
    ],
)
def test_errors_without_a_reason_are_told_by_data_set_and_code(
    acceptances: list[Acceptance], open_still: str
) -> None:
    for refuse, says in (
        (refuse_open_errors, f"errors are open: {open_still} "),
        (accepted_errors, f"errors that the extract has not: {open_still} "),
    ):
        with pytest.raises(ErrorsOpen) as raised:
            refuse(COUNTS, acceptances)
        assert raised.value.exit_code == 1
        assert says in str(raised.value)
        assert "\n" not in str(raised.value)


def test_errors_that_writing_makes_can_be_accepted_beforehand() -> None:
    acceptance = [Acceptance("two of one name", BY, "duplicate_key")]
    refuse_open_errors({"history": {}}, acceptance)
    (accepted,) = accepted_errors({"history": {"duplicate_key": 2}}, acceptance)
    assert accepted.counts == {"history": {"duplicate_key": 2}}


@pytest.mark.parametrize(
    ("counts", "known"),
    [
        pytest.param(COUNTS, "Open: nino, required.", id="others"),
        pytest.param({"history": {}}, "No errors are open.", id="none"),
    ],
)
def test_a_check_without_errors_cannot_be_accepted(counts: dict[str, dict[str, int]], known: str) -> None:
    with pytest.raises(AcceptanceUnfit, match=f"'sort_code' are open. {known}") as raised:
        accepted_errors(counts, [Acceptance("agreed", BY), Acceptance("agreed", BY, "sort_code")])
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("acceptances", "says"),
    [
        pytest.param([Acceptance(" \n", BY)], "Say why", id="blank reason"),
        pytest.param([Acceptance("agreed", " ")], "--accepted-by NAME", id="blank name"),
        pytest.param([Acceptance("agreed", BY, "sort_cod")], "did you mean 'sort_code'?", id="no such check"),
        pytest.param(
            [Acceptance("a", BY, "nino"), Acceptance("b", BY, "nino")], "(nino). Keep one", id="twice"
        ),
        pytest.param([Acceptance("a", BY), Acceptance("b", BY)], "(all). Keep one", id="all twice"),
    ],
)
def test_an_acceptance_that_means_nothing_is_refused(acceptances: list[Acceptance], says: str) -> None:
    with pytest.raises(AcceptanceUnfit) as raised:
        refuse_open_errors(COUNTS, acceptances)
    assert raised.value.exit_code == 2
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
