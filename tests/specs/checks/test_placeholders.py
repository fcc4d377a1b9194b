"""The list of placeholders: each is one, and a careless edit is refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from specs.checks.placeholders import PLACEHOLDERS_FILE, is_placeholder, placeholders, read_placeholders
from specs.errors import SpecificationInvalid


@pytest.mark.parametrize("words", placeholders().anywhere + placeholders().not_in_names)
def test_every_placeholder_counts_however_it_is_written(words: str) -> None:
    written = [
        words,
        words.lower(),
        f" {words.title()}. ",
        f"<{words}>",
        words.replace(" ", "-"),
        f"'{words}'",
    ]
    assert is_placeholder(pa.array(written)).to_pylist() == [True] * len(written)


@pytest.mark.parametrize("words", placeholders().not_in_names)
def test_words_that_are_names_too_are_no_placeholders_in_names(words: str) -> None:
    assert is_placeholder(pa.array([words]), in_names=True).to_pylist() == [False]


def test_the_word_inside_a_longer_value_is_no_placeholder() -> None:
    values = pa.array(["UNKNOWN ROAD", "TESTER", "12 TBC", "NONESUCH", None])
    assert is_placeholder(values).to_pylist() == [False, False, False, False, None]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("evidence: inferred", "evidence: hearsay", "evidence", id="unknown evidence"),
        pytest.param('- "UNKNOWN"', '- "unknown"', "anywhere.0", id="small letters"),
        pytest.param("not_in_names:", "not_in_name:", "not_in_name", id="misspelt key"),
        pytest.param('- "1900-01-01"', '- "1900-02-30"', "dates", id="no such day"),
    ],
)
def test_a_careless_edit_is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    file = tmp_path / "placeholders.yaml"
    file.write_text(PLACEHOLDERS_FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SpecificationInvalid, match=fault) as raised:
        read_placeholders(file)
    assert str(raised.value).startswith("placeholders.yaml: ")
    assert "\n" not in str(raised.value)
