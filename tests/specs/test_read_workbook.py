"""Reading workbooks. Every file here is made in the test, and every value is invented."""

from __future__ import annotations

import datetime
import hashlib
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from specs.errors import ExtractUnreadable
from specs.formats import workbook_package, zip_parts
from specs.formats.cell_text import cell_text
from specs.formats.source import source_of
from specs.read import Extract, ReadingOptions, open_extract

SHEET = "xl/worksheets/sheet1.xml"


def a_workbook() -> tuple[Workbook, Worksheet]:
    workbook = Workbook()
    assert isinstance(workbook.active, Worksheet)
    return workbook, workbook.active


def saved(folder: Path, *rows: list[object], name: str = "extract.xlsx") -> Path:
    workbook, sheet = a_workbook()
    for row in rows:
        sheet.append(row)
    workbook.save(folder / name)
    return folder / name


def records(extract: Extract) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in extract.batches() for row in batch.to_pylist()]


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(ExtractUnreadable) as caught:
        list(open_extract(path, ReadingOptions(**options)).batches())
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


def with_parts(path: Path, parts: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """The same workbook with some parts replaced or added."""
    with zipfile.ZipFile(path) as package:
        content = {name: package.read(name) for name in package.namelist()} | parts
    with zipfile.ZipFile(path, "w", compression) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return path


def with_sheet_data(path: Path, xml: bytes) -> Path:
    """The same workbook with more rows, written as XML, below the others."""
    with zipfile.ZipFile(path) as package:
        sheet = package.read(SHEET)
    return with_parts(path, {SHEET: sheet.replace(b"</sheetData>", xml + b"</sheetData>")})


def test_cells_come_as_text_with_the_rows_of_the_sheet(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        ["Reference", "Paid", "Sum", "Current"],
        ["00123", datetime.date(2024, 3, 31), 39600, True],
        [None, None, None, None],
        [" A1 ", datetime.datetime(2024, 3, 31, 13, 45), 36.6 * 3, False],
        [17, "31/03/2024", -0.07, None],
    )
    extract = open_extract(path)
    assert records(extract) == [
        (2, "00123", "2024-03-31", "39600", "TRUE"),
        (4, " A1 ", "2024-03-31 13:45:00", "109.8", "FALSE"),
        (5, "17", "31/03/2024", "-0.07", ""),
    ]
    assert extract.blank_rows == 1
    assert extract.format.describe() == "workbook, sheet 'Sheet'"
    assert extract.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert extract.bytes == path.stat().st_size


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(39.599999999999994, "39.6", id="dust of binary fractions"),
        pytest.param(1234567890123.0, "1234567890123", id="whole number"),
        pytest.param(-0.0, "0", id="minus nought"),
        pytest.param(1e-7, "0.0000001", id="small"),
        pytest.param(1e22, "1" + "0" * 22, id="large"),
        pytest.param(0.1 + 0.2, "0.3", id="a sum"),
        pytest.param(float("inf"), "inf", id="no number"),
        pytest.param(datetime.datetime(2024, 3, 31), "2024-03-31", id="midnight"),
        pytest.param(
            datetime.datetime(2024, 3, 30, 23, 59, 59, 999_999), "2024-03-31", id="midnight, nearly"
        ),
        pytest.param(datetime.datetime.max, "9999-12-31 23:59:59", id="last moment"),
        pytest.param(datetime.time(9, 5), "09:05", id="time"),
        pytest.param(datetime.time(9, 5, 7), "09:05:07", id="time with seconds"),
        pytest.param(datetime.timedelta(hours=37, minutes=30), "37:30", id="hours of a week"),
        pytest.param(-datetime.timedelta(minutes=90, seconds=5), "-01:30:05", id="negative duration"),
    ],
)
def test_a_cell_is_spelt_as_a_person_sees_it(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_data_may_begin_anywhere_on_the_sheet(tmp_path: Path) -> None:
    workbook, sheet = a_workbook()
    for place, value in {"C4": "a", "D4": "b", "E6": "late", "C5": 1, "D5": 2, "C6": 3}.items():
        sheet[place].value = value
    workbook.save(tmp_path / "extract.xlsx")
    extract = open_extract(tmp_path / "extract.xlsx")
    assert extract.headings == ("a", "b", "(no heading: column E)")
    assert records(extract) == [(5, "1", "2", ""), (6, "3", "", "late")]


def three_sheets(folder: Path) -> Path:
    workbook, notes = a_workbook()
    notes.title = "Notes"
    hidden = workbook.create_sheet("Codes", 0)
    hidden.append(["code", "meaning"])
    hidden.append(["1", "one"])
    hidden.sheet_state = "hidden"
    for name in ("April", "May"):
        sheet = workbook.create_sheet(name)
        sheet.append(["a", "b"])
        sheet.append([name, 1])
    workbook.save(folder / "extract.xlsx")
    return folder / "extract.xlsx"


def test_the_first_visible_sheet_that_holds_something_is_read_and_named(tmp_path: Path) -> None:
    extract = open_extract(three_sheets(tmp_path))
    assert records(extract) == [(2, "April", "1")]
    assert extract.format.describe() == "workbook, sheet 'April' (1 of 4 sheets; the others are not read)"


@pytest.mark.parametrize(("sheet", "first"), [("May", "May"), ("Codes", "1")])
def test_another_sheet_can_be_asked_for(tmp_path: Path, sheet: str, first: str) -> None:
    assert records(open_extract(three_sheets(tmp_path), ReadingOptions(sheet=sheet)))[0][1] == first


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"sheet": "april"},
            "no sheet is called 'april'; did you mean 'April'? Sheets: 'Codes', 'Notes', 'April', 'May'",
        ),
        ({"sheet": "Notes"}, "sheet 'Notes' is empty"),
        ({"encoding": "utf-8"}, "--encoding does not apply"),
        ({"delimiter": ","}, "--delimiter does not apply"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, options: dict[str, str], said: str) -> None:
    assert said in refusal(three_sheets(tmp_path), **options)


