"""`nfi declare`, as a finance officer and a key contact type it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from nfi.commands.declare import declare
from nfi.workspace import Workspace
from outputs.declared.declaration import read_declaration
from outputs.declared.parts import parts
from tests.typed import Nfi

NOT_IT = "It is not the declaration"
ANSWERS = (
    *("--sro", "Ariadne Officer", "--sro-role", "Director of Finance", "--key-contact", "Bo Contact"),
    *("--email", "bo@anytown.gov.uk", "--notice", "yes", "--notice-date", "1 July 2026"),
    *("--notice-payslips", "July 2026", "--notice-web", "www.anytown.gov.uk/nfi"),
    *("--notice-lists", "Key payroll data", "--notice-lists", "E-mail, Supplier record, Payments"),
    *("--security", "yes", "--security-date", "1 July 2026", "--agency-payroll", "none"),
    *("--data-set", "payroll,creditors-history", "--data-set", "creditors standing"),
)


class Clock(datetime):
    """3 August 2026, whenever the tests run."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        return cls(2026, 8, 3, 12, tzinfo=tz)


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nfi.commands.declare.datetime", Clock)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Somebody at a terminal; the questions that they are asked."""
    asked: list[str] = []
    given: Iterator[str] = iter(answers)

    def prompt(text: str, *, default: str, **_: object) -> str:
        asked.append(text)
        try:
            return next(given) or default
        except StopIteration:
            raise typer.Abort from None

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", prompt)
    return asked


def test_every_part_has_its_option() -> None:
    alone = typer.Typer()
    alone.command()(declare)
    options = {option for parameter in get_command(alone).params for option in parameter.opts}
    assert {part.option for part in parts()} <= options


def test_a_declaration_is_recorded_and_compared_with_what_was_checked(nfi: Nfi, checked: Path) -> None:
    outcome = nfi("declare", checked, *ANSWERS)
    assert outcome.code == 0, outcome.err
    assert NOT_IT in outcome.out
    assert "not the declaration itself" in outcome.err
    assert "Ariadne Officer" in outcome.out
    assert "1 July 2026" in outcome.out
    assert "the privacy notice does not list 'Telephone numbers'" in outcome.out
    assert "the privacy notice does not list 'VAT and company numbers'" in outcome.out
    assert "does not list 'E-mail address'" not in outcome.out
    assert "Not recorded yet" not in outcome.out
    assert "Make the privacy notice declaration [published 2026/27]" in outcome.out
    assert (checked / "runs/declare.json").exists()
    assert nfi("verify", checked).code == 0


def test_a_later_run_changes_only_what_it_names(nfi: Nfi, checked: Path) -> None:
    nfi("declare", checked, *ANSWERS)
    before = read_declaration(checked / "declaration.yaml")
    nfi("declare", checked, "--telephone", "01234 567890", "--notice-payslips", "")
    after = read_declaration(checked / "declaration.yaml")
    assert after.key_contact.telephone == "01234 567890"
    assert after.privacy_notice.shown.payslips is None
    assert after.senior_responsible_officer == before.senior_responsible_officer
    assert after.privacy_notice.lists == before.privacy_notice.lists


def test_one_person_in_both_roles_is_recorded_and_not_refused(nfi: Nfi, tmp_path: Path) -> None:
    outcome = nfi(
        "declare", tmp_path, "--sro", "Ariadne Officer", "--key-contact", "ariadne officer", "--json"
    )
    assert outcome.code == 0
    assert json.loads(outcome.out)["roles_combined"] is True
    assert "Roles combined" in nfi("declare", tmp_path, "--show").out


def test_json_is_one_document_on_standard_output(nfi: Nfi, checked: Path) -> None:
    printed = json.loads(nfi("declare", checked, *ANSWERS, "--json").out)
    assert printed["json_version"] == 1
    assert NOT_IT in printed["declaration"]["about"]
    assert printed["declaration"]["privacy_notice"]["date"] == "2026-07-01"
    assert printed["missing"] == []
    assert printed["compared_with"] == ["creditors-history", "creditors-standing", "payroll"]
    assert {"dataset", "fields", "category", "evidence"} == set(printed["not_covered"][0])
    telephones = [each for each in printed["not_covered"] if each["category"] == "Telephone numbers"]
    assert {each["dataset"] for each in telephones} == {"creditors-standing", "payroll"}
    assert json.loads(nfi("declare", checked, "--show", "--json").out) == printed


def test_a_template_is_filled_in_and_taken(nfi: Nfi, tmp_path: Path) -> None:
    form = tmp_path / "form.yaml"
    written = nfi("declare", tmp_path / "work", "--template", form)
    assert written.code == 0
    assert f"--file {form}" in written.err
    assert not (tmp_path / "work").exists()
    form.write_text(
        form.read_text().replace("  email:", "  email: bo@anytown.gov.uk").replace("#- payroll", "- payroll")
    )
    assert nfi("declare", tmp_path / "work", "--template", form).code == 3
    assert "bo@anytown" in form.read_text()

    taken = nfi("declare", tmp_path / "work", "--file", form, "--sro", "Ariadne Officer")
    assert taken.code == 0
    declaration = read_declaration(Workspace(tmp_path / "work").folder / "declaration.yaml")
    assert declaration.key_contact.email == "bo@anytown.gov.uk"
    assert declaration.data_sets == ("payroll",)
    assert declaration.senior_responsible_officer.name == "Ariadne Officer"
    assert nfi("declare", tmp_path / "work", "--template", form, "--force").code == 0
    assert "bo@anytown" not in form.read_text()


