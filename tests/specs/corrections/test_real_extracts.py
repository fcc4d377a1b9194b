"""Published extracts as they were published, where they are at hand: which corrections they call for."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from specs.corrections import CorrectionSurvey
from specs.dates import date_format
from specs.mapping import read_mapping
from specs.read import open_extract
from tests.specs.corrections.made_up import HISTORY, STANDING, TODAY

ROOT = Path(__file__).parents[3]
PAYMENTS = ROOT.parent / "shared" / "data" / "payments"
MAPPINGS = ROOT / "docs" / "examples" / "mappings"
SPECIFICATIONS = {specification.dataset: specification for specification in (HISTORY, STANDING)}

pytestmark = pytest.mark.skipif(
    not PAYMENTS.is_dir(), reason="published extracts are not at hand (../shared/data)"
)


@pytest.mark.parametrize("said", [True, False], ids=["dates as the mapping says", "dates found out"])
@pytest.mark.parametrize(
    ("pattern", "mapping", "dataset", "expected"),
    [
        ("calderdale/months/20??-??.csv", "calderdale-history", "creditors-history", set()),
        ("nhs/ROYF/*", "nhs-spend-own-numbers", "creditors-history", set()),
        ("nhs/ROYF/*", "royal-free-standing", "creditors-standing", {"inner_blanks"}),
        ("nhs/KICO/*", "nhs-spend-supplier-numbers", "creditors-history", {"trim"}),
        ("nhs/CHWE/CHWE 0*", "nhs-spend-own-numbers", "creditors-history", {"trim"}),
    ],
)
def test_published_ledgers_need_blanks_taken_off_and_nothing_else(
    pattern: str, mapping: str, dataset: str, expected: set[str], said: bool
) -> None:
    specification = SPECIFICATIONS[dataset]
    codes: set[str] = set()
    for file in sorted(PAYMENTS.glob(pattern)):
        chosen = read_mapping(MAPPINGS / f"{mapping}.yaml", specification)
        batches = [chosen.apply(batch) for batch in open_extract(file).batches()]
        columns = batches[0].schema.names[1:]
        dates = [date_format(text) for text in chosen.date_format] if said else []
        survey = CorrectionSurvey(specification, columns, today=TODAY, dates=dates)
        for batch in batches:
            survey.add(batch)
        corrections = survey.decide()
        codes |= {decision.code for decision in corrections.decisions}

        second = CorrectionSurvey(specification, columns, today=TODAY, dates=dates)
        after: list[pa.RecordBatch] = [corrections.apply(batch)[0] for batch in batches]
        for batch in after:
            second.add(batch)
        assert not any(second.decide().apply(batch)[1].num_rows for batch in after)
    assert codes == expected