def test_a_workbook_is_recognised_whatever_its_name(tmp_path: Path) -> None:
    path = saved(tmp_path, ["a", "b"], [1, 2], name="extract.csv")
    assert records(open_extract(path)) == [(2, "1", "2")]


def test_cells_that_hold_an_error_are_not_read_as_blank(tmp_path: Path) -> None:
    path = saved(tmp_path, ["Reference", "Sum", "Note"], ["A1", 1, "x"])
    rows = (
        b'<row r="3"><c r="A3"><v>2</v></c><c r="B3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        b"<row r='4'><c r='A4' t='e'><v>#N/A</v></c><c r='C4'><v>7</v></c></row>"
    )
    extract = open_extract(with_sheet_data(path, rows))
    assert records(extract) == [(2, "A1", "1", "x"), (3, "2", "#DIV/0!", ""), (4, "#N/A", "", "7")]


def test_errors_on_another_sheet_stay_there(tmp_path: Path) -> None:
    workbook, sheet = a_workbook()
    sheet.append(["a", "b"])
    sheet.append(["#N/A", None])
    other = workbook.create_sheet("Other & more")
    other.append(["c", "d"])
    other.append([1, "#REF!"])
    workbook.save(tmp_path / "extract.xlsx")
    assert records(open_extract(tmp_path / "extract.xlsx")) == [(2, "#N/A", "")]
    assert records(open_extract(tmp_path / "extract.xlsx", ReadingOptions(sheet="Other & more"))) == [
        (2, "1", "#REF!")
    ]


def test_many_rows_come_in_several_batches_with_running_numbers(tmp_path: Path) -> None:
    path = saved(tmp_path, ["a", "b"], *([n, f"x{n}"] for n in range(20_000)))
    extract = open_extract(path)
    batches = list(extract.batches())
    assert len(batches) > 1
    assert [row for batch in batches for row in batch["source_row"].to_pylist()] == list(range(2, 20_002))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], "no sheet holds anything", id="nothing"),
        pytest.param([["a", "b"]], "headings but no records", id="headings only"),
        pytest.param([[" ", None], ["  "]], "holds blank cells only", id="blanks only"),
        pytest.param(
            [["a", "b", "a"], [1, 2, 3]], "the same heading more than once: 'a'", id="headings twice"
        ),
        pytest.param(
            [["Payments in April"], [1, 2, 3], [4, 5, 6]], "row 1 holds a title", id="title and no headings"
        ),
        pytest.param(
            [["A1", datetime.date(2024, 3, 31)], ["A2", 2]], "row 1 holds a date or a sum", id="no headings"
        ),
    ],
)
def test_a_sheet_without_headings_or_records_is_refused(
    tmp_path: Path, rows: list[list[object]], said: str
) -> None:
    assert said in refusal(saved(tmp_path, *rows))