def test_the_recorded_file_may_be_edited_and_recorded_again(nfi: Nfi, checked: Path) -> None:
    nfi("declare", checked, *ANSWERS)
    path = checked / "declaration.yaml"
    path.write_text(path.read_text().replace("Bo Contact", "Cy Contact"))
    assert nfi("verify", checked).code == 1
    assert nfi("declare", checked, "--file", path).code == 0
    assert nfi("verify", checked).code == 0
    assert read_declaration(path).key_contact.name == "Cy Contact"


def test_somebody_at_a_terminal_is_asked_question_by_question(
    nfi: Nfi, checked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(
        monkeypatch,
        *("", "Ariadne Officer", "Director of Finance", "Bo Contact", "bo", "bo@anytown.gov.uk", ""),
        *("yes", "1 July 2027", "1 July 2026", "", "July 2026", "", "1, 2, Passport nmber", "1, 2, Passport"),
        *("yes", "1 July 2026", "payroll", "none"),
    )
    outcome = nfi("declare", checked)
    assert outcome.code == 0, outcome.err
    assert NOT_IT in outcome.err
    assert "there is no @ in it" in outcome.err
    assert "lies in the future" in outcome.err
    assert "did you mean 'Passport" in outcome.err
    assert " 9 * Bank account details" in outcome.err
    assert len(asked) == len(parts()) + 3  # each part once, and three answers that could not be
    assert asked[3] == "Key contact's name [published 2026/27]"
    declaration = read_declaration(checked / "declaration.yaml")
    assert declaration.privacy_notice.lists == ("Name", "Sex and title", "Passport number")
    assert declaration.key_contact.email == "bo@anytown.gov.uk"


def test_enter_keeps_and_a_dash_takes_away(nfi: Nfi, checked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nfi("declare", checked, *ANSWERS)
    before = read_declaration(checked / "declaration.yaml")
    asked = answering(monkeypatch, *("", "-", *("" for _ in range(len(parts()) - 2))))
    assert nfi("declare", checked).code == 0
    assert asked[1].endswith("(recorded: Ariadne Officer)")
    after = read_declaration(checked / "declaration.yaml")
    assert after.senior_responsible_officer.name is None
    assert after.key_contact == before.key_contact
    assert after.privacy_notice == before.privacy_notice
    assert after.data_sets == before.data_sets


def test_payroll_for_others_is_not_asked_of_those_who_send_none(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nfi("declare", tmp_path, "--data-set", "creditors-history")
    asked = answering(monkeypatch, *("" for _ in parts()))
    assert nfi("declare", tmp_path).code == 0
    assert not any("run for other bodies" in question for question in asked)


def test_answers_that_end_early_record_nothing(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, "", "Ariadne Officer")
    outcome = nfi("declare", tmp_path / "work")
    assert outcome.code == 2
    assert "nothing was recorded" in outcome.err
    assert not (tmp_path / "work").exists()


def test_without_a_terminal_it_says_what_is_missing(nfi: Nfi, tmp_path: Path) -> None:
    outcome = nfi("declare", tmp_path / "work")
    assert outcome.code == 2
    assert "Key contact's name (--key-contact)" in outcome.err
    assert "nfi declare --template FILE" in outcome.err
    assert not (tmp_path / "work").exists()
    nfi("declare", tmp_path / "work", *ANSWERS)
    again = nfi("declare", tmp_path / "work")
    assert again.code == 2
    assert "Nothing is missing." in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["--show"], 3, "First: nfi declare", id="nothing to show"),
        pytest.param(["--show", "--sro", "X"], 2, "stand alone", id="show and change"),
        pytest.param(["--template", "x.yaml", "--file", "y.yaml"], 2, "stand alone", id="template and file"),
        pytest.param(["--file", "nowhere.yaml"], 3, "nowhere.yaml: is not there", id="no such file"),
        pytest.param(["--notice", "maybe"], 2, "--notice: expected yes or no", id="neither yes nor no"),
        pytest.param(["--notice-date", "1 July 2027"], 2, "lies in the future", id="future"),
        pytest.param(["--email", "bo"], 2, "--email: is not an e-mail address", id="no address"),
        pytest.param(["--notice-lists", "Pasport"], 2, "did you mean 'Passport'?", id="misspelt kind"),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = nfi("declare", "work", *arguments)
    assert outcome.code == code
    assert says in outcome.err
    assert outcome.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_declaration_before_any_check_says_that_it_was_compared_with_nothing(
    nfi: Nfi, tmp_path: Path
) -> None:
    outcome = nfi("declare", tmp_path, *ANSWERS)
    assert outcome.code == 0
    assert "Nothing has been checked here yet" in outcome.out
    assert "Nothing is missing, and nothing is doubtful." in outcome.out
