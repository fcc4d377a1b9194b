"""The golden workbook is tests/golden/match_workbook: input.json made it, expected.json is what it shows.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_match_workbook.py rewrites expected.json: read the diff.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from matching.result import CASES, RECORD_KEYS, MatchResult, ReportSummary
from outputs.match_read_me import OUTCOMES
from outputs.match_workbook import write_match_workbook
from specs.catalogues import load_specification
from specs.specification import FieldFormat
from tests.outputs.ranked_result import ranked_result

GOLDEN = Path(__file__).parents[1] / "golden" / "match_workbook"
SPECIFICATIONS = [load_specification("creditors-history"), load_specification("payroll")]
HELD_AS = {FieldFormat.DATE: pa.date32(), FieldFormat.MONEY: pa.int64(), FieldFormat.HOURS: pa.int64()}


@dataclass(frozen=True)
class Field:
    name: str
    format: FieldFormat


FIELDS = {
    "creditor_reference": Field("Creditor reference", FieldFormat.CHARACTER),
    "invoice_date": Field("Invoice date", FieldFormat.DATE),
    "total_invoice_amount": Field("Total invoice amount", FieldFormat.MONEY),
    "standard_hours": Field("Standard hours per week", FieldFormat.HOURS),
    "bank_account": Field("Bank account", FieldFormat.CHARACTER),
    "remarks": Field("Remarks", FieldFormat.CHARACTER),
}


def result_of(
    cases: Sequence[dict[str, Any]],
    records: Sequence[dict[str, Any]],
    reports: Sequence[ReportSummary] = (),
    fields: dict[str, Field] = FIELDS,
) -> MatchResult:
    columns = [pa.field(name, HELD_AS.get(field.format, pa.string())) for name, field in fields.items()]
    return ranked_result(
        pa.Table.from_pylist(list(cases), schema=CASES),
        pa.Table.from_pylist(list(records), schema=pa.schema([*RECORD_KEYS, *columns])),
        reports,
    )


def case(rank: int, **changes: Any) -> dict[str, Any]:
    return {
        "rank": rank,
        "case": f"{rank:016x}",
        "report": "same-creditor-invoice-amount",
        "title": "Same creditor, invoice number and amount",
        "also_in": [],
        "records": 2,
        "value_at_risk": 100 * rank,
        "agrees": [],
        "differs": [],
        "explanations": [],
        "priority": 1 / rank,
        "share": 0.5,
        "bits": 0.0,
        "evidence": [],
        "saw": [],
        "overlaps": [],
    } | changes


def record(rank: int, row: int, **values: Any) -> dict[str, Any]:
    return {
        "rank": rank,
        "case": f"{rank:016x}",
        "dataset": "creditors-history",
        "source_row": row,
        "raised_by": ["same-creditor-invoice-amount"],
    } | values


def pair(rank: int, **values: Any) -> list[dict[str, Any]]:
    return [record(rank, 10 * rank + nth, creditor_reference="007", **values) for nth in (0, 1)]


def written(folder: Path, result: MatchResult, **limits: int) -> Any:
    target = folder / "cases.xlsx"
    write_match_workbook(target, result, FIELDS, specifications=SPECIFICATIONS, **limits)
    return openpyxl.load_workbook(target)


def values_of(sheet: Any, heading: str) -> list[Any]:
    """The values of a column, under the heading that is kept in sight."""
    row = int("".join(letter for letter in sheet.freeze_panes if letter.isdigit())) - 1
    column = next(cell.column for cell in sheet[row] if cell.value == heading)
    return [sheet.cell(below, column).value for below in range(row + 1, sheet.max_row + 1)]


def cell_of(sheet: Any, heading: str, nth: int = 1) -> Any:
    row = int("".join(letter for letter in sheet.freeze_panes if letter.isdigit())) - 1
    column = next(cell.column for cell in sheet[row] if cell.value == heading)
    return sheet.cell(row + nth, column)


def text_of(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_the_workbook_shows_what_the_golden_one_shows(tmp_path: Path) -> None:
    given = json.loads((GOLDEN / "input.json").read_text(encoding="utf-8"))
    fields = {column: Field(name, FieldFormat(form)) for column, (name, form) in given["fields"].items()}
    for one in given["records"]:
        if "invoice_date" in one:
            one["invoice_date"] = date.fromisoformat(one["invoice_date"])
    reports = [ReportSummary(**one | {"data": tuple(one["data"])}) for one in given["reports"]]
    result = result_of(given["cases"], given["records"], reports, fields)
    target = tmp_path / "cases.xlsx"
    write_match_workbook(
        target, result, fields, specifications=SPECIFICATIONS, case_limit=2, records_per_case_limit=2
    )
    shown = {
        sheet.title: [
            {cell.coordinate: as_shown(cell) for cell in row if cell.value is not None}
            for row in sheet.iter_rows()
            if any(cell.value is not None for cell in row)
        ]
        for sheet in openpyxl.load_workbook(target)
    }
    expected = GOLDEN / "expected.json"
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        expected.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert shown == json.loads(expected.read_text(encoding="utf-8"))


def as_shown(cell: Any) -> str:
    """A cell's value, type, format, link and whether it stands out, in one line."""
    value = cell.value.date().isoformat() if isinstance(cell.value, datetime) else repr(cell.value)
    number = "" if cell.data_type == "s" else f" as {cell.number_format}"
    link = f" -> {cell.hyperlink.location}" if cell.hyperlink else ""
    mark = next((mark for mark in ("agrees", "differs") if mark in cell.style), "")
    return f"{value}{number}{link}{' ' + mark if mark else ''}"


