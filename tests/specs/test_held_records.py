"""The check of an extract that an engine holds, against the check that streams the same file: every byte.

The engine cuts extracts into odd batches, in no order, and keeps what it makes of them to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs import held_corrections, held_records, mapped
from specs.catalogues import datasets, load_specification
from specs.check import CheckResult, CheckTerms, check_extracts
from specs.data_set.control_totals import ControlTotal, ControlTotals
from specs.engine_extract import HeldExtract, open_held_extract, refuse_options
from specs.errors import ExtractEmpty, ExtractUnreadable
from specs.mapping import own_headings, read_mapping
from specs.read import ReadingOptions, open_extract
from tests.examples import examples
from tests.holding import HoldingEngine

GOLDEN = Path(__file__).parents[1] / "golden" / "check"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())
TODAY = date(2026, 10, 1)
HISTORY = [
    "Creditor reference",
    "Suppliers invoice number",
    "Invoice date",
    "Total invoice amount",
    "VAT amount",
    "Remarks",
]
MAPPING = """\
dataset: creditors-history
fields:
  Creditor reference: Supplier
  Suppliers invoice number: {any_of: [Invoice, Inv No]}
  Invoice date: Date
  Total invoice amount: Amount
  Remarks: Notes
employer: Body
"""


def check(
    files: Sequence[Path], dataset: str, folder: Path, *, held: bool, mapping: Path | None, **terms: Any
) -> CheckResult:
    """The check of Parquet files, streamed or where an engine holds them."""
    specification = load_specification(dataset)
    given = CheckTerms(today=TODAY, **terms)
    if held:
        (folder / "engine").mkdir(parents=True)
        engine = HoldingEngine(folder / "engine")
        extracts = [open_held_extract(engine, str(file)) for file in files]
    streamed = [open_extract(file) for file in files]
    said = (
        read_mapping(mapping, specification) if mapping else own_headings(streamed[0].headings, specification)
    )
    return check_extracts(
        extracts if held else streamed,
        specification,
        said,
        given,
        workspace=folder,
        engine=engine if held else DuckDBEngine(),
    )


def same_bytes(
    files: Sequence[Path], dataset: str, folder: Path, *, mapping: Path | None = None, **terms: Any
) -> CheckResult:
    """Check both ways, compare every byte; what the streamed check found."""
    one, other = (
        check(files, dataset, folder / way, held=way == "held", mapping=mapping, **terms)
        for way in ("streamed", "held")
    )
    for file in ("records", "findings", "findings_csv", "record_file"):
        assert getattr(one, file).read_bytes() == getattr(other, file).read_bytes(), file
    assert one.corrected == other.corrected
    if one.corrections and other.corrections:
        for made, again in zip(one.corrections.paths, other.corrections.paths, strict=True):
            assert made.read_bytes() == again.read_bytes(), made.name
    return one


def parquet_of(extract: Path, target: Path) -> Path:
    """The records of an extract as Parquet, in row groups of three."""
    records = pa.Table.from_batches(open_extract(extract).batches())
    pq.write_table(records.select(range(1, records.num_columns)), target, row_group_size=3)
    return target


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches and pages of a few rows, so that small extracts have several of them."""
    for module in (held_corrections, held_records, mapped):
        monkeypatch.setattr(module, "BATCH_ROWS", 5)
    monkeypatch.setattr(held_records, "_PAGE_ROWS", 4)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("case", CASES)
def test_the_golden_extracts_are_checked_alike(case: str, tmp_path: Path) -> None:
    folder = GOLDEN / case
    dataset = max((name for name in datasets("2026-27") if case.startswith(name)), key=len)
    others = {}
    if (standing := folder / "creditors-standing.csv").exists():
        file = parquet_of(standing, tmp_path / "creditors-standing.parquet")
        others["creditors-standing"] = same_bytes([file], "creditors-standing", tmp_path).records
    mapping = folder / "mapping.yaml"
    result = same_bytes(
        [parquet_of(folder / "input.csv", tmp_path / f"{dataset}.parquet")],
        dataset,
        tmp_path / "case",
        mapping=mapping if mapping.exists() else None,
        others=others,
    )
    assert result.record.rows


