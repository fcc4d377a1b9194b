"""Reading extracts. Every file here is made in the test, and every value is invented."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from specs.errors import ExtractUnreadable
from specs.formats import delimited
from specs.read import Extract, ReadingOptions, open_extract

NAME = "Zebedee"
"""Stands for personal data: no message may hold it."""


def records(extract: Extract) -> list[tuple[object, ...]]:
    """Row number and values of every record."""
    return [tuple(row.values()) for batch in extract.batches() for row in batch.to_pylist()]


def saved(folder: Path, content: str | bytes, name: str = "extract.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refusal(path: Path, **options: Any) -> str:
    """The message with which an extract is refused, at once or while it is read."""
    with pytest.raises(ExtractUnreadable) as caught:
        list(open_extract(path, ReadingOptions(**options)).batches())
    message = str(caught.value)
    assert "\n" not in message
    assert NAME not in message
    assert path.name in message
    return message


READABLE = [
    pytest.param("a,b\n1,2\n", [(2, "1", "2")], id="plain"),
    pytest.param("a,b\n1,2", [(2, "1", "2")], id="no line break at the end"),
    pytest.param("a,b\r\n1,2\r\n", [(2, "1", "2")], id="line breaks of Windows"),
    pytest.param("a,b\r1,2\r3,4\r", [(2, "1", "2"), (3, "3", "4")], id="line breaks of old Macs"),
    pytest.param(
        'a,b\n"1\n2",3\n4,5\n', [(2, "1\n2", "3"), (3, "4", "5")], id="line break in quotes is one row"
    ),
    pytest.param('a,b\n"say ""yes""",2\n', [(2, 'say "yes"', "2")], id="doubled quotes"),
    pytest.param('a,b\n5" pipe,2\n', [(2, '5" pipe', "2")], id="a quote inside a value without quotes"),
    pytest.param(
        'a,b\n"two\nlines, 5"" pipe",2\n3,4\n',
        [(2, 'two\nlines, 5" pipe', "2"), (3, "3", "4")],
        id="line break and doubled quote in one value",
    ),
    pytest.param(
        "a,b\n\n1,2\n,\n \t, \n3,4\n\n\n", [(3, "1", "2"), (6, "3", "4")], id="blank rows keep their numbers"
    ),
    pytest.param(
        "a,b\n1,2\n,,,,\n   \n\u00a0\n3,4\n,,,\n",
        [(2, "1", "2"), (6, "3", "4")],
        id="blank rows of another width",
    ),
    pytest.param(
        'a,b\n1,2\n"","",""\n" "\n3,4\n',
        [(2, "1", "2"), (5, "3", "4")],
        id="blank rows of another width in quotes",
    ),
    pytest.param("\n,\na,b\n1,2\n", [(4, "1", "2")], id="blank rows above the headings"),
    pytest.param("a,b\n 1 ,  2\n", [(2, " 1 ", "  2")], id="surrounding blanks are kept"),
    pytest.param("a,b\n00123,010203\n", [(2, "00123", "010203")], id="leading zeros are kept"),
    pytest.param("a,b\nNULL,N/A\nNA,nan\n", [(2, "NULL", "N/A"), (3, "NA", "nan")], id="no word means null"),
    pytest.param("a,b\n1,\n,2\n", [(2, "1", ""), (3, "", "2")], id="empty is empty text"),
    pytest.param("a,b\n1,2\n\x1a", [(2, "1", "2")], id="end of file mark of DOS"),
    pytest.param("a\n1\n\n2\n", [(2, "1"), (4, "2")], id="one column"),
    pytest.param("source_row,b\n1,2\n", [(2, "1", "2")], id="a heading called source_row"),
]


@pytest.mark.parametrize(("text", "expected"), READABLE)
def test_text_comes_exactly_as_it_stands_with_the_row_that_a_spreadsheet_shows(
    tmp_path: Path, text: str, expected: list[tuple[object, ...]]
) -> None:
    extract = open_extract(saved(tmp_path, text))
    found: list[tuple[object, ...]] = []
    for batch in extract.batches():
        columns = [column.to_pylist() for column in batch.columns]
        found += zip(*columns, strict=True)
    assert found == expected


