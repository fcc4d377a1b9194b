"""The golden workbook is tests/golden/findings/workbook.json: what it shows, cell by cell.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_findings_workbook.py rewrites it: read the diff.
"""

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from outputs.findings_workbook import write_findings_workbook
from specs.check_descriptions import check_descriptions
from specs.check_record import FieldTotals, NotChecked
from specs.specification import Severity
from tests.examples import examples
from tests.outputs.invented_check import (
    ALLOTMENTS,
    EVERYTHING,
    EXPLANATIONS,
    THREE,
    Finding,
    file_of,
    plot,
    record_of,
    write,
    write_records,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "findings" / "workbook.json"


def written(folder: Path, findings: list[Finding], **changes: Any) -> Any:
    """The workbook of a check that found exactly these, read back with openpyxl."""
    return openpyxl.load_workbook(
        write(write_findings_workbook, folder / "allotments.xlsx", findings, **changes)
    )


def text_of(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def table_of(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows under the headings that are kept in sight."""
    first = int(sheet.freeze_panes[1:])
    return [row for row in sheet.iter_rows(min_row=first, values_only=True) if any(row)]


def under(sheet: Any, heading: str) -> list[tuple[Any, ...]]:
    """The rows of the summary's table whose first heading this is, without blanks at the end."""
    rows = list(sheet.iter_rows(values_only=True))
    first = next(number for number, row in enumerate(rows) if row[0] == heading)
    width = sum(cell is not None for cell in rows[first])
    table = []
    for row in rows[first + 1 :]:
        if row[0] is None:
            break
        table.append(row[:width])
    return table


def links_of(sheet: Any) -> dict[Any, str]:
    return {
        cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink
    }


def test_each_problem_has_a_sheet_the_heaviest_first(tmp_path: Path) -> None:
    book = written(tmp_path, THREE)
    assert book.sheetnames == [
        "Summary",
        "Whole file",
        "1 plot_number Plot",
        "2 required Tenant",
        "3 required Let since",
    ]


def test_every_finding_stands_on_its_problems_sheet_as_it_stood_in_the_extract(tmp_path: Path) -> None:
    book = written(tmp_path, [*THREE, plot(9, None)])
    assert table_of(book["1 plot_number Plot"]) == [
        (2, "Plot", "99999", "5 digits, expected 4"),
        (9, "Plot", None, "5 digits, expected 4"),
    ]
    assert table_of(book["2 required Tenant"]) == [(4, "Tenant", None, "Something is the matter.")]


def test_what_is_about_the_whole_file_stands_on_one_sheet(tmp_path: Path) -> None:
    findings: list[Finding] = [*THREE, ("reference", "error", None, None, None, None)]
    assert table_of(written(tmp_path, findings)["Whole file"]) == [
        (
            2,
            "error",
            "Reference not found",
            "(whole file)",
            "Something is the matter.",
            "Put it right.",
            "inferred",
        ),
        (
            5,
            "note",
            "Format assumed",
            "Rent",
            "Something is the matter. (pounds)",
            "Put it right.",
            "inferred",
        ),
    ]


def test_errors_come_before_warnings_also_where_they_have_few(tmp_path: Path) -> None:
    many: list[Finding] = [("required", "warning", row, "Tenant", None, None) for row in range(2, 50)]
    book = written(tmp_path, [*many, plot(51)])
    assert book.sheetnames == ["Summary", "1 plot_number Plot", "2 required Tenant"]


def test_each_sheet_says_what_it_means_what_to_do_and_on_what_evidence(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, THREE)["1 plot_number Plot"])
    for words in (
        "1. Not a plot: Plot",
        "There is no such plot.",
        "Look at the gate.",
        "published 2012/13",
        "error. Stops the submission until it is put right.",
        "1 of 300 records; all listed here. Check: plot_number.",
    ):
        assert words in text


def test_the_summary_says_what_was_checked_against_what(tmp_path: Path) -> None:
    files = (file_of("July rents.csv", blank_rows=3),)
    text = text_of(written(tmp_path, THREE, files=files)["Summary"])
    for words in (
        "Allotment rents 2026-27: what the check found",
        "2 errors stop this file; 1 warning needs a look; 1 note says what was assumed or is good to know.",
        "Specification provisional. Unconfirmed: an invented layout for tests.",
        "July rents.csv (12,345 bytes, comma-separated, UTF-8)",
        "300; 3 blank rows left out",
        "allotments 2026-27 (provisional)",
        "3 fields: published 2012/13; 2 fields: recalled; 1 field: inferred",
        "0" * 64,
        "nfi 0.1.0",
        "shows personal data",
        "Every finding stands in allotments.csv",
    ):
        assert words in text


def test_a_specification_without_a_notice_shows_none(tmp_path: Path) -> None:
    published = ALLOTMENTS.model_copy(update={"status": "published", "notice": None})
    assert "Unconfirmed" not in text_of(written(tmp_path, THREE, specification=published)["Summary"])


def test_the_summary_counts_every_problem_and_leads_to_the_sheets(tmp_path: Path) -> None:
    sheet = written(tmp_path, THREE)["Summary"]
    assert links_of(sheet) == {
        "1. Not a plot": "'1 plot_number Plot'!A1",
        "2. Value missing": "'2 required Tenant'!A1",
        "3. Value missing": "'3 required Let since'!A1",
        "4. Format assumed": "'Whole file'!A1",
    }
    assert under(sheet, "Problem") == [
        ("1. Not a plot", "error", "Plot", 1, 0.003, 2, 1),
        ("2. Value missing", "error", "Tenant", 1, 0.003, 4, 1),
        ("3. Value missing", "warning", "Let since", 1, 0.003, 3, 1),
        ("4. Format assumed", "note", "Rent", 1, None, None, 1),
    ]


def test_every_link_leads_to_a_sheet_of_the_book_and_every_sheet_leads_back(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, **EVERYTHING)
    places = [place for sheet in book for place in links_of(sheet).values()]
    assert {place.rpartition("!")[0].strip("'") for place in places} == set(book.sheetnames)
    for sheet in book.worksheets[1:]:
        assert links_of(sheet)["Back to Summary"] == "'Summary'!A1"


def test_sheets_are_set_up_for_reading_and_printing(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, **EVERYTHING)
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert "Personal data" in sheet.oddFooter.left.text
    for sheet in book.worksheets[1:]:
        heading = int(sheet.freeze_panes[1:]) - 1
        assert sheet.print_title_rows == f"${heading}:${heading}"
        assert sheet.auto_filter.ref.startswith(f"A{heading}:")
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))


