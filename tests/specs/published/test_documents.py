"""Tables and lines out of documents of any kind, or one line saying why not."""

from __future__ import annotations

import contextlib
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from specs.published.documents import DocumentUnreadable, Table, read_document
from tests.specs.published.made_up import FIELDS, HEADINGS, csv, html, pdf
from tests.specs.test_read_other_workbooks import XLS

ROWS = (HEADINGS, *FIELDS)


def written(folder: Path, content: bytes, name: str = "specification.bin") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def packed(name: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param(pdf(ROWS), "page 1", id="PDF"),
        pytest.param(html(ROWS), "table", id="web page"),
        pytest.param(csv(ROWS), "file", id="CSV with a byte order mark"),
        pytest.param("\n".join("\t".join(row) for row in ROWS).encode(), "file", id="tab-separated"),
    ],
)
def test_the_table_of_a_document_comes_out_cell_by_cell(tmp_path: Path, content: bytes, place: str) -> None:
    document = read_document(written(tmp_path, content))
    assert document.tables == (Table(place, ROWS),)


def test_every_sheet_of_a_workbook_is_a_table_and_whole_numbers_have_no_point(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Cover"
    sheet["B2"] = "Payroll"
    fields = workbook.create_sheet("Fields")
    fields.append(["No", "Field name"])
    fields.append([1, "Surname"])
    workbook.save(tmp_path / "s.xlsx")
    tables = read_document(tmp_path / "s.xlsx").tables
    assert tables == (
        Table("sheet Cover", (("Payroll",),)),
        Table("sheet Fields", (("No", "Field name"), ("1", "Surname"))),
    )


def test_a_pdf_without_ruled_lines_still_gives_its_lines(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, pdf(ROWS, ruled=False)))
    assert document.tables == ()
    assert document.lines[1] == "1 Employee reference number Character Unique"


def test_text_in_an_older_encoding_is_read(tmp_path: Path) -> None:
    content = "No,Field name\n1,Caf\xe9 – £\n".encode("cp1252")
    assert read_document(written(tmp_path, content)).tables[0].rows[1] == ("1", "Café – £")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \r\n", "empty", id="blank"),
        pytest.param(b"\x00\x01\x02", "not a PDF", id="binary"),
        pytest.param(b"%PDF-1.7\n", "cannot be read as a PDF", id="PDF without content"),
        pytest.param(pdf(ROWS)[:400], "PDF", id="half a PDF"),
        pytest.param(pdf(()), "holds pictures of pages, no text", id="PDF without text"),
        pytest.param(b"PK\x03\x04 and so on", "the workbook is damaged", id="broken ZIP"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the workbook is damaged", id="broken XLS"),
        pytest.param(packed("list.csv"), "is an archive, no workbook", id="ZIP archive"),
        pytest.param(packed("[Content_Types].xml"), "is an office document, but no workbook", id="letter"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(DocumentUnreadable) as caught:
        read_document(written(tmp_path, content))
    assert says in str(caught.value)
    assert "specification.bin" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("XFD1048576", "has cells as far out as column XFD and row 1,048,576"),
        ("B600000", "reaches to row 600,000 and column B, further than any specification"),
    ],
)
def test_a_workbook_with_a_cell_far_out_is_refused_before_it_is_laid_out(
    tmp_path: Path, cell: str, says: str
) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["No", "Field name"])
    workbook.create_sheet("Far")[cell] = "x"
    workbook.save(tmp_path / "far.xlsx")
    with pytest.raises(DocumentUnreadable) as caught:
        read_document(tmp_path / "far.xlsx")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_workbook_of_another_kind_is_read_alike(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, XLS, "old.xls"))
    first, second = document.tables
    assert second == Table("sheet Codes", (("code", "meaning"), ("1", "one")))
    assert ("00123", "39600", "2024-03-31", "37:30") in first.rows


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentUnreadable, match=r"none\.pdf: No such file"):
        read_document(tmp_path / "none.pdf")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode),
    start=st.sampled_from([b"", b"<", b"%PDF-1.4\n", b"PK\x03\x04"]),
)
@example(content=b"<table><td rowspan=99999999999999999999>", start=b"")
@example(content=b'"' + b"x" * 200_000, start=b"")
def test_any_bytes_are_a_document_or_refused(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = written(tmp_path, start + content)
    with contextlib.suppress(DocumentUnreadable):
        tables = read_document(path).tables
        cells = [cell for table in tables for row in table.rows for cell in row]
        assert cells == [" ".join(cell.split()) for cell in cells]
