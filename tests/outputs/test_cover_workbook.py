"""The golden workbook is tests/golden/cover/workbook.json: what each sheet shows, cell by cell.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_cover_workbook.py rewrites it: read the diff.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from outputs.cover.sheet import cover_sheet
from outputs.cover.workbook import cover_workbook
from outputs.safe_text import safe_text
from outputs.submitted.manifest import Manifest
from tests.examples import examples
from tests.outputs.invented_check import ALLOTMENTS
from tests.outputs.invented_manifest import creditors, everything, one, payroll, pensions
from tests.outputs.test_workbooks_in_libreoffice import SOFFICE, as_shown

GOLDEN = Path(__file__).parents[1] / "golden" / "cover" / "workbook.json"
MANIFESTS = {"payroll": payroll(), "creditors": creditors(), "pensions": pensions()}
CALLED_AS_ONE = {
    "Control totals": ("File", "Field", "Filled", "Total"),
    "Filled and blank": ("File", "Field", "Filled", "Blank"),
    "Steps": ("When", "No.", "What to do", "Evidence", "Done", "By", "On"),
}


def opened(manifest: Manifest) -> Workbook:
    return load_workbook(io.BytesIO(cover_workbook(manifest)))


def rows_of(sheet: Worksheet) -> list[list[str]]:
    """What a sheet holds, row by row, without blanks at the ends."""
    rows = []
    for row in sheet.iter_rows(values_only=True):
        cells = ["" if value is None else str(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
    return rows


def footer_of(sheet: Worksheet) -> tuple[str, str, str]:
    """What stands left, in the middle and right at the foot of each printed page."""
    footer = sheet.oddFooter
    assert footer is not None
    return str(footer.left.text), str(footer.center.text), str(footer.right.text)


def row_of_headings(sheet: Worksheet, first: str) -> int:
    return next(n for n, row in enumerate(rows_of(sheet), start=1) if row[:1] == [first] and len(row) > 2)


@pytest.mark.parametrize("name", MANIFESTS)
def test_there_is_a_sheet_for_each_section_that_opens_with_its_title(name: str) -> None:
    sections = cover_sheet(MANIFESTS[name]).sections
    workbook = opened(MANIFESTS[name])
    assert workbook.sheetnames == [section.name for section in sections]
    assert [sheet["A1"].value for sheet in workbook.worksheets] == [section.title for section in sections]


@pytest.mark.parametrize("name", CALLED_AS_ONE)
def test_tables_to_work_through_stand_together_with_headings_in_sight(name: str) -> None:
    sheet = opened(pensions())[name]
    headings = CALLED_AS_ONE[name]
    row = row_of_headings(sheet, headings[0])
    assert tuple(rows_of(sheet)[row - 1][: len(headings)]) == headings
    assert sheet.freeze_panes == f"A{row + 1}"
    assert sheet.print_title_rows == f"${row}:${row}"
    assert sheet.auto_filter.ref.startswith(f"A{row}:")
    about = {row[0] for row in rows_of(sheet)[row:]}
    assert len(about) == 3


@pytest.mark.parametrize("name", MANIFESTS)
def test_every_sheet_prints_to_the_width_of_the_paper_and_says_that_it_holds_no_records(name: str) -> None:
    for sheet in opened(MANIFESTS[name]).worksheets:
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None
        assert fit.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.page_setup.paperSize == 9  # A4
        assert "No records on this sheet" in footer_of(sheet)[0]


def test_steps_are_ticked_from_a_list_and_dated() -> None:
    sheet = opened(payroll())["Steps"]
    row = row_of_headings(sheet, "When") + 1
    done, on = sheet.data_validations.dataValidation
    assert (done.type, done.formula1) == ("list", '"yes,does not apply"')
    assert f"E{row}" in done.sqref
    assert f"E{sheet.max_row}" in done.sqref
    assert on.type == "date"
    assert f"G{sheet.max_row}" in on.sqref
    assert all(sheet.cell(each, 5).value is None for each in range(row, sheet.max_row + 1))


def test_sums_are_numbers_that_a_spreadsheet_adds_up() -> None:
    sheet = opened(creditors())["Control totals"]
    row = next(row for row in sheet.iter_rows() if row[1].value == "VAT amount")
    assert row[3].value == -1234567.89
    assert row[3].number_format == "#,##0.00"
    assert row[2].value == 12_000


def test_what_nobody_may_overlook_is_marked() -> None:
    sheet = opened(creditors())["Package"]
    marked = [row[0] for row in sheet.iter_rows(max_col=1) if row[0].style == "nfi notice"]
    assert [str(cell.value).split(":")[0] for cell in marked] == [
        "Please note, Trade creditors payment history",
        "Please note, Trade creditors standing data",
    ]


@settings(max_examples=examples(10), deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
    | st.sampled_from(
        ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "a\x00b", "_x0041_", "&L&Kff0000&", "=cmd|' /C calc'!A0"]
    )
)
def test_whatever_people_wrote_is_text_and_the_workbook_opens(written: str) -> None:
    manifest = one("payroll", body=written, title=written, remarks=(written,), notes=(written,))
    workbook = opened(manifest)
    for sheet in workbook.worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    body = next(row for row in workbook["Package"].iter_rows(values_only=True) if row[0] == "Body")
    assert body[1] == safe_text(written)


def test_a_long_name_leaves_the_footer_within_what_a_spreadsheet_allows() -> None:
    for sheet in opened(one("payroll", body="x" * 500)).worksheets:
        assert sum(map(len, footer_of(sheet))) < 255


def test_the_same_manifest_gives_the_same_bytes() -> None:
    assert cover_workbook(payroll()) == cover_workbook(payroll())


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (soffice), which is not installed")
def test_libreoffice_shows_every_sheet_and_runs_nothing(tmp_path: Path) -> None:
    manifest = payroll()
    formulas = ("=1+1", "@SUM(A1)", "+1", "-1")
    target = tmp_path / "cover.xlsx"
    target.write_bytes(cover_workbook(manifest.model_copy(update={"remarks": formulas})))
    sheets = as_shown(target)
    assert set(sheets) == {section.name for section in cover_sheet(manifest).sections}
    assert [row[0] for row in sheets["Package"]][-4:] == list(formulas)
    assert ["payroll.csv", "Gross pay to date", "12,000", "-1,234,567.89", "pounds"] in [
        row[:5] for row in sheets["Control totals"]
    ]


def test_the_invented_manifest_gives_the_golden_workbook() -> None:
    shown = {sheet.title: rows_of(sheet) for sheet in opened(everything(ALLOTMENTS)).worksheets}
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        text = json.dumps(shown, indent=1, ensure_ascii=False) + "\n"
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert shown == json.loads(GOLDEN.read_text(encoding="utf-8"))