def test_a_person_learns_what_a_case_is_and_that_nothing_is_assumed(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, result_of([case(1)], pair(1)))["Read me"])
    for words in (
        "Nothing is assumed about anyone until someone has investigated",
        "never of a person",
        "creditors-history 2026-27 (provisional)",
        "Unconfirmed: the 2012/13 layout carried over",
        "not an exercise of the National Fraud Initiative",
    ):
        assert words in text


def test_no_wording_prejudges_anyone(tmp_path: Path) -> None:
    book = written(tmp_path, result_of([case(1)], pair(1)))
    text = "\n".join(text_of(sheet) for sheet in book).casefold()
    for word in ("suspect", "fraudster", "offender", "proof", "guilty", "overcharge"):
        assert word not in text


def test_the_outcome_is_empty_and_chosen_from_the_list(tmp_path: Path) -> None:
    sheet = written(tmp_path, result_of([case(1), case(2)], [*pair(1), *pair(2)]))["Cases"]
    assert values_of(sheet, "Outcome") == [None, None]
    outcome, reviewed = sheet.data_validations.dataValidation
    first = cell_of(sheet, "Outcome").coordinate
    assert (outcome.type, str(outcome.sqref).split(":")[0], outcome.showErrorMessage) == ("list", first, True)
    assert outcome.formula1.strip('"').split(",") == list(OUTCOMES)
    assert (reviewed.type, str(reviewed.sqref).split(":")[0]) == (
        "date",
        cell_of(sheet, "Date reviewed").coordinate,
    )


def test_outcomes_are_those_that_nfi_records() -> None:
    assert OUTCOMES == (
        "not opened",
        "opened",
        "closed - already known",
        "closed - no issue",
        "closed - error",
        "closed - fraud",
    )


def test_the_queue_leads_to_the_records_and_back(tmp_path: Path) -> None:
    cases = [case(1), case(2, report="payroll-creditors-bank", title="Other"), case(3)]
    book = written(tmp_path, result_of(cases, [*pair(1), *pair(2), *pair(3)]))
    for nth in (1, 2, 3):
        rank = cell_of(book["Cases"], "Rank", nth)
        sheet, _, place = rank.hyperlink.location.partition("!")
        target = book[sheet.strip("'")][place]
        assert target.value == rank.value == nth
        assert target.hyperlink.location == f"'Cases'!{rank.coordinate}"