def archive(folder: Path, parts: dict[str, bytes], name: str = "extract.xlsx") -> Path:
    with zipfile.ZipFile(folder / name, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return folder / name


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        pytest.param(
            {"[Content_Types].xml": b"", "word/document.xml": b""}, "an office document", id="letter"
        ),
        pytest.param(
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""},
            "an office document",
            id="letter of LibreOffice",
        ),
        pytest.param({"xl/workbook.bin": b""}, "the workbook is damaged", id="empty .xlsb"),
        pytest.param(
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"},
            "the workbook is damaged",
            id="empty .ods",
        ),
        pytest.param({"xl/workbook.xml": b"<workbook/>"}, "the workbook is damaged", id="parts missing"),
    ],
)
def test_an_archive_that_is_no_workbook_is_refused(
    tmp_path: Path, parts: dict[str, bytes], said: str
) -> None:
    assert said in refusal(archive(tmp_path, parts))


def test_the_cells_of_a_workbook_with_macros_are_read_and_the_macros_left_alone(tmp_path: Path) -> None:
    path = with_parts(
        saved(tmp_path, ["a", "b"], [1, 2], name="extract.xlsm"), {"xl/vbaProject.bin": b"not even macros"}
    )
    assert records(open_extract(path)) == [(2, "1", "2")]


def test_an_archive_under_a_password_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, ["a", "b"], [1, 2])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the table of contents
    path.write_bytes(bytes(content))
    assert "under a password" in refusal(path)


@pytest.mark.parametrize("keep", [30, 400, -20], ids=["start only", "half a part", "end missing"])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = saved(tmp_path, ["a", "b"], [1, 2])
    path.write_bytes(path.read_bytes()[:keep])
    assert "damaged" in refusal(path)


def test_a_part_packed_in_an_unusual_way_is_refused(tmp_path: Path) -> None:
    path = with_parts(saved(tmp_path, ["a", "b"], [1, 2]), {}, compression=zipfile.ZIP_BZIP2)
    assert "damaged" in refusal(path)


def test_a_workbook_of_stored_parts_is_read(tmp_path: Path) -> None:
    path = with_parts(saved(tmp_path, ["a", "b"], [1, 2]), {}, compression=zipfile.ZIP_STORED)
    assert records(open_extract(path)) == [(2, "1", "2")]


def test_a_workbook_that_would_unpack_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_package, "MAX_UNPACKED", 1 << 20)
    path = with_parts(saved(tmp_path, ["a", "b"], [1, 2]), {"xl/media/blank": bytes(2 << 20)})
    assert "not safe to open" in refusal(path)


def test_a_workbook_packed_too_well_to_be_true_is_refused(tmp_path: Path) -> None:
    path = with_parts(saved(tmp_path, ["a", "b"], [1, 2]), {"xl/media/blank": bytes(zip_parts.SMALL + 1)})
    assert "not safe to open" in refusal(path)


@pytest.mark.parametrize("said_size", [10, 1 << 30], ids=["too small", "too large"])
def test_a_table_of_contents_that_tells_lies_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said_size: int
) -> None:
    monkeypatch.setattr(workbook_package, "MAX_UNPACKED", 1 << 40)
    monkeypatch.setattr(zip_parts, "SMALL", 1 << 40)
    path = with_parts(saved(tmp_path, ["a", "b"], [1, 2]), {"xl/blank.xml": bytes(8 << 20)})
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"xl/blank.xml") - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 24 : entry + 28] = struct.pack("<I", said_size)
    path.write_bytes(bytes(content))
    assert "not as large as its table of contents says" in refusal(path)


