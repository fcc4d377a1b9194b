"""The empty workbook: what a person types into it is what nfi reads."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from outputs.template_workbook import GUIDANCE, write_template_workbook
from specs.catalogues import datasets, load_specification
from specs.specification import CheckUse, FieldFormat, Specification


def written(specification: Specification, folder: Path) -> openpyxl.Workbook:
    write_template_workbook(folder / "template.xlsx", specification)
    return openpyxl.load_workbook(folder / "template.xlsx")


def validations(sheet: Worksheet) -> dict[str, DataValidation]:
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def letter(specification: Specification, column: str) -> str:
    return get_column_letter(list(specification.by_column).index(column) + 1)


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_the_first_sheet_has_the_published_headings_and_columns_ready_to_type_in(
    dataset: str, tmp_path: Path
) -> None:
    specification = load_specification(dataset)
    workbook = written(specification, tmp_path)
    sheet, guidance = workbook.worksheets
    assert [cell.value for cell in sheet[1]] == [field.name for field in specification.fields]
    assert sheet.max_row == 1
    assert guidance.title == GUIDANCE
    for number, field in enumerate(specification.fields, start=1):
        expected = "dd/mm/yyyy" if field.format is FieldFormat.DATE else "@"
        assert sheet.column_dimensions[get_column_letter(number)].number_format == expected, field.name
        assert field.evidence in str(sheet.cell(1, number).comment)


@pytest.mark.parametrize(
    ("column", "kind", "formula", "style"),
    [
        ("full_part_time", "list", '"F,P,C"', "stop"),
        ("date_of_birth", "date", "DATE(1900,3,1)", "stop"),
        ("gross_pay_to_date", "custom", 'AND(ISNUMBER(VALUE(X2)),ISNUMBER(FIND(".",X2)))', "stop"),
        ("standard_hours", "custom", 'AND(ISNUMBER(VALUE(Y2)),ISNUMBER(FIND(".",Y2)))', "stop"),
    ],
)
def test_code_lists_dates_and_sums_are_held_to_their_form(
    tmp_path: Path, column: str, kind: str, formula: str, style: str
) -> None:
    payroll = load_specification("payroll")
    at = letter(payroll, column)
    rule = validations(written(payroll, tmp_path).worksheets[0])[f"{at}2:{at}1048576"]
    assert (rule.type, rule.formula1, rule.errorStyle) == (kind, formula, style)
    assert rule.error


def test_a_recalled_field_only_warns(tmp_path: Path) -> None:
    standing = load_specification("creditors-standing")
    at = letter(standing, "date_created")
    rule = validations(written(standing, tmp_path).worksheets[0])[f"{at}2:{at}1048576"]
    assert (rule.type, rule.errorStyle) == ("date", "warning")


@pytest.mark.parametrize(
    "codes",
    [("A, B", "C"), ('say "A"',), tuple(f"code {n}" for n in range(60))],
    ids=["comma", "quote", "long"],
)
def test_codes_that_a_spreadsheets_list_cannot_hold_stand_in_the_guidance(
    tmp_path: Path, codes: tuple[str, ...]
) -> None:
    payroll = load_specification("payroll")
    fields = list(payroll.fields)
    at = list(payroll.by_column).index("full_part_time")
    fields[at] = fields[at].model_copy(update={"checks": (CheckUse(name="one_of", allowed=codes),)})
    workbook = written(payroll.model_copy(update={"fields": tuple(fields)}), tmp_path)
    column = letter(payroll, "full_part_time")
    assert f"{column}2:{column}1048576" not in validations(workbook.worksheets[0])
    guidance = " ".join(str(cell) for row in workbook.worksheets[1].values for cell in row)
    assert f"One of: {', '.join(codes)}." in guidance


def test_the_guidance_has_status_notice_rules_and_every_field_with_its_evidence(tmp_path: Path) -> None:
    pensions = load_specification("pensions")
    rows = [[str(cell or "") for cell in row] for row in written(pensions, tmp_path).worksheets[1].values]
    words = " ".join(cell for row in rows for cell in row)
    assert "pensions 2026-27 (provisional)" in words
    assert str(pensions.notice) in words
    for rule in pensions.rules:
        assert f"{rule.text} ({rule.evidence})" in words
    table = [row for row in rows if row[0].isdigit()]
    assert [(row[1], row[6]) for row in table] == [(field.name, field.evidence) for field in pensions.fields]


def test_text_that_a_spreadsheet_would_run_stays_text(tmp_path: Path) -> None:
    payroll = load_specification("payroll")
    field = payroll.fields[0].model_copy(update={"name": "=1+1", "comment": "=2+2"})
    workbook = written(payroll.model_copy(update={"fields": (field, *payroll.fields[1:])}), tmp_path)
    assert {cell.data_type for sheet in workbook for row in sheet for cell in row} <= {"s", "inlineStr", "n"}


def test_the_same_specification_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_template_workbook(tmp_path / name, load_specification("council-tax"))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_guidance_names_the_files_that_a_data_set_is_sent_as(tmp_path: Path) -> None:
    guidance = written(load_specification("pensions"), tmp_path).worksheets[1]
    words = [str(cell.value) for row in guidance.iter_rows() for cell in row if cell.value]
    assert "File 3 of 3: deferred pensions (optional; published 2012/13)" in words
    payroll = written(load_specification("payroll"), tmp_path).worksheets[1]
    assert not any(str(cell.value).startswith("File ") for row in payroll.iter_rows() for cell in row)
