"""Declarations in a workspace: recorded, compared with what was checked, warned about."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from nfi.declaring import (
    declaration_path,
    declaration_warnings,
    filled_fields,
    load_declaration,
    record_declaration,
    review,
    submitted_fields,
)
from nfi.run_record import problems_of
from nfi.workspace import Workspace
from outputs.declared.declaration import Declaration, DeclarationInvalid, with_changes
from specs.catalogues import load_specification

TODAY = date(2026, 8, 3)
NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
COMPLETE = with_changes(
    Declaration(),
    {
        "senior_responsible_officer.name": "Ariadne Officer",
        "senior_responsible_officer.role": "Director of Finance",
        "key_contact.name": "Ariadne Officer",
        "key_contact.email": "ariadne@anytown.gov.uk",
        "privacy_notice.complies": "yes",
        "privacy_notice.date": "1 July 2026",
        "privacy_notice.shown.payslips": "July 2026",
        "privacy_notice.shown.web_address": "www.anytown.gov.uk/nfi",
        "privacy_notice.lists": "all",
        "security_policy.complies": "yes",
        "security_policy.date": "1 July 2026",
        "data_sets": "payroll",
        "agency_payroll": "none",
    },
)
PAYROLL = {"payroll": load_specification("payroll").fields}


def warnings(declaration: Declaration | None, **changes: object) -> tuple[str, ...]:
    return declaration_warnings(declaration, PAYROLL, "2026-27", TODAY, **changes)  # type: ignore[arg-type]


def test_a_complete_declaration_raises_no_warning() -> None:
    assert warnings(COMPLETE) == ()


def test_no_declaration_is_one_warning_that_says_what_to_do() -> None:
    (warning,) = warnings(None, folder=Path("nfi-work"))
    assert warning.endswith("[published 2026/27]. Record it: nfi declare nfi-work")


def test_what_is_missing_is_one_warning_that_says_what_to_do() -> None:
    (warning,) = warnings(with_changes(COMPLETE, {"security_policy.date": "", "key_contact.name": ""}))
    assert warning == (
        "Not recorded yet: Key contact's name; Security policy, day established. Add it: nfi declare"
    )


def test_fields_beyond_the_notice_are_named_by_kind_and_then_what_to_do() -> None:
    found = warnings(with_changes(COMPLETE, {"privacy_notice.lists": "Key payroll data, E-mail"}))
    assert found == (
        "payroll: Home telephone number and Mobile telephone number hold values, and the privacy notice does "
        "not list 'Telephone numbers'.",
        "payroll: Passport number holds values, and the privacy notice does not list 'Passport number'.",
        "See whether the notice covers these fields in other words. If not, renew it and tell people before "
        "the fields are submitted [published 2012/13].",
    )


def test_a_field_that_nfi_does_not_know_is_for_a_person_to_look_at() -> None:
    own = load_specification("payroll").fields[0].model_copy(update={"column": "course", "name": "Course"})
    declaration = with_changes(COMPLETE, {"privacy_notice.lists": "Name", "data_sets": "students"})
    assert declaration_warnings(declaration, {"students": [own]}, "2026-27") == (
        "students: nfi does not know what Course is about: look yourself whether the privacy notice "
        "covers it.",
    )


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        pytest.param(
            "payroll, pensions",
            ["Expected, and not among the data sets checked here: pensions."],
            id="absent",
        ),
        pytest.param(
            "creditors-history",
            [
                "Expected, and not among the data sets checked here: creditors-history.",
                "Checked here, and not among the data sets expected: payroll.",
            ],
            id="another",
        ),
        pytest.param(
            "payrol", ["'payrol' is expected, and none is called that; did you mean 'payroll'?"], id="slip"
        ),
    ],
)
def test_data_sets_expected_are_compared_with_those_at_hand(expected: str, says: list[str]) -> None:
    found = warnings(with_changes(COMPLETE, {"data_sets": expected}))
    assert len(found) == len(says)
    assert all(words in warning for words, warning in zip(says, found, strict=True))


def test_another_exercise_is_told() -> None:
    (warning,) = declaration_warnings(COMPLETE, PAYROLL, "2012-13")
    assert "recorded for 2026-27, and the data are of 2012-13" in warning


def test_what_is_recorded_is_loaded_again_and_leaves_a_run_without_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work")
    assert load_declaration(workspace) is None
    path = record_declaration(workspace, COMPLETE, at=NOW)
    assert path == declaration_path(workspace)
    assert load_declaration(workspace) == COMPLETE

    record = (workspace.runs / "declare.json").read_text(encoding="utf-8")
    trail = (workspace.runs / "trail.jsonl").read_text(encoding="utf-8")
    assert "riadne" not in record + trail
    made_from = json.loads(record)["made_from"]
    assert made_from["roles_combined"] is True
    assert made_from["missing"] == []
    assert json.loads(record)["outputs"] == {"declaration.yaml": made_from["declaration_sha256"]}
    assert problems_of(workspace) == ()


def test_the_same_declaration_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (Workspace(tmp_path / name) for name in ("one", "other"))
    for workspace in (one, other):
        record_declaration(workspace, COMPLETE, at=NOW)
    for name in ("declaration.yaml", "runs/declare.json"):
        assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()


def test_an_edit_by_hand_shows_until_it_is_recorded(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = record_declaration(workspace, COMPLETE, at=NOW)
    path.write_text(path.read_text().replace("July 2026\n", "August 2026\n", 1))
    (problem,) = problems_of(workspace)
    assert "declaration.yaml: not what declare wrote" in problem
    edited = load_declaration(workspace)
    assert edited is not None
    record_declaration(workspace, edited, at=NOW)
    assert problems_of(workspace) == ()


def test_an_edit_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    declaration_path(workspace).write_text("agency_payroll: some\n")
    with pytest.raises(DeclarationInvalid, match=r"declaration\.yaml: line 1: agency_payroll: expected none"):
        load_declaration(workspace)


def test_only_fields_that_hold_values_count_as_submitted(checked_once: Path) -> None:
    workspace = Workspace(checked_once)
    fields = submitted_fields(workspace)
    assert [*fields] == ["creditors-history", "creditors-standing", "payroll"]
    record = workspace.records()["payroll"]
    filled = {profile.field for profile in record.profile if profile.filled}
    assert {field.name for field in fields["payroll"]} == filled
    nothing_in_it = record.model_copy(
        update={"profile": tuple(each.model_copy(update={"filled": 0}) for each in record.profile)}
    )
    assert filled_fields(load_specification("payroll"), nothing_in_it) == ()


def test_a_review_compares_with_what_was_checked(checked_once: Path, tmp_path: Path) -> None:
    declaration = with_changes(COMPLETE, {"privacy_notice.lists": "Key payroll data"})
    reviewed = review(Workspace(checked_once), declaration, day=TODAY)
    assert reviewed.not_compared is None
    assert {each.category.name for each in reviewed.uncovered if each.category} >= {"Telephone numbers"}

    empty = review(Workspace(tmp_path), declaration, day=TODAY)
    assert (empty.warnings, empty.uncovered) == ((), ())
    assert empty.not_compared is not None
    assert "Nothing has been checked here yet" in empty.not_compared


def test_a_review_of_damaged_records_says_why_it_did_not_compare(checked: Path) -> None:
    (checked / "checked/payroll.json").write_text("{}")
    reviewed = review(Workspace(checked), COMPLETE, day=TODAY)
    assert reviewed.not_compared is not None
    assert "payroll.json: not what the check of" in reviewed.not_compared