def test_what_was_not_checked_and_which_columns_were_not_used_are_said(tmp_path: Path) -> None:
    sheet = written(tmp_path, THREE, **EVERYTHING)["Summary"]
    told = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert told["reference"] == "Reference not found: needs tenants"
    assert told["Not held, as the mapping says"] == "Hours of water"
    assert told["Fields that the extract has not got"] == "Remarks"
    assert told["Columns not used and not read further"] == "Cost centre; Gate & path"


def test_the_summary_tells_how_complete_and_valid_each_field_is(tmp_path: Path) -> None:
    sheet = written(tmp_path, THREE, **EVERYTHING)["Summary"]
    assert under(sheet, "Field") == [
        ("Plot", "yes", "10 not valid", 0.966, 1, 0.966, 0.996, 300, 290, 299, None, "4 to 5"),
        ("Tenant", "yes", "1 missing", 0.996, 0.996, 1, 0.836, 299, 299, 250, None, "2 to 30"),
        ("Let since", "expected", "empty in every record", 0, 0, None, None, 0, 0, 0, None, None),
        ("Rent", "if known", "all valid", 1, 0.5, 1, 0.02, 150, 150, 3, 0.5, None),
        (
            "Hours of water",
            "if known",
            "not held, as the mapping says",
            *[None] * 9,
        ),
        ("Remarks", "if known", "no column in the extract", *[None] * 9),
    ]
    text = text_of(sheet)
    assert "Data quality: 70.3\u00a0%. Of the 1,050 values that should be there, 739 are there" in text
    assert "values that are there and valid, of those that should be there" in text
    assert "NFI score" not in text


def test_the_chart_shows_complete_and_valid_of_every_field_and_says_so_in_words(tmp_path: Path) -> None:
    target = write(write_findings_workbook, tmp_path / "allotments.xlsx", THREE, **EVERYTHING)
    sheet: Any = openpyxl.load_workbook(target)["Summary"]
    heading = next(cell.row for cell in sheet["A"] if cell.value == "Field")
    first, last = heading + 1, heading + len(ALLOTMENTS.fields)
    [chart] = sheet._charts
    assert [series.val.numRef.f for series in chart.series] == [
        f"'Summary'!$E${first}:$E${last}",
        f"'Summary'!$F${first}:$F${last}",
    ]
    with zipfile.ZipFile(target) as archive:
        assert 'descr="Two bars for each field' in archive.read("xl/drawings/drawing1.xml").decode()
    assert chart.anchor._from.row > last


