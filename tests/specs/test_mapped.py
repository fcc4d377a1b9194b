"""The records of a data set, from one extract or from several whose headings differ."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs.catalogues import load_specification
from specs.errors import ExtractUnreadable, MappingInvalid
from specs.headings import heading_signature
from specs.mapped import MappedExtracts, open_mapped, told_apart
from specs.mapping import read_mapping
from specs.read import open_extract
from tests.examples import examples

HISTORY = load_specification("creditors-history")
MAPPING = """\
dataset: creditors-history
fields:
  Creditor reference: Supplier
  Suppliers invoice number: {any_of: [Invoice, Inv No]}
  Invoice date: Date
  Total invoice amount: Amount
  Remarks: Notes
"""
APRIL = "Supplier,Invoice,Date,Amount\nS1,I1,01042024,100\nS2,I2,02042024,200\n"
MAY = "Date,Supplier,Inv No,Amount,Notes\n01052024,S3,I3,300,late\n\n02052024,S4,I4,400,\n"


def source(folder: Path, *texts: str, mapping: str = MAPPING) -> MappedExtracts:
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    extracts = []
    for number, text in enumerate(texts, start=1):
        file = folder / f"month-{number}.csv"
        file.write_text(text, encoding="utf-8")
        extracts.append(open_extract(file))
    return MappedExtracts(extracts, read_mapping(folder / "mapping.yaml", HISTORY), HISTORY)


def table(folder: Path, mapped: MappedExtracts) -> pa.Table:
    return pa.Table.from_batches(list(open_mapped(mapped, folder, DuckDBEngine()).batches()))


def test_several_files_are_one_table_with_blanks_where_a_file_has_no_column(tmp_path: Path) -> None:
    mapped = source(tmp_path, APRIL, MAY)
    assert table(tmp_path, mapped).select(
        ["creditor_reference", "supplier_invoice_number", "remarks"]
    ).to_pylist() == [
        {"creditor_reference": "S1", "supplier_invoice_number": "I1", "remarks": ""},
        {"creditor_reference": "S2", "supplier_invoice_number": "I2", "remarks": ""},
        {"creditor_reference": "S3", "supplier_invoice_number": "I3", "remarks": "late"},
        {"creditor_reference": "S4", "supplier_invoice_number": "I4", "remarks": ""},
    ]


def test_rows_are_numbered_on_and_each_file_says_where_it_begins(tmp_path: Path) -> None:
    mapped = source(tmp_path, APRIL, MAY)
    assert table(tmp_path, mapped).column("source_row").to_pylist() == [2, 3, 5, 7]
    assert [(file.name, file.records, file.rows_before, file.blank_rows) for file in mapped.files] == [
        ("month-1.csv", 2, 0, 0),
        ("month-2.csv", 2, 3, 1),
    ]
    assert [file.columns_absent for file in mapped.files] == [("Remarks",), ()]


def test_a_heading_that_no_file_has_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"Remarks takes 'Notes', which the extract does not have"):
        source(tmp_path, APRIL, APRIL)


def test_one_file_must_have_every_heading_of_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match="Remarks takes 'Notes'"):
        source(tmp_path, APRIL)


def test_a_heading_that_is_spelt_in_two_ways_counts_once(tmp_path: Path) -> None:
    mapped = source(tmp_path, MAY, MAY.replace("Supplier", "SUPPLIER"))
    assert mapped.headings == ("Date", "Supplier", "Inv No", "Amount", "Notes")
    assert table(tmp_path, mapped).num_rows == 4


def test_rows_that_are_the_same_in_two_files_count_once_where_the_mapping_asks(tmp_path: Path) -> None:
    mapped = source(tmp_path, MAY, MAY, mapping=MAPPING + "distinct: true\n")
    records = open_mapped(mapped, tmp_path, DuckDBEngine())
    assert records.repeated_rows == 2
    for _ in range(2):  # they can be had again
        assert pa.Table.from_batches(list(records.batches())).column("source_row").to_pylist() == [2, 4]


def test_employers_are_counted_over_all_files(tmp_path: Path) -> None:
    texts = [APRIL.replace("\nS", "\nAnytown,S").replace("Supplier", "Body,Supplier"), MAY]
    mapped = source(tmp_path, *texts, mapping=MAPPING + "employer: Body\n")
    table(tmp_path, mapped)
    assert mapped.employers == {"Anytown": 2}


@settings(deadline=None, max_examples=examples(10))
@given(sizes=st.lists(st.integers(1, 30), min_size=1, max_size=4))
def test_every_row_is_one_record_of_one_file(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("files")
    headings = "Supplier,Invoice,Date,Amount,Notes\n"
    texts = [headings + "".join(f"S{n},I{n},01042024,1,\n" for n in range(size)) for size in sizes]
    mapped = source(folder, *texts)
    rows = table(folder, mapped).column("source_row").to_pylist()
    places = [(number, row) for number, file in enumerate(mapped.files) for row in range(2, file.records + 2)]
    assert rows == [mapped.files[number].rows_before + row for number, row in places]
    assert len(set(rows)) == sum(sizes)


def test_a_mapping_of_several_layouts_fits_one_file_of_them(tmp_path: Path) -> None:
    headings = [["Supplier", "Invoice", "Date", "Amount"], ["Date", "Supplier", "Inv No", "Amount", "Notes"]]
    signatures = "".join(f"  - {heading_signature(each)}\n" for each in headings)
    mapped = source(tmp_path, APRIL, mapping=f"{MAPPING}signature:\n{signatures}")
    assert "remarks" not in mapped.columns
    assert table(tmp_path, mapped).num_rows == 2


def test_a_file_of_another_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"month-2\.csv: has none of the headings"):
        source(tmp_path, MAY, "Surname,Forename\nSample,Ann\n")


@pytest.mark.parametrize(
    ("names", "texts", "fault"),
    [
        pytest.param(("a/may.csv", "b/may.csv"), (APRIL, MAY), "has the same name as", id="same name"),
        pytest.param(("april.csv", "copy.csv"), (APRIL, APRIL), "holds the same as", id="same content"),
    ],
)
def test_files_that_cannot_be_told_apart_are_refused(
    tmp_path: Path, names: tuple[str, ...], texts: tuple[str, ...], fault: str
) -> None:
    for name, text in zip(names, texts, strict=True):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ExtractUnreadable, match=fault):
        told_apart([open_extract(tmp_path / name) for name in names])
