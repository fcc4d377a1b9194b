"""Published extracts as they were published, where they are at hand. Row counts are those of their README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from specs.catalogues import load_specification
from specs.mapping import read_mapping
from specs.read import open_extract

ROOT = Path(__file__).parents[2]
PAYMENTS = ROOT.parent / "shared" / "data" / "payments"
MAPPINGS = ROOT / "docs" / "examples" / "mappings"

pytestmark = pytest.mark.skipif(
    not PAYMENTS.is_dir(), reason="published extracts are not at hand (../shared/data)"
)


def mapped(pattern: str, mapping: str, dataset: str) -> Iterator[pa.Table]:
    """Each file that the pattern finds, under the names of the specification."""
    specification = load_specification(dataset)
    files = sorted(PAYMENTS.glob(pattern))
    assert files
    for file in files:
        chosen = read_mapping(MAPPINGS / mapping, specification)
        yield pa.Table.from_batches(map(chosen.apply, open_extract(file).batches()))


@pytest.mark.parametrize(
    ("pattern", "mapping", "rows"),
    [
        pytest.param("calderdale/*.csv.gz", "calderdale-history", 481_980, id="Calderdale, merged"),
        pytest.param(
            "calderdale/months/20??-??.csv", "calderdale-history", 14_708 - 798 - 382, id="Calderdale, months"
        ),
        pytest.param(
            "calderdale/months/*-card.csv", "calderdale-purchase-cards", 798 + 382, id="Calderdale, cards"
        ),
        pytest.param("nhs/ROYF/*", "nhs-spend-own-numbers", 2_271, id="Royal Free"),
        pytest.param("nhs/HILL/*", "nhs-spend-own-numbers", 171, id="Hillingdon"),
        pytest.param("nhs/KICO/*", "nhs-spend-supplier-numbers", 1_738, id="King's College"),
        pytest.param(
            "nhs/CHWE/CHWE 0*", "nhs-spend-own-numbers", 1_041, id="Chelsea & Westminster to December"
        ),
        pytest.param(
            "nhs/CHWE/CHWE 1*", "nhs-spend-supplier-numbers", 406, id="Chelsea & Westminster from January"
        ),
    ],
)
def test_every_layout_of_payments_is_read_and_mapped(pattern: str, mapping: str, rows: int) -> None:
    tables = list(mapped(pattern, f"{mapping}.yaml", "creditors-history"))
    assert sum(table.num_rows for table in tables) == rows
    for table in tables:
        assert table["source_row"].to_pylist() == list(range(2, table.num_rows + 2))
        for column in ("creditor_reference", "invoice_date", "total_invoice_amount"):
            blank = pc.sum(pc.equal(pc.utf8_trim_whitespace(table[column]), "")).as_py() or 0
            assert blank < table.num_rows / 1_000 + 2


def test_dates_of_a_workbook_are_in_one_spelling() -> None:
    (table,) = mapped("nhs/ROYF/*.xlsx", "nhs-spend-own-numbers.yaml", "creditors-history")
    assert pc.all(pc.match_substring_regex(table["invoice_date"], r"^202[01]-\d\d-\d\d$")).as_py()


def test_the_standing_files_name_every_supplier() -> None:
    for pattern, mapping in (("calderdale/*.csv.gz", "calderdale"), ("nhs/ROYF/*", "royal-free")):
        for table in mapped(pattern, f"{mapping}-standing.yaml", "creditors-standing"):
            assert pc.sum(pc.equal(table["creditor_name"], "")).as_py() == 0