def test_without_a_profile_nothing_is_said_of_quality(tmp_path: Path) -> None:
    sheet = written(tmp_path, THREE)["Summary"]
    assert "Data quality" not in text_of(sheet)
    assert sheet._charts == []


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param({}, "Nothing found: 300 records passed every check.", id="clean"),
        pytest.param({"rows": 0}, "There was nothing to check: the extract holds no records.", id="empty"),
        pytest.param(
            {"not_checked": (NotChecked(code="reference", reason="needs tenants"),)},
            "Nothing found by the checks that were made; some could not be made.",
            id="clean as far as it was checked",
        ),
    ],
)
def test_a_clean_file_gives_a_workbook_that_says_so(
    tmp_path: Path, changes: dict[str, Any], verdict: str
) -> None:
    book = written(tmp_path, [], **changes)
    assert book.sheetnames == ["Summary"]
    assert book["Summary"]["A2"].value.startswith(verdict)


def test_a_sheet_lists_up_to_the_limit_and_says_how_many_are_elsewhere(tmp_path: Path) -> None:
    book = written(tmp_path, [plot(row) for row in range(2, 252)], limits={"rows_each": 20})
    sheet = book["1 plot_number Plot"]
    rows = table_of(sheet)
    assert [row[0] for row in rows[:-1]] == list(range(2, 22))
    assert rows[-1][0] == "and 230 more: see allotments.csv"
    assert "250 of 300 records; the first 20 are listed here." in text_of(sheet)
    assert under(book["Summary"], "Problem") == [
        ("1. Not a plot", "error", "Plot", 250, 0.833, 2, 20),
    ]
    heading = int(sheet.freeze_panes[1:]) - 1
    assert sheet.auto_filter.ref == f"A{heading}:D{heading + 20}", "the last line is not filtered"


def test_problems_beyond_the_limit_are_counted_and_have_no_sheet(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, limits={"most_sheets": 2})
    assert book.sheetnames == ["Summary", "Whole file", "1 plot_number Plot", "2 required Tenant"]
    summary = book["Summary"]
    assert "The last 1 problem of the list has no sheet." in text_of(summary)
    assert under(summary, "Problem")[2] == ("3. Value missing", "warning", "Let since", 1, 0.003, 3, 0)
    assert "3. Value missing" not in links_of(summary)


def test_many_problems_share_the_rows_that_a_book_lists(tmp_path: Path) -> None:
    findings: list[Finding] = [
        ("required", "error", row, f"Field {number}", None, None)
        for row in range(2, 302)
        for number in range(100)
    ]
    of_the_file: list[Finding] = [("assumed", "note", None, f"Field {n}", None, None) for n in range(60)]
    book = written(tmp_path, [*of_the_file, *findings])
    assert len(book.sheetnames) == 42
    assert {len(table_of(sheet)[:-1]) for sheet in book.worksheets[2:]} == {250}


def test_rows_of_several_files_stand_with_their_file(tmp_path: Path) -> None:
    book = written(tmp_path, [plot(2), plot(203)], **EVERYTHING)
    assert table_of(book["1 plot_number Plot"]) == [
        (2, "July rents.csv", "Plot", "99999", "5 digits, expected 4"),
        (2, "<August>.csv", "Plot", "99999", "5 digits, expected 4"),
    ]
    assert [row[:3] for row in table_of(book["Files"])] == [
        ("July rents.csv", 200, 0),
        ("<August>.csv", 100, 0),
    ]
    assert under(book["Summary"], "Problem")[0][-1] == "July rents.csv"


def test_what_was_corrected_stands_on_a_sheet_that_names_the_change_log(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, **EVERYTHING)
    assert [row[:3] for row in table_of(book["Corrected"])] == [
        ("Blanks around the value removed", "Tenant", 1234)
    ]
    assert "allotments-changes.csv" in text_of(book["Corrected"])
    assert links_of(book["Summary"])["What was corrected, by field"] == "'Corrected'!A1"


def test_rows_that_were_left_out_are_told(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, THREE, **EVERYTHING)["Summary"])
    assert "Left out below the records of July rents.csv, row 202: 200 records" in text