def test_money_is_pounds_dates_are_dates_and_references_are_text(tmp_path: Path) -> None:
    values = {
        "creditor_reference": "000123",
        "invoice_date": date(2026, 2, 28),
        "total_invoice_amount": -123456,
        "standard_hours": 3725,
        "bank_account": "00012345",
    }
    records = [record(1, 5, **values), record(1, 6, **values)]
    sheet = written(tmp_path, result_of([case(1, value_at_risk=1234567)], records))[
        "same-creditor-invoice-amount"
    ]
    shown = {
        heading: (cell_of(sheet, heading).value, cell_of(sheet, heading).number_format)
        for heading in (
            "Creditor reference",
            "Invoice date",
            "Total invoice amount (£)",
            "Standard hours per week",
            "Bank account",
        )
    }
    assert shown == {
        "Creditor reference": ("000123", "@"),
        "Invoice date": (datetime(2026, 2, 28), "dd/mm/yyyy"),
        "Total invoice amount (£)": (-1234.56, "#,##0.00"),
        "Standard hours per week": (37.25, "0.00"),
        "Bank account": ("00012345", "@"),
    }


@pytest.mark.parametrize(
    ("pence", "pounds"),
    [(1234567, 12345.67), (0, 0), (None, None), (-5, -0.05), (10**13 + 1, 100000000000.01)],
)
def test_value_at_risk_is_in_pounds_and_blank_where_not_known(
    tmp_path: Path, pence: int | None, pounds: float | None
) -> None:
    sheet = written(tmp_path, result_of([case(1, value_at_risk=pence)], pair(1)))["Cases"]
    assert values_of(sheet, "Value at risk (£)") == [pounds]


def test_what_is_involved_stands_apart_and_is_in_no_total_at_risk(tmp_path: Path) -> None:
    cases = [case(1), case(2, value_at_risk=None, value_involved=9_900)]
    book = written(tmp_path, result_of(cases, [*pair(1), *pair(2)]))
    assert values_of(book["Cases"], "Value at risk (£)") == [1, None]
    assert values_of(book["Cases"], "Value involved (£)") == [None, 99]
    assert "2 cases, £1.00 at risk in all" in text_of(book["Read me"])


def test_a_queue_of_which_no_sum_at_risk_is_known_claims_none(tmp_path: Path) -> None:
    book = written(tmp_path, result_of([case(1, value_at_risk=None)], pair(1)))
    assert "at risk in all" not in text_of(book["Read me"])


def test_what_agrees_and_what_differs_stands_out_not_by_colour_alone(tmp_path: Path) -> None:
    records = [
        record(1, 5, creditor_reference="1", remarks="a"),
        record(1, 6, creditor_reference="1", remarks="b"),
    ]
    sheet = written(tmp_path, result_of([case(1)], records))["same-creditor-invoice-amount"]
    agrees, differs, neither = (
        cell_of(sheet, heading) for heading in ("Creditor reference", "Remarks", "Data set")
    )
    assert differs.font.bold
    assert not agrees.font.bold
    assert (agrees.border.left.style, differs.border.left.style) == ("thick", "thin")
    assert len({cell.fill.fgColor.rgb for cell in (agrees, differs, neither)}) == 3
    legend = text_of(sheet)
    assert "on yellow" in legend
    assert "bar on the left" in legend


def test_columns_without_any_value_on_a_sheet_are_left_out_there(tmp_path: Path) -> None:
    cases = [case(1), case(2, report="other", title="Other")]
    book = written(tmp_path, result_of(cases, [*pair(1), *pair(2, remarks="x")]))
    assert "Remarks" not in text_of(book["same-creditor-invoice-amount"])
    assert values_of(book["other"], "Remarks") == ["x", "x"]