FAR_OUT = [
    pytest.param(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', id="the last cell of all"),
    pytest.param(b'<row r="4294967000"><c r="A4294967000"><v>1</v></c></row>', id="a row that no sheet has"),
    pytest.param(b'<row r="9"><c r="ZZZZZZ9"><v>1</v></c></row>', id="a column that no sheet has"),
    pytest.param(b"<row r='900000'><c r\t=\n'zz900000'><v>1</v></c></row>", id="spelt in another way"),
    pytest.param(
        b'<row r="900000"><c r="AF900000"><v>1</v></c>' + b"<c><v>1</v></c>" * 99 + b"</row>",
        id="cells without reference after one with",
    ),
    pytest.param(b'<row r="999999999"><c><v>1</v></c></row>', id="a far row of a cell without reference"),
    pytest.param(b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>', id="with a prefix"),
]


@pytest.mark.parametrize("xml", FAR_OUT)
def test_a_cell_far_out_does_not_make_a_sheet_of_billions_of_cells(tmp_path: Path, xml: bytes) -> None:
    path = with_sheet_data(saved(tmp_path, ["a", "b"], [1, 2]), xml)
    assert "Delete what stands far outside the data" in refusal(path)


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(b'<row r="1048576"><c r="XFD1048576" s="0"/></row>', id="formatted and empty"),
        pytest.param(b'<row r="1048576"><c r="B1048576"><v>1</v></c></row>', id="last row, few columns"),
        pytest.param(b'<row r="3"><c r="XFD3"><v>1</v></c></row>', id="last column, few rows"),
        pytest.param(b"<row><c><v>3</v></c><c><v>4</v></c></row>", id="cells without reference"),
    ],
)
def test_a_sheet_whose_cells_fit_into_memory_is_not_refused_for_its_shape(tmp_path: Path, xml: bytes) -> None:
    path = with_sheet_data(saved(tmp_path, ["a", "b"], [1, 2]), xml)
    workbook_package.inspect_package(source_of(path))


def test_a_cell_longer_than_excel_allows_is_refused(tmp_path: Path) -> None:
    xml = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>"
    path = with_sheet_data(saved(tmp_path, ["a", "b"], [1, 2]), xml)
    assert "row 3 has a cell longer than the 32,767 characters" in refusal(path)


def test_a_tag_without_end_is_refused(tmp_path: Path) -> None:
    path = with_sheet_data(saved(tmp_path, ["a", "b"], [1, 2]), b"<c " + b" " * (4 << 20) + b'r="A3"/>')
    assert "damaged" in refusal(path)


def test_duplicate_parts_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, ["a", "b"], [1, 2])
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content, "a") as package:
        package.writestr(SHEET.upper(), b"<worksheet/>")
    path.write_bytes(content.getvalue())
    assert "damaged" in refusal(path)


def a_book(folder: Path, **sheets: list[list[object]]) -> Path:
    workbook, first = a_workbook()
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.remove(first)
    workbook.save(folder / "extract.xlsx")
    return folder / "extract.xlsx"


STAFF: list[list[object]] = [["Name", "Post"], ["Ann", "Clerk"], ["Bo", None]]


@pytest.mark.parametrize(
    "notes",
    [
        pytest.param([["Staff in post, April"]], id="one cell"),
        pytest.param([["Staff in post"], ["as of April"], ["source: payroll"]], id="lines in one column"),
        pytest.param([["Name", "Post"]], id="headings only"),
    ],
)
def test_the_first_sheet_that_holds_a_table_is_read_and_told(
    tmp_path: Path, notes: list[list[object]]
) -> None:
    extract = open_extract(a_book(tmp_path, Notes=notes, Staff=STAFF))
    assert records(extract) == [(2, "Ann", "Clerk"), (3, "Bo", "")]
    assert extract.format.passed_over == ("Notes",)
    said = "sheet 'Staff' (1 of 2 sheets, the first that holds a table; the others are not read)"
    assert said in extract.format.describe()


def test_a_list_in_one_column_is_read_where_no_sheet_has_more(tmp_path: Path) -> None:
    extract = open_extract(a_book(tmp_path, Cover=[["Names"]], List=[["Name"], ["Ann"]]))
    assert (extract.format.sheet, extract.format.passed_over) == ("List", ("Cover",))


def test_a_sheet_without_records_is_named_and_so_are_those_that_hold_more(tmp_path: Path) -> None:
    path = a_book(tmp_path, Notes=[["Staff in post"]], Staff=STAFF, Empty=[])
    said = refusal(path, sheet="Notes")
    assert "Sheet 'Notes' was read; others: 'Staff' (3 rows). Choose with --sheet" in said
    said = refusal(a_book(tmp_path, Notes=[["Staff in post"]]))
    assert "Sheet 'Notes' was read. Check that the export ran to its end." in said