def test_references_keep_their_zeros_and_formulas_do_not_run(tmp_path: Path) -> None:
    values = ["010203", "=1+1", "#N/A", "a\x00b"]
    book = written(tmp_path, [plot(row, value) for row, value in enumerate(values, start=2)])
    assert [row[2] for row in table_of(book["1 plot_number Plot"])] == ["010203", "=1+1", "#N/A", "a␀b"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_another_reader_sees_the_same(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, **EVERYTHING)
    peer = CalamineWorkbook.from_path(tmp_path / "allotments.xlsx")
    assert peer.sheet_names == book.sheetnames
    for name in book.sheetnames:
        ours = [[value if value is not None else "" for value in row] for row in book[name].values]
        theirs = peer.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert theirs == ours[: len(theirs)]
        assert not any(value for row in ours[len(theirs) :] for value in row)


def test_record_and_findings_of_different_checks_are_refused(tmp_path: Path) -> None:
    target = write(write_findings_workbook, tmp_path / "allotments.xlsx", THREE)
    findings = tmp_path / "allotments.parquet"
    for record in (record_of(THREE[:2]), record_of([plot(2), plot(3), plot(4), plot(5)])):
        with pytest.raises(ValueError, match="not the findings of this check"):
            write_findings_workbook(target, record, findings, EXPLANATIONS, ALLOTMENTS)


def test_the_words_of_every_check_that_nfi_makes_fit(tmp_path: Path) -> None:
    explanations = check_descriptions()
    findings: list[Finding] = [(code, "note", 2, None, "x", None) for code in explanations]
    book = written(tmp_path, findings, explanations=explanations, limits={"most_sheets": len(findings)})
    for number, code in enumerate(sorted(explanations), start=1):
        sheet = book[f"{number} {code}"[:31]]
        assert explanations[code].guidance in text_of(sheet)
        assert table_of(sheet) == [(2, "(whole record)", "x", explanations[code].message)]


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (
        write(write_findings_workbook, tmp_path / f"{name}.xlsx", THREE, **EVERYTHING).read_bytes()
        for name in ("one", "two")
    )
    assert one == two


def test_the_workbook_shows_what_the_golden_file_says(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, records=write_records(tmp_path), **EVERYTHING)
    shown = {
        sheet.title: [
            {cell.coordinate: as_shown(cell) for cell in row if cell.value is not None}
            for row in sheet.iter_rows()
            if any(cell.value is not None for cell in row)
        ]
        for sheet in book
    }
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert shown == json.loads(GOLDEN.read_text(encoding="utf-8"))


def as_shown(cell: Any) -> str:
    """A cell's value, format and link in one line."""
    number = "" if cell.data_type == "s" else f" as {cell.number_format}"
    return f"{cell.value!r}{number}{f' -> {cell.hyperlink.location}' if cell.hyperlink else ''}"


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(EXPLANATIONS)), st.sampled_from(["Plot", "Rent", None]), st.text()),
        max_size=30,
    ),
    st.integers(1, 12),
    st.integers(1, 4),
)
@settings(max_examples=examples(10), deadline=None)
def test_listed_and_left_out_always_add_up(
    drawn: list[tuple[str, str | None, str]], rows_each: int, most_sheets: int
) -> None:
    findings: list[Finding] = [
        (code, "error", row, field, value, None) for row, (code, field, value) in enumerate(drawn, start=2)
    ]
    with tempfile.TemporaryDirectory() as folder:
        limits = {"rows_each": rows_each, "most_sheets": most_sheets}
        book = written(Path(folder), findings, limits=limits)
        record = record_of(findings)
        counts = [row[3] for row in under(book["Summary"], "Problem")] if findings else []
        assert sum(counts) == record.count(Severity.ERROR)
        assert len(book.sheetnames) == 1 + min(len(counts), most_sheets)
        for count, sheet in zip(counts, book.worksheets[1:], strict=False):
            rows = table_of(sheet)
            more = [row for row in rows if isinstance(row[0], str)]
            listed = len(rows) - len(more)
            assert listed == min(count, rows_each)
            assert listed + (int(more[0][0].split()[1]) if more else 0) == count


def test_each_finding_shows_what_its_record_is_called_in_the_source_system(tmp_path: Path) -> None:
    book = written(tmp_path, [*THREE, plot(199)], records=write_records(tmp_path))
    assert "Plot" in text_of(book["1 plot_number Plot"])
    assert [row[:3] for row in table_of(book["1 plot_number Plot"])] == [
        (2, "0002", "Plot"),
        (199, "0199", "Plot"),
    ]


def test_the_summary_says_what_sums_and_dates_come_to(tmp_path: Path) -> None:
    totals = (FieldTotals(field="Let since", values=299, first="1950-03", last="2008-05"),)
    text = text_of(written(tmp_path, THREE, totals=totals)["Summary"])
    assert "Let since: March 1950 to May 2008, in 299 records" in text
