"""`nfi read` as a person meets it. Every value is invented."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.typed import Nfi

NAME = "Zebedee Example"
LEDGER = (
    "Payments over £500\n\n"
    "Reference,Supplier,Note,Paid,Sum\n"
    f"100001,{NAME},,01/04/2026,1250.00\n"
    "100002,Anytown Paper,,02/04/2026,700.00\n"
    "\nTotal,,,,1950.00\nRecords: 3\n"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER, encoding="cp1252")
    return path


def test_what_was_recognised_is_told_in_words(nfi: Nfi, ledger: Path) -> None:
    outcome = nfi("read", ledger)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[:7] == [
        "ledger.csv: comma-separated, Windows-1252",
        "2 records, 5 columns, 1 blank row left out",
        "Headings: row 3",
        "  Passed over above them: row 1, 'Payments over £500'",
        "Left out below the records: row 7, 'Total 1950.00'",
        "Left out below the records: row 8, 'Records: 3' (claims 3 records, but 2 were read)",
        "Blank in every record: Note",
    ]


def test_the_first_records_are_shown_masked(nfi: Nfi, ledger: Path) -> None:
    out = nfi("read", ledger).out
    assert "10***1" in out
    assert "100001" not in out
    assert NAME not in out
    assert NAME not in nfi("read", ledger, "--json").out


def test_many_columns_are_printed_one_below_the_other(nfi: Nfi, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    headings = [f"Heading {number}" for number in range(9)]
    path.write_text("\n".join([",".join(headings), *[",".join(["value 12345"] * 9)] * 7]) + "\n")
    lines = nfi("read", path).out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines[-9:]] == headings
    assert lines[-10].split() == ["heading", "row", "2", "row", "3", "row", "4", "row", "5", "row", "6"]


def test_json_is_for_other_programs(nfi: Nfi, ledger: Path) -> None:
    said = json.loads(nfi("read", ledger, "--json").out)
    assert said["json_version"] == 1
    assert said["headings"] == ["Reference", "Supplier", "Note", "Paid", "Sum"]
    assert said["titles"] == [{"row": 1, "text": "Payments over £500"}]
    assert said["footers"][1] == {"row": 8, "text": "Records: 3", "count": 3}
    assert (said["records"], said["blank_rows"], said["heading_row"]) == (2, 1, 3)
    assert said["format"]["encoding"] == "Windows-1252"
    assert [record["row"] for record in said["first_records"]] == [4, 5]


def test_sheets_that_are_not_read_are_told_with_their_size(nfi: Nfi, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "April"
    for row in (["a", "b"], [1, 2]):
        sheet.append(row)
    hidden = workbook.create_sheet("Codes")
    hidden.append(["x", None, "y"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Empty")
    workbook.save(tmp_path / "extract.xlsx")
    out = nfi("read", tmp_path / "extract.xlsx").out
    assert "workbook, sheet 'April' (1 of 3 sheets" in out
    assert "Sheets that are not read: 'Codes' (1 row, 3 columns, hidden); 'Empty' (empty)" in out
    refused = nfi("read", tmp_path / "extract.xlsx", "--sheet", "Empty")
    assert (refused.code, refused.out) == (3, "")
    assert "sheet 'Empty' is empty" in refused.err


def test_options_stand_in_for_what_is_detected(nfi: Nfi, tmp_path: Path) -> None:
    content = "x^y^z\nName^Town^'Sum'\nAnn^Leeds^'1^000'\n".encode("cp850")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("a.txt", content)
        package.writestr("b.txt", b"nothing")
    outcome = nfi(
        *("read", tmp_path / "a.zip", "--member", "a.txt", "--delimiter", "^", "--quote", "single"),
        *("--heading-row", 2, "--encoding", "cp850", "--json"),
    )
    said = json.loads(outcome.out)
    assert said["headings"] == ["Name", "Town", "Sum"]
    assert said["description"] == (
        "'^'-separated, values in inverted commas, cp850, file 'a.txt' in a ZIP archive"
    )


def test_standard_input_is_read(nfi: Nfi, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(LEDGER.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", piped)
    assert nfi("read", "-").out.startswith("standard input: comma-separated, UTF-8\n2 records")


FIXED = "".join(
    f"{reference} {name:<12} {amount:>9}  x\n"
    for reference, name, amount in [
        ("000123", "Ann Ex", "1.00"),
        ("000124", "Bo", "2.00"),
        ("000125", "C D", "3.00"),
    ]
)


def test_a_layout_is_written_corrected_and_used(nfi: Nfi, tmp_path: Path) -> None:
    text, layout = tmp_path / "pay.txt", tmp_path / "layout.yaml"
    text.write_text(FIXED)
    refused = nfi("read", text)
    assert refused.code == 3
    assert "looks like fixed width" in refused.err

    written = nfi("read", text, "--write-layout", layout)
    assert written.code == 0
    assert "Column 4" in written.out
    assert "--layout" in written.err

    again = nfi("read", text, "--write-layout", layout)
    assert again.code == 3
    assert "is there already" in again.err

    layout.write_text(
        "columns:\n- {heading: Reference, start: 1, width: 6}\n- {heading: Sum, start: 21, width: 9}\n"
    )
    out = nfi("read", text, "--layout", layout).out
    assert "fixed width (32 characters, layout layout.yaml)" in out
    assert "Headings: not in the file" in out
    assert "Not read: characters 7 to 20, which belong to no column of the layout" in out


def test_a_file_that_cannot_be_read_ends_in_one_line(nfi: Nfi, tmp_path: Path) -> None:
    outcome = nfi("read", tmp_path / "none.csv")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.count("\n") == 1


def test_a_layout_of_a_workbook_is_refused(nfi: Nfi, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.save(tmp_path / "extract.xlsx")
    outcome = nfi("read", tmp_path / "extract.xlsx", "--write-layout", tmp_path / "layout.yaml")
    assert (outcome.code, (tmp_path / "layout.yaml").exists()) == (3, False)
    assert "is no text" in outcome.err


def test_the_page_on_reading_shows_what_is_really_said(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ledger.csv").write_text(
        "Anytown Council,,,,\nPayments over £500 - April 2026,,,,\n\n"
        "Reference,Supplier,Invoice date,Note,Amount\n100001,Zebedee Paper Ltd,01/04/2026,,1250.00\n"
        '100002,"Mill, Weir & Sons",02/04/2026,,700.00\n100003,Anytown Taxis,02/04/2026,,655.40\n'
        "\nTotal,,,,2605.40\nRecords: 3,,,,\n",
        encoding="utf-8",
    )
    Path("payments.txt").write_text(
        "000123 Zebedee Paper       1250.00 20260401\n000124 Mill, Weir & Sons    700.00 20260402\n"
        "000125 Anytown Taxis        655.40 20260402\nTRAILER 000003\n"
    )
    page = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")
    (layout,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    Path("layout.yaml").write_text(layout)
    shown = [block.split() for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL)]
    said = [
        nfi("read", "ledger.csv").out,
        nfi("read", "payments.txt").err,
        nfi("read", "payments.txt", "--layout", "layout.yaml").out,
    ]
    assert [each.split() for each in said] == shown


def test_what_was_passed_over_and_what_was_padded_is_told(nfi: Nfi, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["Staff in post"])
    staff = book.create_sheet("Staff")
    for row in (["Name", "Post"], ["Ann", "Clerk"]):
        staff.append(row)
    book.save(tmp_path / "staff.xlsx")
    said = " ".join(nfi("read", tmp_path / "staff.xlsx").out.split())
    assert "Passed over, since no table was found there: 'Notes'. Choose another sheet with --sheet" in said

    text, layout = tmp_path / "staff.txt", tmp_path / "layout.yaml"
    text.write_text("0001Clerk\n0002Head\n0003\n")
    layout.write_text("columns: [{heading: No, start: 1, width: 4}, {heading: Post, start: 5, width: 5}]\n")
    said = " ".join(nfi("read", text, "--layout", layout).out.split())
    assert "Shorter than the layout, read as if blanks stood at the end: 2 rows of 3" in said
    assert json.loads(nfi("read", text, "--layout", layout, "--json").out)["padded_rows"] == 2
