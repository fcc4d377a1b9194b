"""What corrections say: corrections.yaml agrees with the code, its examples are true, slips are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from specs.catalogues import datasets, load_specification
from specs.checks import FIELD_CHECKS
from specs.corrections import correction_descriptions
from specs.corrections.descriptions import (
    CORRECTIONS_FILE,
    CorrectionDescription,
    read_correction_descriptions,
)
from specs.corrections.kind import FieldTerms
from specs.corrections.registry import CODES, FORMS, OF_COLUMNS, TIDYING
from specs.errors import SpecificationInvalid
from tests.specs.corrections.made_up import TODAY

ENTRY = """\
- code: "trim"
  title: "A title"
  does: "Something."
  safe_because: "Of something."
  fields: {}
  evidence: inferred
"""
DOCUMENT = Path(__file__).parents[3] / "docs" / "corrections.md"
DESCRIBED = correction_descriptions()
CHANGES = {each.code: each.changes for each in (*TIDYING, *FORMS, *OF_COLUMNS)}


def fields_of(code: str) -> list[FieldTerms]:
    """Every field of the current catalogue that a correction applies to."""
    return [
        FieldTerms(field, TODAY, latest_short_year=2036)
        for dataset in datasets("2026-27")
        for field in load_specification(dataset).fields
        if DESCRIBED[code].fields.include(field)
    ]


def test_every_correction_has_words_and_all_words_have_a_correction_in_the_order_in_which_they_are_made() -> (
    None
):
    assert tuple(DESCRIBED) == CODES == tuple(CHANGES)


def test_what_needs_a_proof_says_which_and_what_does_not_has_none() -> None:
    proved = {code for code, description in DESCRIBED.items() if description.proof}
    assert proved == {correction.code for correction in OF_COLUMNS}
    assert proved == {code for code, description in DESCRIBED.items() if description.limits}


@pytest.mark.parametrize("code", CODES)
def test_every_correction_applies_to_some_field_and_every_check_it_names_exists(code: str) -> None:
    assert fields_of(code)
    meant = DESCRIBED[code].fields
    assert {*meant.checks, *meant.except_checks} <= set(FIELD_CHECKS)


@pytest.mark.parametrize("code", CODES)
def test_the_examples_are_true_for_every_field_that_the_correction_applies_to(code: str) -> None:
    examples = DESCRIBED[code].examples
    before = [value for value, _ in examples.changed] + list(examples.kept)
    after = [value for _, value in examples.changed] + list(examples.kept)
    assert code == "code_case" or (examples.changed and examples.kept), (
        "code lists differ from field to field"
    )
    for terms in fields_of(code):
        if code != "trim" or terms.field.format not in {"money", "hours"}:
            assert CHANGES[code](pa.array(before, pa.string()), terms).to_pylist() == after, terms.field.name


@pytest.mark.parametrize(
    ("code", "untouched"),
    [
        pytest.param("inner_blanks", "Remarks", id="remarks stay as written"),
        pytest.param("inner_blanks", "Suppliers invoice number", id="invoice numbers stay as printed"),
        pytest.param("inner_blanks", "Email address", id="no blank makes an email address"),
        pytest.param("point_zero", "Total invoice amount", id="amounts are never changed"),
        pytest.param("point_zero", "Remarks", id="nor is free text"),
        pytest.param("damaged_letters", "Total invoice amount", id="not even their pound sign"),
    ],
)
def test_what_must_never_change_is_out_of_reach(code: str, untouched: str) -> None:
    assert untouched not in {terms.field.name for terms in fields_of(code)}


def test_no_correction_fills_up_references() -> None:
    for code in CODES:
        if code.endswith("_zero") and code != "point_zero":
            assert not any("reference" in terms.field.name.casefold() for terms in fields_of(code))


def test_texts_are_whole_sentences() -> None:
    for description in DESCRIBED.values():
        for text in (description.does, description.safe_because, description.proof or "."):
            assert text.endswith("."), description.code


def in_words(description: CorrectionDescription) -> str:
    """A correction as docs/corrections.md gives it."""
    examples = "".join(f"`{before}` → `{after}`" for before, after in description.examples.changed[:1])
    proof = f" *Proof:* {description.proof}" if description.proof else ""
    example = f" ({examples})" if examples else ""
    return (
        f"- **{description.title}** (`{description.code}`). {description.does}{example}{proof} "
        f"*Safe because:* {description.safe_because} [{description.evidence}]"
    )


@pytest.mark.parametrize("code", CODES)
def test_the_document_for_finance_people_says_the_same(code: str) -> None:
    words = DOCUMENT.read_text(encoding="utf-8").split()
    assert " ".join(in_words(DESCRIBED[code]).split()) in " ".join(words)


def test_every_code_is_quoted_in_the_file() -> None:
    codes = re.findall(r"^- code: (.*)$", CORRECTIONS_FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert codes == [f'"{code}"' for code in CODES]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(ENTRY + "  tag: x\n", "tag", id="unknown key"),
        pytest.param(ENTRY + ENTRY, "trim: code given twice", id="code twice"),
        pytest.param(ENTRY.replace('"A title"', '""'), "title", id="no words"),
        pytest.param(ENTRY.replace("inferred", "hearsay"), "evidence", id="unknown evidence"),
        pytest.param(ENTRY.replace("{}", "{format: [date]}"), "format", id="unknown kind of field"),
        pytest.param(ENTRY + "  limits: {values: many}\n", "limits.values", id="a limit in words"),
        pytest.param("- [", "not valid YAML", id="not YAML"),
    ],
)
def test_a_careless_edit_is_refused_with_the_file_and_the_key(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "corrections.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecificationInvalid, match=fault) as raised:
        read_correction_descriptions(file)
    assert str(raised.value).startswith("corrections.yaml: ")
    assert "\n" not in str(raised.value)
