"""Declaration files: what is written is read back, and a person can fill them in."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.declared.declaration import Declaration, read_declaration, with_changes
from outputs.declared.file import (
    DeclarationExists,
    declaration_text,
    write_declaration,
    write_template,
)
from outputs.declared.notice_categories import notice_categories
from outputs.declared.parts import parts

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" \t\n\u00a0\u2003")
WORDS = st.text(LETTERS, max_size=40).filter(lambda text: " ".join(text.split()).isprintable())
NAMES = WORDS.map(lambda text: text.replace(",", " "))
YES_NO = st.sampled_from([True, False, None])
DAYS = st.none() | st.dates(min_value=date(2000, 1, 1))
ANSWERS = st.fixed_dictionaries(
    {
        "exercise": st.from_regex(r"[0-9]{4}-[0-9]{2}", fullmatch=True),
        "senior_responsible_officer.name": WORDS,
        "senior_responsible_officer.role": WORDS,
        "key_contact.name": WORDS,
        "key_contact.email": st.sampled_from(["", "jo@anytown.gov.uk", "o'neil+nfi@x.y"]),
        "key_contact.telephone": WORDS.map(lambda text: f"{text} 01234 567890"),
        "privacy_notice.complies": YES_NO,
        "privacy_notice.date": DAYS,
        "privacy_notice.shown.forms": WORDS,
        "privacy_notice.shown.payslips": WORDS,
        "privacy_notice.shown.web_address": st.sampled_from(["", "https://a.b/c?d=e#f: g".replace(" ", "")]),
        "privacy_notice.lists": st.just("all")
        | st.lists(st.sampled_from([each.name for each in notice_categories()])),
        "security_policy.complies": YES_NO,
        "security_policy.date": DAYS,
        "data_sets": st.lists(st.just("payroll") | NAMES),
        "agency_payroll": st.sampled_from(["", "none", "authorised"]),
    }
)


@given(ANSWERS)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, answers: dict[str, object]
) -> None:
    declaration = with_changes(Declaration(), answers)
    path = tmp_path_factory.mktemp("declared") / "declaration.yaml"
    write_declaration(path, declaration)
    assert read_declaration(path) == declaration
    assert declaration_text(read_declaration(path)) == path.read_text(encoding="utf-8")


def test_the_answers_name_every_part() -> None:
    declaration = with_changes(Declaration(), {})
    assert all(declaration.said(part.key) in {None, ()} for part in parts() if part.key != "exercise")


def test_the_file_says_that_it_is_not_the_declaration_and_labels_what_was_published() -> None:
    text = declaration_text(Declaration())
    words = " ".join(text.replace("#", " ").split())
    assert "It is not the declaration: the key contact makes that in the NFI web application" in words
    labels = [part.evidence for part in parts() if part.evidence]
    assert text.count("[published") >= len(labels)
    assert not re.search(r"\[[^\]]*\n", text)  # no label is broken over two lines
    assert max(map(len, text.splitlines())) <= 110


def test_a_template_is_filled_in_by_taking_away_signs(tmp_path: Path) -> None:
    path = tmp_path / "to-fill-in.yaml"
    write_template(path)
    text = path.read_text(encoding="utf-8")
    for line in ("    #- Name", "    #- Passport number", "  #- payroll"):
        assert line in text
        text = text.replace(line, line.replace("#", ""))
    path.write_text(text.replace("  complies:", "  complies: yes", 1), encoding="utf-8")
    declaration = read_declaration(path)
    assert declaration.privacy_notice.lists == ("Name", "Passport number")
    assert declaration.privacy_notice.complies is True
    assert declaration.data_sets == ("payroll",)
    # what is chosen stands above, so that more can be added in the same way
    again = declaration_text(declaration).replace("    #- Address", "    - Address")
    path.write_text(again, encoding="utf-8")
    assert read_declaration(path).privacy_notice.lists == ("Name", "Address", "Passport number")


def test_a_template_is_not_written_over_a_persons_work(tmp_path: Path) -> None:
    path = tmp_path / "declaration.yaml"
    path.write_text("key_contact: {name: B. Contact}\n")
    with pytest.raises(DeclarationExists, match="is there already"):
        write_template(path)
    assert "B. Contact" in path.read_text()
    write_template(path, force=True)
    assert path.read_text(encoding="utf-8") == declaration_text(Declaration())


def test_roles_that_are_combined_are_told_in_the_file() -> None:
    one = {"senior_responsible_officer.name": "A. Officer", "key_contact.name": "A. Officer"}
    assert "# Roles combined: " in declaration_text(with_changes(Declaration(), one))
    assert "# Roles combined: " not in declaration_text(Declaration())


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other permissions")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    write_declaration(tmp_path / "declaration.yaml", Declaration())
    assert (tmp_path / "declaration.yaml").stat().st_mode & 0o777 == 0o600