@pytest.mark.parametrize(("text", "expected"), READABLE)
def test_rows_and_blank_rows_add_up_to_the_rows_of_the_file(
    tmp_path: Path, text: str, expected: list[tuple[object, ...]]
) -> None:
    extract = open_extract(saved(tmp_path, text))
    count = sum(batch.num_rows for batch in extract.batches())
    rows = list(csv.reader(io.StringIO(text.removesuffix("\x1a"), newline="")))
    heading = next(index for index, row in enumerate(rows) if any(row))
    blank = sum(1 for row in rows[heading + 1 :] if not "".join(row).strip())
    assert (count, extract.blank_rows) == (len(expected), blank + text.endswith("\x1a"))


@pytest.mark.parametrize(
    ("delimiter", "title"),
    [(",", "comma"), ("|", "pipe"), ("\t", "tab"), ("~", "tilde"), (";", "semicolon")],
)
@pytest.mark.parametrize(
    ("encoding", "mark", "title_of_encoding"),
    [
        pytest.param("utf-8", b"", "UTF-8", id="UTF-8"),
        pytest.param("utf-8", b"\xef\xbb\xbf", "UTF-8 with byte order mark", id="UTF-8 with mark"),
        pytest.param("cp1252", b"", "Windows-1252", id="Windows-1252"),
        pytest.param("utf-16-le", b"\xff\xfe", "UTF-16 (little-endian) with byte order mark", id="UTF-16 LE"),
        pytest.param("utf-16-be", b"\xfe\xff", "UTF-16 (big-endian) with byte order mark", id="UTF-16 BE"),
        pytest.param("utf-16-le", b"", "UTF-16 (little-endian)", id="UTF-16 LE without mark"),
        pytest.param("utf-16-be", b"", "UTF-16 (big-endian)", id="UTF-16 BE without mark"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_delimiter_and_encoding_are_detected_and_shown(
    tmp_path: Path,
    delimiter: str,
    title: str,
    encoding: str,
    mark: bytes,
    title_of_encoding: str,
    packed: bool,
) -> None:
    text = delimiter.join(["Name", "Sum, net", "Note"]).replace("Sum, net", '"Sum, net"') + "\n"
    text += delimiter.join(['"Café, ""£5"""', "1.50", "x\u2019s"]) + "\n"
    content = mark + text.encode(encoding)
    path = saved(tmp_path, gzip.compress(content) if packed else content)
    extract = open_extract(path)
    assert extract.headings == ("Name", "Sum, net", "Note")
    assert extract.format.describe() == f"{title}-separated, {title_of_encoding}{', gzip' if packed else ''}"
    assert records(extract) == [(2, 'Café, "£5"', "1.50", "x\u2019s")]
    assert extract.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert extract.bytes == path.stat().st_size


def test_values_that_hold_another_delimiter_do_not_mislead_the_detection(tmp_path: Path) -> None:
    rows = "".join(f"Smith; Jones, {n}|{n},000.00|a, b, c\n" for n in range(50))
    extract = open_extract(saved(tmp_path, "Name, first|Sum, net|List, all\n" + rows))
    assert extract.headings == ("Name, first", "Sum, net", "List, all")


def test_an_accent_at_the_very_end_of_a_large_file_decides_its_encoding(tmp_path: Path) -> None:
    plain = "Name,Note\n" + "a,b\n" * 600_000
    extract = open_extract(saved(tmp_path, plain + "Café,z\n", encoding="cp1252"))
    assert extract.format.describe() == "comma-separated, Windows-1252"
    assert pa.Table.from_batches(list(extract.batches()))["Name"][-1].as_py() == "Café"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_characters_that_lie_across_the_parts_of_a_file_are_whole(tmp_path: Path, encoding: str) -> None:
    """A file is read in parts of a mebibyte; after one letter, every pair of bytes straddles their border."""
    value = "x" + "é" * 700_000 + "€"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    extract = open_extract(saved(tmp_path, mark + f"a,b\n{value},2\n".encode(encoding)))
    assert records(extract) == [(2, value, "2")]


def test_a_value_may_be_long_and_hold_line_breaks_and_quotes(tmp_path: Path) -> None:
    text = 'a,b\n"' + 'long "" and\n' * 30_000 + '",2\n'
    assert records(open_extract(saved(tmp_path, text))) == [(2, 'long " and\n' * 30_000, "2")]


@pytest.mark.parametrize("blanks", [" " * 200_000, "\t" * 200_000], ids=["spaces", "tabs"])
def test_a_long_row_of_blanks_is_a_blank_row(tmp_path: Path, blanks: str) -> None:
    extract = open_extract(saved(tmp_path, f"a,b\n1,2\n{blanks}\n3,4\n"))
    assert records(extract) == [(2, "1", "2"), (4, "3", "4")]
    assert extract.blank_rows == 1


def test_row_numbers_run_on_over_many_parts_blank_rows_and_line_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORD_BYTES", 4096)
    lines, expected, number = ["id,note"], [], 1
    for index in range(5_000):
        number += 1
        if index % 7 == 0:
            lines.append("" if index % 2 else ",,,")
        elif index % 11 == 0:
            lines.append(f'{index},"over\ntwo lines"')
            expected.append((number, str(index), "over\ntwo lines"))
        else:
            lines.append(f"{index},plain")
            expected.append((number, str(index), "plain"))
    extract = open_extract(saved(tmp_path, "\n".join(lines) + "\n"))
    assert records(extract) == expected
    assert extract.blank_rows == 5_000 - len(expected)


def test_an_extract_can_be_read_again_and_counts_anew(tmp_path: Path) -> None:
    extract = open_extract(saved(tmp_path, "a,b\n\n1,2\n"))
    assert records(extract) == records(extract)
    assert extract.blank_rows == 1


def test_reading_can_stop_half_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORD_BYTES", 4096)
    extract = open_extract(saved(tmp_path, "a,b\n" + "1,2\n" * 50_000))
    batches = extract.batches()
    assert next(batches).num_rows
    batches.close()


def test_headings_lose_surrounding_blanks_and_nothing_else(tmp_path: Path) -> None:
    extract = open_extract(saved(tmp_path, 'Expense Type ," Supplier\nName",AMOUNT\n1,2,3\n'))
    assert extract.headings == ("Expense Type", "Supplier\nName", "AMOUNT")


def test_columns_that_a_spreadsheet_left_over_are_passed_over(tmp_path: Path) -> None:
    extract = open_extract(saved(tmp_path, "a,b,,,\n1,2,,,\n3,4, ,,\n"))
    assert extract.headings == ("a", "b")
    assert records(extract) == [(2, "1", "2"), (3, "3", "4")]


def test_a_column_with_data_and_no_heading_is_named_by_its_letter(tmp_path: Path) -> None:
    extract = open_extract(saved(tmp_path, ",a,b\n0,1,2\n"))
    assert extract.headings == ("(no heading: column A)", "a", "b")


def test_data_that_turns_up_late_under_no_heading_is_not_lost_silently(tmp_path: Path) -> None:
    text = "a,b,\n" + "1,2,\n" * 500 + f"3,4,{NAME}\n"
    assert "row 502 holds data in column C, which has no heading" in refusal(saved(tmp_path, text))


def test_an_encoding_and_a_delimiter_can_be_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, "a^b\n£1^2\n", encoding="cp850")
    extract = open_extract(path, ReadingOptions(encoding="cp850", delimiter="^"))
    assert records(extract) == [(2, "£1", "2")]
    assert extract.format.describe() == "'^'-separated, cp850"


@pytest.mark.parametrize("delimiter", ["\t", "\\t", "tab", "Tab"])
def test_a_tab_can_be_asked_for_in_words(tmp_path: Path, delimiter: str) -> None:
    assert open_extract(saved(tmp_path, "a\tb,c\n1\t2\n"), ReadingOptions(delimiter=delimiter)).headings == (
        "a",
        "b,c",
    )


def test_ebcdic_is_read_when_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, "a,b\n1,2\n".encode("cp037"))
    assert records(open_extract(path, ReadingOptions(encoding="cp037"))) == [(2, "1", "2")]


def gzipped(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


BAD = [
    pytest.param(b"", "is empty", id="empty"),
    pytest.param(gzip.compress(b""), "is empty", id="empty inside gzip"),
    pytest.param(b"\xef\xbb\xbf", "blank rows only", id="byte order mark only"),
    pytest.param(b"\n\n,,\n", "blank rows only", id="blank rows only"),
    pytest.param(b"a,b\n", "headings but no records", id="headings only"),
    pytest.param(b"a,b\n\n,\n", "headings but no records", id="headings and blank rows"),
    pytest.param(b"%PDF-1.7\nrest", "a PDF document", id="PDF"),
    pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture", id="PNG"),
    pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture", id="JPEG"),
    pytest.param(b"7z\xbc\xaf\x27\x1c\0\x04", "7-Zip archive", id="7-Zip"),
    pytest.param(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the workbook is damaged", id="old workbook"
    ),
    pytest.param(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes((1 << 20) - 20) + "EncryptedPackage".encode("utf-16-le"),
        "under a password",
        id="workbook under a password",
    ),
    pytest.param(b"<!DOCTYPE html>\n<table><tr><td>a</td></tr></table>", "web page", id="HTML called CSV"),
    pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?>\n<a/>", "web page or XML", id="XML"),
    pytest.param(bytes(range(256)) * 40, "not text", id="all bytes"),
    pytest.param(b"a,b\n1,2\n" * 9000 + b"3,\x004\n", "NUL bytes", id="a NUL far down"),
    pytest.param(b"\xff\xfe\0\0a\0\0\0,\0\0\0", "NUL bytes", id="UTF-32"),
    pytest.param(
        b"\xff\xfea\0,\0b\0\n\0\x00\xd8", "line 2, byte 11 is not UTF-16", id="half a character in UTF-16"
    ),
    pytest.param(
        b"a,b\nx\x81,2\n\xe9,3\n",
        "neither UTF-8 (line 2) nor Windows-1252 (line 2, byte 6)",
        id="bytes that Windows-1252 does not have",
    ),
    pytest.param(b"\xef\xbb\xbfa,b\n\xe9,1\n", "line 2, byte 8 is not UTF-8", id="a mark that tells lies"),
    pytest.param(f"a,b,a,b\n{NAME},2,3,4\n".encode(), "more than once: 'a', 'b'", id="headings twice"),
    pytest.param(
        f"{NAME},3,31/12/1980,4\nx,3,31/12/1981,4\n".encode(), "row 1 holds a date or a sum", id="no headings"
    ),
    pytest.param(
        b"a,b\n" + f"{NAME},2,3\n4,5\n6,7,8,9\n".encode(),
        "2 rows with 3 to 4 columns where the headings have 2: rows 2, 4. Probably a comma inside a value",
        id="too many columns",
    ),
    pytest.param(
        f"a,b,c\n1,2,3\n{NAME},2\n".encode(),
        "1 row with 2 columns where the headings have 3: row 3. The last row ends early: the file may be",
        id="last row cut off",
    ),
    pytest.param(
        f"a,b,c\n1,2,3\n{NAME},2\n4,5,6\n".encode(),
        "1 row with 2 columns where the headings have 3: row 3. Probably a line break inside a value",
        id="too few columns",
    ),
    pytest.param(
        b"a,b,c\n1,2\n1,2,3,4\n", "Probably values that hold the delimiter or a line break", id="both"
    ),
    pytest.param(b"a,b,c\n" + b"1,2\n" * 9, "rows 2, 3, 4, 5, 6 and 4 more", id="long lists are cut short"),
    pytest.param(b"Payments in April,,\n1,2,3\n4,5,6\n", "row 1 holds a title", id="title and no headings"),
    pytest.param(
        f'a,b\n1,2\n3,"{NAME}\n5,6\n'.encode(),
        "row 3 opens a quotation mark",
        id="quote open in the last column",
    ),
    pytest.param(
        f'a,b\n1,2\n"{NAME},4\n5,6\n'.encode(),
        "Row 3 runs over several lines",
        id="quote open in the first column",
    ),
    pytest.param(
        f'a,b\n1,2\n3,"{NAME}\n5,"6"\n7,8\n'.encode(),
        "row 3 opens a quotation mark",
        id="quote open up to the next one in the same column",
    ),
    pytest.param(b'a,b\n1,2\n3,"', "row 3 opens a quotation mark", id="quote open at the very end"),
    pytest.param(b'a,"b\n1,2\n', "row 1 opens a quotation mark", id="quote open in the headings"),
    pytest.param(b"x" * 200_000, "no row of headings ends within the first 64 KiB", id="one long line"),
    pytest.param(b"a," * 20_000 + b"\n1\n", "more than a spreadsheet has", id="too many columns to be true"),
    pytest.param(gzipped("a,b\n1,2\n" * 1000)[:-9], "gzip file is damaged or cut short", id="gzip cut short"),
    pytest.param(
        gzipped("a,b\n1,2\n")[:-6] + b"\0\0\0\0\0\0", "gzip file is damaged", id="gzip with a wrong checksum"
    ),
    pytest.param(
        gzipped("a,b\n1,2\n")[:12] + b"\xff" * 20, "gzip file is damaged", id="gzip with wrong content"
    ),
    pytest.param(gzip.compress(gzipped("a,b\n1,2\n")), "another packed file", id="gzip in gzip"),
]


@pytest.mark.parametrize(("content", "said"), BAD)
def test_a_file_that_is_no_extract_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(saved(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "is not there" in refusal(tmp_path / "missing.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in refusal(tmp_path / "pipe")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a,b\n1,2\n")
    path.chmod(0)
    assert "no permission" in refusal(path)


def test_a_refusal_of_the_system_is_passed_on_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, "a,b\n1,2\n")

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.is_dir", refuse)
    assert "no permission to read it" in refusal(path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"encoding": "utf-8"}, "line 2, byte 8 is not UTF-8. Name the encoding"),
        ({"encoding": "ascii"}, "line 2, byte 8 is not ascii"),
        ({"encoding": "latin-99"}, "no encoding is called 'latin-99'"),
        ({"encoding": "rot13"}, "no encoding is called 'rot13'"),
        ({"encoding": "unicode_escape"}, "no encoding is called"),
        ({"delimiter": "||"}, "'||' cannot be the delimiter"),
        ({"delimiter": '"'}, "cannot be the delimiter"),
        ({"delimiter": ""}, "cannot be the delimiter"),
        ({"delimiter": "|"}, "Probably not pipe-separated"),
        ({"sheet": "Sheet1"}, "--sheet does not apply"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, options: dict[str, str], said: str) -> None:
    path = saved(tmp_path, "a,b\nCaf\u00e9,2\n1,2|3\n", encoding="cp1252")
    assert said in refusal(path, **options)


def test_an_encoding_that_contradicts_the_byte_order_mark_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a,b\n1,2\n", encoding="utf-8-sig")
    assert "byte order mark of UTF-8, so it is not cp1252" in refusal(path, encoding="cp1252")


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    "record",
    [
        pytest.param("x" * 50_000 + ",2\n", id="one long line"),
        pytest.param('"' + "x,y\n" * 20_000 + '",2\n', id="a quote open for long"),
    ],
)
def test_a_record_without_end_is_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool, record: str
) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORD_BYTES", 4096)
    content = ("a,b\n" + "1,2\n" * 3_000 + record + "3,4\n" * 3_000).encode()
    message = refusal(saved(tmp_path, gzip.compress(content) if packed else content))
    assert "row 3,002 is longer than" in message


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a,b\n1,2\n")
    extract = open_extract(path)
    saved(tmp_path, "a,b\n1,2\n3,4\n")
    with pytest.raises(ExtractUnreadable, match="changed while it was being read"):
        list(extract.batches())


