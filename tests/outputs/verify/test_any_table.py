"""Whatever a table holds: checked, packaged and verified, nothing differs. Every value here is invented."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from nfi import __version__
from outputs.submitted.acceptance import Acceptance
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.manifest import CheckRun
from outputs.submitted.open_submission import open_submission
from outputs.verify import Verification, opened_for_use, verification
from outputs.written.written_form import FileLayout, WrittenForm
from specs.specification import CharacterSet
from tests.outputs.invented_submission import (
    ALLOTMENTS,
    DAY,
    PASSPHRASE,
    Row,
    checked_records,
    package_of,
    typed,
)
from tests.outputs.verify.tampered import differing

NFI = f"nfi {__version__}"
FORMS = [
    WrittenForm(),
    WrittenForm(characters=CharacterSet.UTF_8, headings=False),
    WrittenForm(layout=FileLayout.FIXED_WIDTH),
]

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cn", "Co"]), max_size=6).map(str.strip)
amounts = st.integers(-(10**9), 10**9)
rows = st.tuples(
    texts.filter(bool),
    texts.map(lambda text: text or None),
    st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.none() | amounts,
    st.none() | amounts,
    texts.map(lambda text: text or None),
)


def verified(table: Sequence[Row], folder: Path, form: WrittenForm) -> Verification:
    """The table checked as an extract, packaged with its errors, and the package verified from itself."""
    records = folder / "checked"
    records.mkdir()
    checked = _with_settings(checked_records(records, {"plots.csv": typed(table)}))
    accepted = (Acceptance("Known.", "Clerk"),)
    made = package_of(checked, folder / "made.zip", form=form, acceptances=accepted, tool_version=__version__)
    with open_submission(made.package, PASSPHRASE) as submission:
        opened = opened_for_use(submission, folder / "work", nfi=NFI)
        return verification(opened, folder / "work", DuckDBEngine(temporary=folder))


def _with_settings(checked: CheckedDataSet) -> CheckedDataSet:
    """As `nfi check` leaves it: with what it was made from."""
    said = {
        "day": DAY.isoformat(),
        "extracts": [{"name": file.name, "sha256": file.sha256} for file in checked.record.files],
        "specification_sha256": ALLOTMENTS.digest,
    }
    run = CheckRun(tool=NFI, libraries={}, made_from=said)
    return replace(checked, own_specification=True, run=run)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(rows, min_size=1, max_size=5), st.sampled_from(FORMS))
def test_any_table_is_verified_as_it_was_packaged(table: list[Row], form: WrittenForm) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = verified(table, Path(folder), form)
    assert differing(found) == []


@pytest.mark.parametrize("form", FORMS[:2])
def test_a_value_longer_than_the_csv_module_takes_is_verified(form: WrittenForm, tmp_path: Path) -> None:
    found = verified([("007", "Zoë Moss", None, 1, 1, "é" * 200_000)], tmp_path, form)
    assert differing(found) == []