def test_columns_that_the_report_is_about_come_first(tmp_path: Path) -> None:
    records = pair(1, remarks="x", bank_account="00012345")
    sheet = written(tmp_path, result_of([case(1, agrees=["Bank account: 00012345"])], records))[
        "same-creditor-invoice-amount"
    ]
    columns = [
        cell_of(sheet, heading).column for heading in ("Source row", "Bank account", "Creditor reference")
    ]
    assert columns == [4, 5, 6]


def test_a_column_that_no_specification_names_is_shown_under_its_own_name(tmp_path: Path) -> None:
    schema = pa.schema([*RECORD_KEYS, pa.field("extra", pa.string()), pa.field("since", pa.date32())])
    rows = [record(1, row, extra="007", since=date(2026, 1, 2)) for row in (5, 6)]
    result = ranked_result(
        pa.Table.from_pylist([case(1)], schema=CASES), pa.Table.from_pylist(rows, schema=schema)
    )
    sheet = written(tmp_path, result)["same-creditor-invoice-amount"]
    assert values_of(sheet, "extra") == ["007", "007"]
    assert values_of(sheet, "since") == [datetime(2026, 1, 2)] * 2


def test_cases_beyond_the_limit_are_counted_everywhere_and_named_files_hold_them(tmp_path: Path) -> None:
    cases = [case(rank) for rank in range(1, 8)]
    result = result_of(cases, [one for rank in range(1, 8) for one in pair(rank)])
    book = written(tmp_path, result, case_limit=5)
    assert values_of(book["Cases"], "Rank") == [1, 2, 3, 4, 5, "and 2 more cases: see cases.csv"]
    assert "5 of 7 cases listed here" in text_of(book["Cases"])
    assert "2 cases ranked after the first 5: see cases.csv and case-records.csv." in text_of(book["Read me"])
    records = book["same-creditor-invoice-amount"]
    assert (
        values_of(records, "Rank")[-1]
        == "and 2 more cases of this report: see cases.csv and case-records.csv"
    )
    assert "5 of 7 cases listed here." in text_of(records)


def test_records_beyond_the_limit_of_a_case_are_counted_in_its_place(tmp_path: Path) -> None:
    records = [record(1, row, creditor_reference=str(row)) for row in range(2, 102)]
    book = written(
        tmp_path, result_of([case(1, records=100), case(2)], [*records, *pair(2)]), records_per_case_limit=3
    )
    sheet = book["same-creditor-invoice-amount"]
    assert values_of(sheet, "Source row") == [2, 3, 4, None, 20, 21]
    assert values_of(sheet, "Data set")[3] == "and 97 more records of this case: see case-records.csv"
    assert "97 records of 1 large case: see case-records.csv." in text_of(book["Read me"])


def test_nothing_left_out_is_said_too(tmp_path: Path) -> None:
    book = written(tmp_path, result_of([case(1)], pair(1)))
    assert "Nothing, except columns that are empty" in text_of(book["Read me"])
    assert "1 case, all listed here." in text_of(book["Cases"])