CELLS = st.sampled_from(["", " ", "C1", "C1 ", "c1", "31032024", "31/02/24", "12.50", "-3", "x", "Ä", "999"])
ROWS = st.lists(st.tuples(*[CELLS] * len(HISTORY)), min_size=1, max_size=25)
FOOTERS = st.sampled_from([(), ("Total", "", "", "250"), ("End of report",), ("", "", "", "77.1")])


@settings(
    deadline=None,
    max_examples=examples(8),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=ROWS, footer=FOOTERS, group=st.integers(1, 9))
@pytest.mark.usefixtures("small_pages")
def test_any_extract_is_checked_alike(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    footer: tuple[str, ...],
    group: int,
) -> None:
    folder = tmp_path_factory.mktemp("held")
    sure = ("C0", "I0", "01042024", "100", "20", "")
    cells = [*rows, sure, (*footer, *[""] * (len(HISTORY) - len(footer)))]
    columns = {name: [row[place] for row in cells] for place, name in enumerate(HISTORY)}
    pq.write_table(pa.table(columns), folder / "history.parquet", row_group_size=group)
    same_bytes([folder / "history.parquet"], "creditors-history", folder)


def test_typed_columns_are_spelt_alike(tmp_path: Path) -> None:
    moment = datetime(2024, 3, 31, 23, 59, 59, tzinfo=UTC)
    columns = {
        "Creditor reference": pa.array([10203, None, 7, 7]),
        "Suppliers invoice number": pa.array([1.5, 39.599999999999994, None, 2.0]),
        "Invoice date": pa.array([date(2024, 3, 31), None, date(2024, 4, 1), date(1999, 1, 1)]),
        "Payment date": pa.array([moment.replace(tzinfo=None), None] * 2, pa.timestamp("us")),
        "Total invoice amount": pa.array([Decimal("12.50"), Decimal("-3.00"), None, Decimal("0.00")]),
        "Remarks": pa.array([True, False, None, True]),
    }
    pq.write_table(pa.table(columns), tmp_path / "history.parquet")
    result = same_bytes([tmp_path / "history.parquet"], "creditors-history", tmp_path)
    assert pq.read_table(result.records).column("remarks").to_pylist() == ["TRUE", "FALSE", None, "TRUE"]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("distinct", [False, True], ids=["every row counts", "distinct rows count"])
def test_several_extracts_are_one_data_set(tmp_path: Path, distinct: bool) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING + f"distinct: {str(distinct).lower()}\n", encoding="utf-8")
    april = {
        "Supplier": ["S1", "S2", "", "S1"],
        "Invoice": ["I1", "I2", "", "I1"],
        "Body": [" A", "B", "", "A"],
    }
    april |= {"Date": ["01042024", "x", "", "01042024"], "Amount": ["100", "200", "", "100"]}
    may = {
        "Supplier": ["S1", "S4", "S1", ""],
        "Inv No": ["I1", "I4", "I9", ""],
        "Notes": ["", "late", "", ""],
    }
    may |= {
        "Date": ["01042024", "02052024", "", ""],
        "Amount": ["100", "1", "1", ""],
        "Body": ["B"] * 3 + [""],
    }
    for name, columns in (("april", april), ("may", may)):
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    result = same_bytes(
        [tmp_path / "april.parquet", tmp_path / "may.parquet"],
        "creditors-history",
        tmp_path,
        mapping=tmp_path / "mapping.yaml",
    )
    assert result.record.rows == (4 if distinct else 6)
    assert [file.blank_rows for file in result.record.files] == [1, 1]


def test_a_check_goes_by_the_same_terms(tmp_path: Path) -> None:
    file = tmp_path / "history.parquet"
    rows = {name: ["C1", "C2"] for name in HISTORY} | {"Total invoice amount": ["100", "200"]}
    pq.write_table(pa.table(rows), file)
    earlier = check([file], "creditors-history", tmp_path / "earlier", held=False, mapping=None).record
    total = ControlTotal(field="Total invoice amount", sum=Decimal("4.00"))
    expected = ControlTotals(rows=3, fields=(total,))
    result = same_bytes([file], "creditors-history", tmp_path, expected=expected, previous=earlier)
    assert {each.code for each in result.record.findings} >= {"control_total"}


