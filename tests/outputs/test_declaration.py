"""Declarations: read as people write them, refused where something cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.declared.declaration import (
    AgencyPayroll,
    Declaration,
    DeclarationInvalid,
    DeclarationRefused,
    in_words,
    read_declaration,
    with_changes,
)

TODAY = date(2026, 8, 3)
WRITTEN = """
exercise: 2026-27
senior_responsible_officer: {name: A. Officer, role: Director of Finance}
key_contact:
  name: B. Contact
  email: b.contact@anytown.gov.uk
privacy_notice:
  complies: yes
  date: 1 July 2026
  shown: {payslips: July 2026, web_address: www.anytown.gov.uk/nfi}
  lists: [Key payroll data, Passports]
security_policy: {complies: no, date: 03/08/2026}
data_sets: [Payroll, creditors history, Blue badges]
agency_payroll: None
"""


def said(key: str, value: object, *, day: date | None = TODAY) -> object:
    return with_changes(Declaration(), {key: value}, day=day).said(key)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "declaration.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_is_read_as_a_person_writes_it(tmp_path: Path) -> None:
    declaration = read_declaration(written(tmp_path, WRITTEN), day=TODAY)
    assert declaration.senior_responsible_officer.role == "Director of Finance"
    assert declaration.key_contact.email == "b.contact@anytown.gov.uk"
    assert declaration.key_contact.telephone is None
    assert declaration.privacy_notice.complies is True
    assert declaration.privacy_notice.date == date(2026, 7, 1)
    assert declaration.privacy_notice.shown.forms is None
    assert isinstance(declaration.privacy_notice.lists, tuple)
    assert {"Name", "Passport number"} <= {*declaration.privacy_notice.lists}
    assert declaration.security_policy.complies is False
    assert declaration.security_policy.date == TODAY
    assert declaration.data_sets == ("payroll", "creditors-history", "Blue badges")
    assert declaration.agency_payroll is AgencyPayroll.NONE
    assert Declaration.model_validate_json(declaration.model_dump_json()) == declaration


@pytest.mark.parametrize("section", ["key_contact", "privacy_notice", "privacy_notice:\n  shown"])
def test_a_section_that_was_left_blank_says_nothing(tmp_path: Path, section: str) -> None:
    assert read_declaration(written(tmp_path, f"{section}:\n")) == Declaration()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("1 July 2026", date(2026, 7, 1)),
        ("  01  jul 2026 ", date(2026, 7, 1)),
        ("3/4/2026", date(2026, 4, 3)),
        ("03.04.2026", date(2026, 4, 3)),
        ("29 February 2024", date(2024, 2, 29)),
        ("", None),
    ],
)
def test_days_are_read_in_the_ways_of_this_country(text: str, expected: date | None) -> None:
    assert said("privacy_notice.date", text) == expected


@pytest.mark.parametrize(
    "text", ["31/06/2026", "29 February 2026", "1/7/26", "July 2026", "07-2026", "1 Foo 2026"]
)
def test_what_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(DeclarationRefused, match=r"^--notice-date: is not a day: write it as "):
        said("privacy_notice.date", text)


def test_a_day_in_the_future_is_refused_and_today_is_not() -> None:
    assert said("security_policy.date", "3 August 2026") == TODAY
    with pytest.raises(
        DeclarationRefused, match="--security-date: lies in the future: it is after 3 August 2026"
    ):
        said("security_policy.date", "4 August 2026")
    assert said("security_policy.date", "4 August 2026", day=None) == date(2026, 8, 4)


@given(st.dates(min_value=date(2000, 1, 1), max_value=TODAY))
def test_a_day_in_words_is_read_back(day: date) -> None:
    for text in (in_words(day), day.isoformat(), f"{day.day}/{day.month}/{day.year}"):
        assert said("privacy_notice.date", text) == day


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("key_contact.email", "jo.anytown.gov.uk", "--email: is not an e-mail address: there is no @ in it."),
        ("key_contact.email", "jo@anytown", "--email: is not an e-mail address: expected one such as"),
        ("key_contact.email", "jo @anytown.gov.uk", "--email: is not an e-mail address"),
        ("key_contact.telephone", "by post", "--telephone: is not a telephone number"),
        ("key_contact.name", "Jo\x07", "--key-contact: holds characters that cannot be printed"),
        ("key_contact.name", "x" * 301, "--key-contact: is longer than 300 characters"),
        ("privacy_notice.complies", "maybe", "--notice: expected yes or no"),
        ("privacy_notice.date", "1 July 0206", "--notice-date: is before 2000"),
        ("privacy_notice.shown.web_address", "on the web", "--notice-web: is not a web address"),
        ("privacy_notice.shown.web_address", "jo@anytown.gov.uk", "--notice-web: is not a web address"),
        ("privacy_notice.lists", "Passport nmber", "--notice-lists: .*did you mean 'Passport number'"),
        ("privacy_notice.lists", "all, Name", "--notice-lists: says 'all' and more"),
        ("agency_payroll", "some", "--agency-payroll: expected none or authorised"),
        ("exercise", "2026", "--exercise: expected an exercise such as 2026-27"),
        ("exercise", "", "--exercise: expected an exercise such as 2026-27"),
    ],
)
def test_what_cannot_be_is_refused_by_its_option(key: str, value: str, message: str) -> None:
    with pytest.raises(DeclarationRefused, match=f"^{message}") as refusal:
        said(key, value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_a_refusal_does_not_quote_an_address() -> None:
    with pytest.raises(DeclarationRefused) as refusal:
        said("key_contact.email", "jo.somebody.private")
    assert "somebody" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("key_contact:\n  email: jo", "line 2: key_contact.email: is not an e-mail", id="value"),
        pytest.param(
            "\nprivacy_notice:\n  complys: yes",
            "line 3: privacy_notice.complys: no such key; did you mean 'complies'",
            id="misspelt key",
        ),
        pytest.param("zzz: 1", "line 1: zzz: no such key; Known: exercise, ", id="unknown key"),
        pytest.param("key_contact: Jo", "line 1: key_contact: expected keys and values", id="no section"),
        pytest.param(
            "data_sets: {payroll: yes}", "line 1: data_sets: expected a list of names", id="no list"
        ),
        pytest.param(
            "data_sets:\n  - [payroll]", "line 1: data_sets: expected a list of names", id="list in a list"
        ),
        pytest.param(
            "key_contact:\n  name: [Jo]",
            "line 2: key_contact.name: expected text on one line",
            id="a list for a name",
        ),
        pytest.param("- a\n- b", "expected keys and values", id="a list"),
        pytest.param("a: b: c", "line 1: not valid YAML", id="no YAML"),
        pytest.param("a: 1\na: 2", "line 2: 'a' is there twice", id="twice"),
        pytest.param("# nothing yet\n", "says nothing", id="comments only"),
        pytest.param(b"PK\x03\x04....", "is a workbook or an archive", id="workbook"),
        pytest.param(b"\xff\xfe\x00", "byte 1 is not UTF-8", id="no UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_line_and_key(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DeclarationInvalid) as fault:
        read_declaration(path, day=TODAY)
    assert str(fault.value).startswith(f"{path}: {message}")
    assert "\n" not in str(fault.value)


def test_several_faults_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "key_contact:\n  email: jo\n  telephone: none\nexercise: x\n")
    with pytest.raises(DeclarationInvalid, match=r"\(and 2 more\)\.$"):
        read_declaration(path)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeclarationInvalid, match="is not there"):
        read_declaration(tmp_path / "nowhere.yaml")
    with pytest.raises(DeclarationInvalid, match="is a folder"):
        read_declaration(tmp_path)


def test_a_change_keeps_what_it_does_not_name_and_a_blank_takes_away() -> None:
    first = with_changes(
        Declaration(),
        {"key_contact.name": "B. Contact", "privacy_notice.lists": "all", "data_sets": ["payroll"]},
    )
    second = with_changes(first, {"key_contact.email": "b@anytown.gov.uk", "privacy_notice.lists": ""})
    assert second.key_contact.name == "B. Contact"
    assert second.privacy_notice.lists is None
    assert second.data_sets == ("payroll",)
    assert with_changes(second, {"data_sets": [""], "key_contact.name": " "}).said("data_sets") == ()
    assert with_changes(second, {}) == second


@pytest.mark.parametrize(
    ("officer", "contact", "combined"),
    [
        ("Jo Finance", "Jo Finance", True),
        ("Jo Finance", "jo  finance", True),
        ("J. Finance", "J Finance", True),
        ("Jo Finance", "Sam Audit", False),
        ("Jo Finance", "", False),
        ("", "", False),
    ],
)
def test_one_person_in_both_roles_is_recorded_as_combined(officer: str, contact: str, combined: bool) -> None:
    declaration = with_changes(
        Declaration(), {"senior_responsible_officer.name": officer, "key_contact.name": contact}
    )
    assert declaration.roles_combined is combined