def test_a_refusal_that_comes_late_comes_after_the_records_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORD_BYTES", 4096)
    batches = open_extract(saved(tmp_path, "a,b\n" + "1,2\n" * 9_000 + "1,2,3\n")).batches()
    assert next(batches).num_rows
    with pytest.raises(ExtractUnreadable, match="1 row with 3 columns"):
        list(batches)


def test_what_excel_leaves_beside_an_open_workbook_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "~$July.xlsx").write_bytes(b"\x07A Person")
    with pytest.raises(ExtractUnreadable, match=r"while it is open\. Name the workbook itself: July\.xlsx$"):
        open_extract(tmp_path / "~$July.xlsx")


@pytest.mark.parametrize("rest", [",,", ',"",""', ",,\r"])
def test_rows_that_end_in_empty_cells_beyond_the_headings_are_called_that(tmp_path: Path, rest: str) -> None:
    file = tmp_path / "trailing.csv"
    file.write_text(f"a,b\n1,2{rest}\n3,4{rest}\n", newline="")
    said = refusal(file)
    assert "4 columns where the headings have 2: rows 2, 3. They end in empty cells beyond" in said
    file.write_text("a,b,,\n" + "".join(f"{row},2,,\n" for row in (1, 3)))
    assert open_extract(file).headings == ("a", "b")


def test_a_value_too_many_is_no_empty_cell(tmp_path: Path) -> None:
    file = tmp_path / "trailing.csv"
    file.write_text("a,b\n1,2,,\n3,4,5,\n")
    assert "Probably a comma inside a value" in refusal(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("first", ["\ufeffSmith", "\ufeff\ufeffSmith", '\ufeff"Smith"', "\ufeff", "S"])
def test_only_the_mark_at_the_start_of_the_file_goes(tmp_path: Path, encoding: str, first: str) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(f"Surname,Title\r\n{first},Mr\r\nJones,Ms\r\n".encode(encoding))
    found = [row for batch in open_extract(path).batches() for row in batch.to_pylist()]
    assert [row["Surname"] for row in found] == [first, "Jones"]