def test_reports_say_what_they_found_or_why_they_could_not_run(tmp_path: Path) -> None:
    paid = ("creditors-history",)
    reports = [
        ReportSummary(
            "could-not",
            "Three",
            None,
            0,
            0,
            0,
            None,
            "needs payroll, which has not been checked",
            data=("payroll", "creditors-standing"),
        ),
        ReportSummary(
            "same-creditor-invoice-amount", "One", "707 (recalled, unverified)", 3, 8, 2, 123456, data=paid
        ),
        ReportSummary("no-cases", "Two", None, 0, 0, 0, None, None, 0, "Pay of all but one.", data=paid),
    ]
    sheet = written(tmp_path, result_of([case(1)], pair(1), reports))["Reports"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    pay = "payroll and creditors-standing"
    one = (*paid, "One", "same-creditor-invoice-amount", 3, 1, 2, 1, 8, 2, 1234.56)
    two = (*paid, "Two", "no-cases (no sheet)", 0, 0, 0, 0, 0, 0, None, 0)
    three = (pay, "Three", "could-not (no sheet)", *[None] * 8)
    assert rows == [
        [*one, None, None, "707 (recalled, unverified)", None],
        [*two, "Pay of all but one.", "none known", None],
        [*three, None, "none known", "needs payroll, which has not been checked"],
    ]
    assert sheet["C4"].hyperlink.location == "'same-creditor-invoice-amount'!A1"


def test_reports_stand_by_data_with_those_that_could_not_run_at_the_end(tmp_path: Path) -> None:
    reports = [
        ReportSummary(name, name, None, found, 2 * found, 0, None, skipped, data=(data,))
        for name, found, skipped, data in (
            ("e", 0, "needs payroll", "creditors-history"),
            ("b", 0, None, "creditors-history"),
            ("d", 1, None, "payroll"),
            ("a", 1, None, "creditors-history"),
            ("c", 1, None, "creditors-standing"),
        )
    ]
    sheet = written(tmp_path, result_of([case(1)], pair(1), reports))["Reports"]
    assert values_of(sheet, "Report") == ["a", "b", "c", "d", "e"]


def test_the_sheet_of_a_report_leads_back_to_the_list_of_reports(tmp_path: Path) -> None:
    sheet = written(tmp_path, result_of([case(1)], pair(1)))["same-creditor-invoice-amount"]
    back = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Back to Reports")
    assert back.hyperlink.location == "'Reports'!A1"


def test_characters_that_differ_are_bold_and_underlined_and_the_others_are_not(tmp_path: Path) -> None:
    records = [record(1, 5, remarks="INV-0017"), record(1, 6, remarks="inv 0027")]
    written(tmp_path, result_of([case(1)], records))
    sheet = openpyxl.load_workbook(tmp_path / "cases.xlsx", rich_text=True)["same-creditor-invoice-amount"]
    runs = [
        [(run.text, bool(run.font.b), run.font.u) for run in cell_of(sheet, "Remarks", nth).value]
        for nth in (1, 2)
    ]
    assert [[text for text, bold, _ in each if bold] for each in runs] == [["-", "1"], [" ", "2"]]
    assert all((underlined == "single") is bold for each in runs for _, bold, underlined in each)
    assert ["".join(text for text, *_ in each) for each in runs] == ["INV-0017", "inv 0027"]


def test_text_in_pieces_runs_no_formula_and_loses_no_space(tmp_path: Path) -> None:
    records = [record(1, 5, remarks="=1+1 x"), record(1, 6, remarks=" =1+2  x")]
    book = written(tmp_path, result_of([case(1)], records))
    sheet = book["same-creditor-invoice-amount"]
    assert values_of(sheet, "Remarks") == ["=1+1 x", " =1+2  x"]
    assert {cell_of(sheet, "Remarks", nth).data_type for nth in (1, 2)} == {"s"}
    assert cell_of(sheet, "Remarks").quotePrefix


def test_a_case_says_how_surprising_it_is_and_what_other_reports_saw(tmp_path: Path) -> None:
    saw = [
        {"report": name, "title": title, "groups": 1, "records": number, "value": value, "share": 0.5}
        | {"agrees": [], "differs": [], "explanations": reasons}
        for name, title, number, value, reasons in (
            ("same-creditor-invoice-amount", "Same creditor", 2, 100, ["Known."]),
            ("other", "Other", 3, 12345, ["Known.", "Once a month."]),
        )
    ]
    evidence = [
        {"field": "Creditor reference", "verdict": "agrees", "bits": 10.0},
        {"field": "Creditor name", "verdict": "agrees, told by Creditor reference", "bits": 0.0},
        {"field": "Invoice date", "verdict": "near", "bits": 2.0},
    ]
    told = case(1, evidence=evidence, bits=12.0, saw=saw, also_in=["other"], explanations=["Known."])
    told["overlaps"] = ["2 records also in case 00ff, rank 3"]
    book = written(tmp_path, result_of([told], pair(1)))
    (weight,), (others,) = (values_of(book["Cases"], name) for name in ("How surprising", "Other reports"))
    assert weight.split("\n") == [
        "Creditor reference agrees: 1 in 1,000 by chance, 10.0 bits",
        "Invoice date is near: 25 in 100 by chance, 2.0 bits",
        "In all 12.0 bits",
    ]
    assert others.split("\n") == [
        "Other (3 records, £123.45)",
        "\u2013 Once a month.",
        "2 records also in case 00ff, rank 3",
    ]
    assert (
        values_of(book["same-creditor-invoice-amount"], "Raised by") == ["same-creditor-invoice-amount"] * 2
    )


def test_every_printed_page_says_that_nothing_is_assumed(tmp_path: Path) -> None:
    for sheet in written(tmp_path, result_of([case(1)], pair(1))):
        assert "Nothing is assumed about anyone" in sheet.oddHeader.left.text
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_a_run_without_cases_gives_a_workbook_that_says_so(tmp_path: Path) -> None:
    book = written(tmp_path, result_of([], []))
    assert book.sheetnames == ["Read me", "Reports", "Cases"]
    assert "No cases: the reports that ran found nothing" in text_of(book["Cases"])
    assert text_of(book["Read me"]).count("No cases") == 1


def test_every_table_keeps_its_headings_in_sight_filters_and_prints_to_width(tmp_path: Path) -> None:
    book = written(tmp_path, result_of([case(1)], pair(1)))
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        if sheet.title == "Read me":
            continue
        heading = int("".join(letter for letter in sheet.freeze_panes if letter.isdigit())) - 1
        assert sheet.auto_filter.ref.startswith(f"A{heading}:")
        assert sheet.print_title_rows == f"${heading}:${heading}"


def test_no_cell_is_a_formula_whatever_the_records_hold(tmp_path: Path) -> None:
    records = [
        record(1, 5, creditor_reference="=1+1", remarks="@x"),
        record(1, 6, creditor_reference="-1", remarks="+"),
    ]
    book = written(tmp_path, result_of([case(1, agrees=["=cmd|'/c calc'!A0"], title="=1+1")], records))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert "=cmd|'/c calc'!A0" in values_of(book["Cases"], "Agrees")


def test_long_and_clashing_report_ids_get_sheets_of_their_own(tmp_path: Path) -> None:
    ids = ["a-report-with-a-very-long-name-one", "a-report-with-a-very-long-name-two", "cases"]
    cases = [case(rank, report=name, title=name) for rank, name in enumerate(ids, start=1)]
    book = written(tmp_path, result_of(cases, [*pair(1), *pair(2), *pair(3)]))
    assert len(book.sheetnames) == 6
    assert [book[name]["A1"].value for name in book.sheetnames[3:]] == ids


def test_another_reader_sees_the_same(tmp_path: Path) -> None:
    records = pair(1, invoice_date=date(2026, 2, 28), total_invoice_amount=-123456)
    book = written(tmp_path, result_of([case(1)], records))
    peer = CalamineWorkbook.from_path(tmp_path / "cases.xlsx")
    assert peer.sheet_names == book.sheetnames
    for name in book.sheetnames:
        ours = [
            ["" if value is None else value.date() if isinstance(value, datetime) else value for value in row]
            for row in book[name].values
        ]
        assert peer.get_sheet_by_name(name).to_python(skip_empty_area=False) == ours


def test_the_same_cases_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, result_of([case(1)], pair(1)))
    assert (tmp_path / "one" / "cases.xlsx").read_bytes() == (tmp_path / "two" / "cases.xlsx").read_bytes()
