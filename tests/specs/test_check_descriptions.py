"""What checks say: checks.yaml agrees with the code, and a careless edit is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from specs.check_descriptions import CHECKS_FILE, check_descriptions, read_check_descriptions
from specs.checks import FIELD_CHECKS, UNREADABLE
from specs.errors import SpecificationInvalid

ENTRY = """\
- code: "nino"
  title: "A title"
  severity: error
  message: "A message."
  guidance: "Do something."
  evidence: published 2012/13
"""


def test_every_check_has_words_and_all_words_have_a_check() -> None:
    of_the_file = {"missing_column", "money_format", "hours_format", "repeated_row", "totals_row"}
    of_records = {"required", "not_greater", "duplicate_key", "reference"} | {str(f) for f in UNREADABLE}
    of_fields = {check.code for checks in FIELD_CHECKS.values() for check in checks}
    assert set(check_descriptions()) == of_the_file | of_records | of_fields


def test_every_code_is_quoted_in_the_file_so_that_yaml_does_not_make_a_boolean_of_it() -> None:
    codes = re.findall(r"^- code: (.*)$", CHECKS_FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert codes
    assert all(re.fullmatch(r'"[a-z_]+"', code) for code in codes)


def test_messages_and_guidance_are_whole_sentences() -> None:
    for description in check_descriptions().values():
        assert description.message.endswith("."), description.code
        assert description.guidance.endswith("."), description.code


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(ENTRY + "  tag: x\n", "tag", id="unknown key"),
        pytest.param(ENTRY.replace("  title", "  titel"), "title", id="misspelt key"),
        pytest.param(ENTRY + ENTRY, "nino: code given twice", id="code twice"),
        pytest.param(ENTRY + '  title: "Another"\n', "'title' is there twice", id="key twice"),
        pytest.param(ENTRY.replace('"A title"', '""'), "title", id="no words"),
        pytest.param(ENTRY.replace('"nino"', '"NI number"'), "code", id="code in words"),
        pytest.param(ENTRY.replace("error", "fatal"), "severity", id="unknown severity"),
        pytest.param(ENTRY.replace("published 2012/13", "hearsay"), "evidence", id="unknown evidence"),
        pytest.param(ENTRY.replace("published 2012/13", "recalled"), "better evidence", id="weak error"),
        pytest.param("- [", "not valid YAML", id="not YAML"),
        pytest.param("nino: x", "list", id="not a list"),
    ],
)
def test_a_careless_edit_is_refused_with_the_file_and_the_key(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "checks.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecificationInvalid, match=fault) as raised:
        read_check_descriptions(file)
    assert str(raised.value).startswith("checks.yaml: ")
    assert "\n" not in str(raised.value)