def table_of(**columns: list[Any]) -> Callable[[Path], None]:
    return lambda file: pq.write_table(pa.table(columns), file)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        pytest.param(table_of(a=[["x"]]), r"column 'a' holds list", id="lists"),
        pytest.param(table_of(a=["x"], **{" ": ["y"]}), "column 2 has no name", id="a column without name"),
        pytest.param(table_of(a=["x"], **{"a ": ["y"]}), "more than once: 'a'", id="a name twice"),
    ],
)
def test_a_table_that_is_no_extract_is_refused(
    tmp_path: Path, write: Callable[[Path], None], message: str
) -> None:
    write(tmp_path / "odd.parquet")
    with pytest.raises(ExtractUnreadable, match=message) as refused:
        open_held_extract(HoldingEngine(tmp_path), str(tmp_path / "odd.parquet"))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("rows", [[], ["", " "]], ids=["no rows", "blank rows"])
def test_an_extract_without_records_is_refused(tmp_path: Path, rows: list[str]) -> None:
    file = tmp_path / "history.parquet"
    pq.write_table(pa.table({name: pa.array(rows, pa.string()) for name in HISTORY}), file)
    with pytest.raises(ExtractEmpty, match=r"history\.parquet: holds headings but no records"):
        check([file], "creditors-history", tmp_path, held=True, mapping=None)


def test_an_extract_that_changes_while_it_is_checked_is_refused(tmp_path: Path) -> None:
    class Forgetful(HoldingEngine):
        def sql(self, query: str, **tables: Any) -> pa.Table:
            rows = super().sql(query, **tables)
            return rows.slice(1) if "findings" in query else rows

    file = tmp_path / "history.parquet"
    pq.write_table(pa.table({name: ["C1", "C2"] for name in HISTORY}), file)
    engine = Forgetful(tmp_path)
    extract = open_held_extract(engine, str(file))
    specification = load_specification("creditors-history")
    with pytest.raises(ExtractUnreadable, match=r"2 records were read and 1 checked"):
        check_extracts(
            [extract],
            specification,
            own_headings(extract.headings, specification),
            CheckTerms(today=TODAY),
            workspace=tmp_path / "workspace",
            engine=engine,
        )


def test_how_a_file_is_read_is_not_for_an_engine(tmp_path: Path) -> None:
    refuse_options("t", ReadingOptions())
    with pytest.raises(ExtractUnreadable, match="t: is read by the engine, so --heading-row does not apply"):
        refuse_options("t", ReadingOptions(heading_row=3))


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("distinct", [False, True], ids=["every row counts", "distinct rows count"])
def test_an_extract_is_corrected_alike(tmp_path: Path, distinct: bool) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING + f"distinct: {str(distinct).lower()}\n", encoding="utf-8")
    texts = [" S1 ", "S2", "S2", "", "S\u200b3"] * 5
    columns = {
        "Supplier": texts,
        "Invoice": [f"{number // 2}.0" if text else "" for number, text in enumerate(texts)],
        "Date": ["1/4/2024 " if text else "" for text in texts],
        "Amount": ["100" if text else "" for text in texts],
        "Notes": [text.lower() for text in texts],
        "Body": texts,
    }
    pq.write_table(pa.table(columns), tmp_path / "history.parquet")
    file, mapping = tmp_path / "history.parquet", tmp_path / "mapping.yaml"
    result = same_bytes([file], "creditors-history", tmp_path, mapping=mapping, correct=True)
    assert result.record.corrections
    assert result.corrections


def test_an_engines_extract_is_named_as_a_file_is(tmp_path: Path) -> None:
    file = tmp_path / "history.parquet"
    pq.write_table(pa.table({" a ": ["x", "y"]}), file)
    held, read = open_held_extract(HoldingEngine(tmp_path), str(file)), open_extract(file)
    assert isinstance(held, HeldExtract)
    assert (held.path, held.headings, held.sha256, held.bytes) == (
        read.path,
        read.headings,
        read.sha256,
        read.bytes,
    )
