"""What checks say: checks.yaml agrees with the code, and a careless edit is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from specs.check_descriptions import CHECKS_FILE, check_descriptions, read_check_descriptions
from specs.check_list import OF_THE_DATA_SET
from specs.checks import FIELD_CHECKS, ODD_TEXT, RECORD_CHECKS, UNREADABLE
from specs.errors import SpecificationInvalid

ENTRY = """\
- code: "nino"
  title: "A title"
  severity: error
  message: "A message."
  guidance: "Do something."
  evidence: published 2012/13
"""


# The codes that no registry of checks holds, since they are found in other ways than value by value.
OF_THE_FILE = {
    "footer",
    "missing_column",
    "money_format",
    "hours_format",
    "repeated_row",
    "totals_row",
    "trailer_count",
    "control_total",
    "values_cut",
    "column_blank",
    "codes_without_lookup",
    "not_in_lookup",
    "previous_records",
    "previous_filled",
    "previous_sums",
}
OF_SEVERAL_RECORDS = {
    "duplicate_key",
    "reference",
    "unreferenced",
    "nino_shared",
    "person_twice",
    "account_shared",
}


def test_every_check_has_words_and_all_words_have_a_check() -> None:
    of_fields = {check.code for checks in FIELD_CHECKS.values() for check in checks}
    of_fields |= {check.code for check in ODD_TEXT.checks} | {str(format_) for format_ in UNREADABLE}
    of_records = {"required", *(check.code for check in RECORD_CHECKS.values())}
    of_the_data_set = {code for codes in OF_THE_DATA_SET.values() for code in codes}
    every = of_fields | of_records | of_the_data_set | OF_THE_FILE | OF_SEVERAL_RECORDS
    assert set(check_descriptions()) == every


def test_a_check_of_several_fields_leaves_it_to_the_specification_how_much_it_matters() -> None:
    assert {check_descriptions()[code].severity for code in RECORD_CHECKS} == {"specified"}


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
