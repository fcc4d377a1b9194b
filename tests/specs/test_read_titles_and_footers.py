"""What stands above the headings and below the records. Every value is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.read import Extract, ReadingOptions, open_extract
from tests import reading
from tests.examples import examples
from tests.reading import records

HEADINGS = "Reference,Name,Date,Town,Amount\n"
RECORDS = "A1,Ann Example,01/04/2026,Leeds,12.50\nA2,Bo Example,02/04/2026,York,7.00\n"


def saved(folder: Path, text: str) -> Path:
    path = folder / "extract.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def opened(folder: Path, text: str, **options: Any) -> Extract:
    return open_extract(saved(folder, text), ReadingOptions(**options))


def refusal(folder: Path, text: str, **options: Any) -> str:
    return reading.refusal(saved(folder, text), ReadingOptions(**options))


@pytest.mark.parametrize(
    ("above", "heading_row", "titles"),
    [
        pytest.param("", 1, [], id="nothing"),
        pytest.param("Payments over £500\n", 2, [(1, "Payments over £500")], id="title alone on its line"),
        pytest.param("Payments,,,,\n,,,,\n", 3, [(1, "Payments")], id="title of a spreadsheet"),
        pytest.param(
            'Anytown Council\n\n"Payments, April 2026",,,,\n\n',
            5,
            [(1, "Anytown Council"), (3, "Payments, April 2026")],
            id="titles and blank lines",
        ),
        pytest.param(
            "Report:,Payments\nRun date:,01/04/2026\nBy:,Finance\n",
            4,
            [(1, "Report: Payments"), (2, "Run date: 01/04/2026"), (3, "By: Finance")],
            id="labels and values",
        ),
        pytest.param("HDR,20260401\n", 2, [(1, "HDR 20260401")], id="header record of an interface"),
        pytest.param(",,Payee,,\n", 2, [(1, "Payee")], id="merged heading above the headings"),
        pytest.param('"A title\nover two lines"\n', 2, [(1, "A title over two lines")], id="line break"),
    ],
)
def test_headings_are_found_below_titles(
    tmp_path: Path, above: str, heading_row: int, titles: list[tuple[int, str]]
) -> None:
    extract = opened(tmp_path, above + HEADINGS + RECORDS)
    assert extract.headings == ("Reference", "Name", "Date", "Town", "Amount")
    assert extract.heading_row == heading_row
    assert [(title.row, title.text) for title in extract.titles] == titles
    assert [row[:2] for row in records(extract)] == [(heading_row + 1, "A1"), (heading_row + 2, "A2")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_headings_are_found_whatever_the_line_ends_and_the_encoding(
    tmp_path: Path, line_end: str, encoding: str
) -> None:
    path = tmp_path / "extract.csv"
    text = ("Zahlungen über £500\n\n" + HEADINGS + RECORDS).replace("\n", line_end)
    path.write_bytes(text.encode(encoding))
    extract = open_extract(path)
    assert extract.heading_row == 3
    assert records(extract)[1] == (5, "A2", "Bo Example", "02/04/2026", "York", "7.00")


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        pytest.param(",name,town\n0,Ann,Leeds\n1,Bo,York\n", "(no heading: column A)", id="index column"),
        pytest.param("1,2,3\n4,5,6\n", "1", id="numbers as headings"),
        pytest.param("a\nb\nc\n", "a", id="one column"),
        pytest.param("Name,Town\nAnn,Leeds\n", "Name", id="two columns of words"),
        pytest.param("Name,Town,Note\nAnn,Leeds,\nBo,York,\n", "Name", id="blank column"),
        pytest.param("Name,\nAnn,Leeds\nBo,York\n", "Name", id="headings that are incomplete"),
        pytest.param("Name,Code,Sum\n,,\n,,1\nAnn,X,2\n", "Name", id="bare rows below the headings"),
    ],
)
def test_a_first_row_of_headings_stays_the_row_of_headings(tmp_path: Path, text: str, headings: str) -> None:
    extract = opened(tmp_path, text)
    assert (extract.heading_row, extract.headings[0], extract.titles) == (1, headings, ())


def test_a_record_above_the_headings_is_not_passed_over(tmp_path: Path) -> None:
    said = refusal(tmp_path, "A0,Cy Example,31/03/2026,Hull,1.00\n" + HEADINGS + RECORDS)
    assert "row 1 holds a date or a sum" in said
    assert "--heading-row" in said


def test_the_row_of_headings_can_be_named(tmp_path: Path) -> None:
    extract = opened(tmp_path, "x,y,z\nName,Town,Sum\nAnn,Leeds,1\n", heading_row=2)
    assert extract.headings == ("Name", "Town", "Sum")
    assert [title.text for title in extract.titles] == ["x y z"]
    assert records(extract) == [(3, "Ann", "Leeds", "1")]


def test_a_title_above_words_alone_is_not_guessed_at(tmp_path: Path) -> None:
    """The second row could as well be a record below headings of which two are missing."""
    text = "Staff\nName,Town,Post\nAnn,Leeds,Clerk\nBo,York,Driver\n"
    assert "name the row that holds them with --heading-row" in refusal(tmp_path, text)
    assert opened(tmp_path, text, heading_row=2).headings == ("Name", "Town", "Post")


@pytest.mark.parametrize("row", [2, 999])
def test_a_row_that_is_blank_or_far_down_cannot_be_the_headings(tmp_path: Path, row: int) -> None:
    said = refusal(tmp_path, "a,b\n\n1,2\n", heading_row=row)
    assert f"row {row} cannot be the row of headings" in said


def test_the_delimiter_is_detected_below_titles_that_hold_others(tmp_path: Path) -> None:
    text = "Anytown, Council; Payments, April, 2026, all, of, them\n" + (HEADINGS + RECORDS).replace(",", "|")
    assert len(opened(tmp_path, text).headings) == 5


@pytest.mark.parametrize(
    ("below", "footers"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("Total,,,,19.50\n", [(4, "Total 19.50", None)], id="total"),
        pytest.param(",,,GRAND TOTAL:,19.50\n", [(4, "GRAND TOTAL: 19.50", None)], id="total further right"),
        pytest.param("\n,,,,19.50\n", [(5, "19.50", None)], id="bare sum under a blank row"),
        pytest.param("End of report\n", [(4, "End of report", None)], id="end of report"),
        pytest.param("*** END OF FILE ***", [(4, "*** END OF FILE ***", None)], id="ornaments"),
        pytest.param('"Records: 1,234"\n', [(4, "Records: 1,234", 1234)], id="number of records"),
        pytest.param("Number of records,2\n", [(4, "Number of records 2", 2)], id="number beside it"),
        pytest.param("Record count:,,,,2\n", [(4, "Record count: 2", 2)], id="number further right"),
        pytest.param('"*** 1,204 rows ***"\n', [(4, "*** 1,204 rows ***", 1204)], id="rows in stars"),
        pytest.param("(2 rows affected)\n", [(4, "(2 rows affected)", 2)], id="SQL Server"),
        pytest.param("2 rows selected.\n", [(4, "2 rows selected.", 2)], id="Oracle"),
        pytest.param("(2 row(s) affected)\n", [(4, "(2 row(s) affected)", 2)], id="older SQL Server"),
        pytest.param("TRAILER,000002\n", [(4, "TRAILER 000002", 2)], id="trailer"),
        pytest.param(
            "TRL,20260430,000002,1950\n", [(4, "TRL 20260430 000002 1950", 2)], id="several numbers"
        ),
        pytest.param("TRL,000007,1950\n", [(4, "TRL 000007 1950", None)], id="no telling which number"),
        pytest.param("TRAILER,000003\n", [(4, "TRAILER 000003", 3)], id="trailer that disagrees"),
        pytest.param(
            "-----,-----\nTotal,,,,19.50\n", [(4, "----- -----", None), (5, "Total 19.50", None)], id="ruled"
        ),
        pytest.param(
            "\nTotal,,,,19.50\n\nRecords:,2\nEnd of report\n\n",
            [(5, "Total 19.50", None), (7, "Records: 2", 2), (8, "End of report", None)],
            id="all of it with blank rows",
        ),
        pytest.param(
            "Printed on 30/04/2026 14:02\n", [(4, "Printed on 30/04/2026 14:02", None)], id="printed"
        ),
        pytest.param("Page 1 of 1,,,,\n", [(4, "Page 1 of 1", None)], id="page"),
    ],
)
def test_footers_are_left_out_and_told(
    tmp_path: Path, below: str, footers: list[tuple[int, str, int | None]]
) -> None:
    extract = opened(tmp_path, HEADINGS + RECORDS + below)
    assert [row[1] for row in records(extract)] == ["A1", "A2"]
    assert [(footer.row, footer.text, footer.count) for footer in extract.footers] == footers


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("A3,Total,,,9.00", id="a company called Total"),
        pytest.param("A3,Total Gas & Power Ltd,03/04/2026,Hull,9.00", id="a company with Total in its name"),
        pytest.param("A3,End of the Line Records,03/04/2026,Hull,9.00", id="a shop"),
        pytest.param("A3,,,,", id="a record of which only the reference is known"),
        pytest.param(",Cy Example,,,", id="a record of which only the name is known"),
        pytest.param(",,,Hull,9.00", id="two values without words that say so"),
        pytest.param("Totally Local CIC,,,,", id="a word that begins with Total"),
        pytest.param("A3,Cy Example,,,Records", id="a word that could be a heading"),
        pytest.param("1234567,,,,", id="a number in the first column alone"),
        pytest.param("A3,Total,,,", id="a company called Total of which little is known"),
        pytest.param(",,,9,", id="a number under words"),
    ],
)
def test_what_may_be_a_record_stays_a_record(tmp_path: Path, last: str) -> None:
    extract = opened(tmp_path, HEADINGS + RECORDS + last + "\n")
    assert len(records(extract)) == 3
    assert extract.footers == ()


def test_totals_between_records_stay_records(tmp_path: Path) -> None:
    extract = opened(tmp_path, HEADINGS + "Total,,,,1.00\n" + RECORDS)
    assert len(records(extract)) == 3
    assert extract.footers == ()


def test_a_total_in_a_narrow_table_stays_a_record_which_the_check_warns_of(tmp_path: Path) -> None:
    extract = opened(tmp_path, "Name,Amount\nAnn,1.00\nTotal,1.00\n")
    assert [row[1] for row in records(extract)] == ["Ann", "Total"]


def test_the_mark_of_a_trailer_counts_where_all_records_have_another_mark(tmp_path: Path) -> None:
    text = "Type|Ref|Name|Sum\nD|1|Ann|1.00\nD|2|Bo|2.00\nT|2\n"
    extract = opened(tmp_path, text)
    assert len(records(extract)) == 2
    assert [footer.count for footer in extract.footers] == [2]
    said = refusal(tmp_path, text.replace("D|2", "E|2"))
    assert "The last row ends early" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            HEADINGS + RECORDS + "A3,Cy Exa",
            "1 row with 2 columns where the headings have 5: row 4. The last row ends early: the file may be",
            id="the last row ends early",
        ),
        pytest.param(HEADINGS + RECORDS + "A3", "The last row ends early", id="in its first value"),
        pytest.param(
            HEADINGS + "A3,Cy\n" + RECORDS,
            "Probably a line break inside a value",
            id="an earlier row ends early",
        ),
        pytest.param(
            HEADINGS + "A3,Cy\n" + RECORDS + "End of report\n",
            "1 row with 2 columns where the headings have 5: row 2.",
            id="an earlier row, and a footer",
        ),
        pytest.param(
            HEADINGS + RECORDS + "End of report\nA3,Cy\n",
            "2 rows with 1 to 2 columns",
            id="a footer with something below it",
        ),
    ],
)
def test_rows_that_end_early_are_no_footers(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_footers_are_known_once_all_is_read_and_anew_each_time(tmp_path: Path) -> None:
    extract = opened(tmp_path, HEADINGS + RECORDS * 30_000 + "Total,,,,1.00\n")
    assert not extract.footers
    for _ in range(2):
        assert sum(batch.num_rows for batch in extract.batches()) == 60_000
        assert [footer.row for footer in extract.footers] == [60_002]


def test_a_file_of_headings_and_a_footer_has_no_records(tmp_path: Path) -> None:
    assert "holds headings but no records" in refusal(tmp_path, HEADINGS + "\nEnd of report\n")


def test_titles_and_footers_of_a_workbook_are_told_with_the_rows_of_the_sheet(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in ("Payments\n\n" + HEADINGS + RECORDS + "\nTotal,,,,19.50\n2 records\n").splitlines():
        sheet.append([cell or None for cell in line.split(",")])
    workbook.save(tmp_path / "extract.xlsx")
    extract = open_extract(tmp_path / "extract.xlsx")
    assert extract.heading_row == 3
    assert [(title.row, title.text) for title in extract.titles] == [(1, "Payments")]
    assert [row[0] for row in records(extract)] == [4, 5]
    assert [(each.row, each.text, each.count) for each in extract.footers] == [
        (7, "Total 19.50", None),
        (8, "2 records", 2),
    ]
    named = open_extract(tmp_path / "extract.xlsx", ReadingOptions(heading_row=4))
    assert named.headings[0] == "A1"


CELLS = st.one_of(
    st.sampled_from(
        ["", "Total", "12.50", "Records: 2", "End of report", "TRAILER", "2", "---", "Ann", "Leeds"]
    ),
    st.text("abc 12.,|", max_size=6),
)


@settings(deadline=None, max_examples=examples(100))
@given(rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_no_row_is_lost_without_being_told(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """Records, footers and blank rows are all the rows there are, in their order."""
    lines = ['"' + '","'.join(row) + '"' for row in rows]
    extract = opened(
        tmp_path_factory.getbasetemp(),
        HEADINGS + RECORDS + "".join(f"{line}\n" for line in lines),
        heading_row=1,
    )
    kept = [row[0] for row in records(extract)]
    blank = [number for number, row in enumerate(rows, start=4) if not "".join(row).strip()]
    left_out = [footer.row for footer in extract.footers]
    assert sorted([*kept, *left_out, *blank]) == list(range(2, len(rows) + 4))
    assert not left_out or min(left_out) > max(kept)
    assert extract.blank_rows == len(blank)
