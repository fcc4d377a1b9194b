"""One proposed mapping for the files of several months. All records are invented."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from specs.catalogues import load_specification
from specs.headings import heading_signature
from specs.mapping import read_mapping
from specs.mapping_file import write_mapping
from specs.proposal.result import Proposal
from specs.proposal.several_files import propose_for_several
from specs.read import open_extract

HISTORY = load_specification("creditors-history")
DAY = date(2026, 10, 5)

Cells = Callable[[int], str]
COLUMNS: dict[str, Cells] = {
    "Supplier No": lambda n: f"S{n % 9:05}",
    "Vendor ID": lambda n: f"S{n % 9:05}",
    "Transaction Reference": lambda n: f"{1_450_000 + n}",
    "Inv Date": lambda n: f"{1 + n % 28:02}/05/2025",
    "Gross": lambda n: f"{n}.50",
    "gross": lambda n: f"{n}.50",
    "Invoice Amount": lambda n: f"{n}.50",
    "Narrative": lambda n: f"Repairs {n % 4}",
}


def month(path: Path, headings: list[str], rows: int = 60, **other: Cells) -> Path:
    cells = [other.get(heading.replace(" ", "_"), COLUMNS[heading]) for heading in headings]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *([cell(n) for cell in cells] for n in range(1, rows + 1))])
    return path


def proposed(*paths: Path) -> Proposal:
    return propose_for_several([open_extract(path) for path in paths], HISTORY, day=DAY)


def headings_of(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {each.field.name: each.headings for each in proposal.placed}


@pytest.fixture
def april(tmp_path: Path) -> Path:
    return month(tmp_path / "april.csv", ["Supplier No", "Transaction Reference", "Inv Date", "Gross"], 90)


def test_one_file_is_proposed_as_by_itself(april: Path) -> None:
    assert headings_of(proposed(april)) == {
        "Creditor reference": ("Supplier No",),
        "Internal/system invoice number": ("Transaction Reference",),
        "Invoice date": ("Inv Date",),
        "Total invoice amount": ("Gross",),
    }


def test_a_field_takes_the_heading_that_each_file_has(tmp_path: Path, april: Path) -> None:
    may = month(tmp_path / "may.csv", ["Vendor ID", "Transaction Reference", "Inv Date", "Invoice Amount"])
    june = month(tmp_path / "june.csv", ["Vendor ID", "Transaction Reference", "Inv Date", "gross"])
    proposal = proposed(may, june, april)
    assert headings_of(proposal)["Creditor reference"] == ("Supplier No", "Vendor ID")
    assert headings_of(proposal)["Total invoice amount"] == ("Gross", "Invoice Amount")
    assert proposal.files == ("may.csv", "june.csv", "april.csv")
    assert proposal.records == 60 + 60 + 90
    write_mapping(tmp_path / "several.yaml", proposal)
    mapping = read_mapping(tmp_path / "several.yaml", HISTORY)
    for path in (april, may, june):
        extract = open_extract(path)
        assert heading_signature(extract.headings) in mapping.signatures
        applied = mapping.apply(next(extract.batches()))
        assert applied["creditor_reference"][0].as_py() == "S00001"
        assert applied["total_invoice_amount"][0].as_py() == "1.50"


def test_a_heading_that_no_file_needs_is_not_listed(tmp_path: Path, april: Path) -> None:
    both = ["Supplier No", "Transaction Reference", "Inv Date", "Gross", "Invoice Amount"]
    proposal = proposed(april, month(tmp_path / "may.csv", both, 50))
    assert headings_of(proposal)["Total invoice amount"] == ("Gross",)


def test_a_field_that_some_files_lack_is_told_and_can_be_left_out(tmp_path: Path, april: Path) -> None:
    may = month(
        tmp_path / "may.csv", ["Supplier No", "Transaction Reference", "Inv Date", "Gross", "Narrative"]
    )
    proposal = proposed(april, may)
    (remarks,) = [each for each in proposal.placed if each.field.name == "Remarks"]
    assert remarks.doubts == ("not in every file: nothing for it in april.csv",)
    write_mapping(tmp_path / "several.yaml", proposal)
    mapping = read_mapping(tmp_path / "several.yaml", HISTORY)
    applied = mapping.apply(next(open_extract(april).batches()), missing_allowed=True)
    assert "remarks" not in applied.schema.names
    assert "remarks" in mapping.columns_in(open_extract(may).headings)


def test_a_file_whose_values_are_of_another_kind_is_named(tmp_path: Path, april: Path) -> None:
    headings = ["Supplier No", "Transaction Reference", "Inv Date", "Gross"]
    theirs = month(
        tmp_path / "january.csv",
        headings,
        30,
        Transaction_Reference=lambda n: ["INV-", "", "SI/22/", "A", "2101-00-"][n % 5] + str(n * n),
    )
    may = month(tmp_path / "may.csv", headings, 80, Transaction_Reference=lambda n: str(1_451_000 + n))
    proposal = proposed(april, may, theirs)
    assert proposal.notes == (
        "Internal/system invoice number: what stands under 'Transaction Reference' is of another kind in "
        "january.csv. If it is another thing there, map these files by themselves.",
    )


def test_headings_of_one_file_that_differ_in_case_only_keep_their_own_values(tmp_path: Path) -> None:
    path = month(tmp_path / "april.csv", ["Supplier No", "Inv Date", "Gross", "gross"], gross=lambda n: "abc")
    assert headings_of(proposed(path))["Total invoice amount"] == ("Gross",)


def test_the_order_of_the_files_does_not_matter(tmp_path: Path, april: Path) -> None:
    may = month(tmp_path / "may.csv", ["Vendor ID", "Transaction Reference", "Inv Date", "Invoice Amount"])
    assert headings_of(proposed(april, may)) == headings_of(proposed(may, april))
