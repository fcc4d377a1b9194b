"""What must hold for any table and for any bytes; Python's csv module is the oracle."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specs.errors import ExtractUnreadable
from specs.read import ReadingOptions, open_extract
from tests.examples import examples

ENCODINGS = {
    "utf-8": (b"", None),
    "utf-8-sig": (b"", None),
    "utf-16-le": (b"\xff\xfe", None),
    "utf-16-be": (b"\xfe\xff", None),
    "cp1252": (b"", "cp1252"),  # short texts in it can be valid UTF-8 by chance, so it is asked for
}
"""Mark to put in front, and what to ask for."""

DELIMITERS = {",": "comma", "|": "pipe", "\t": "tab", "~": "tilde", ";": "semicolon"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("extracts")


def values_of(encoding: str) -> st.SearchStrategy[str]:
    """Values with what makes delimited text hard, and any character that the encoding has."""
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    hard = st.text(alphabet='",|\t~;\n\r é£', max_size=6)
    anything = st.text(st.characters(codec=codec, exclude_characters="\0"), max_size=8)
    return st.one_of(st.just(""), hard, anything)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A table of text, and a way of writing it."""
    encoding = draw(st.sampled_from(sorted(ENCODINGS)))
    width = draw(st.integers(1, 5))
    row = st.lists(values_of(encoding), min_size=width, max_size=width)
    return {
        "encoding": encoding,
        "delimiter": draw(st.sampled_from(sorted(DELIMITERS))),
        "quoting": draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])),
        "headings": [f"heading {index}" for index in range(width)],
        "rows": draw(st.lists(row, min_size=1, max_size=12)),
        "packed": draw(st.booleans()),
    }


def written(table: dict[str, Any]) -> bytes:
    text = io.StringIO(newline="")
    # The csv module leaves a bare carriage return without quotes unless it is part of the line end.
    writer = csv.writer(text, delimiter=table["delimiter"], quoting=table["quoting"], lineterminator="\r\n")
    writer.writerows([table["headings"], *table["rows"]])
    mark, _ = ENCODINGS[table["encoding"]]
    content = mark + text.getvalue().encode(table["encoding"])
    return gzip.compress(content) if table["packed"] else content


def contents(path: Path, **options: Any) -> list[tuple[int, list[str]]]:
    """Row numbers and values of all records."""
    return [
        (row, list(values))
        for batch in open_extract(path, ReadingOptions(**options)).batches()
        for row, *values in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]


def contents_or_refusal(path: Path, **options: Any) -> list[tuple[int, list[str]]] | str:
    """The records, or the message with which the file is refused."""
    try:
        return contents(path, **options)
    except ExtractUnreadable as refusal:
        return str(refusal)


@settings(deadline=None, max_examples=examples(100))
@given(table=tables())
def test_any_table_that_the_csv_module_writes_reads_back_the_same(
    folder: Path, table: dict[str, Any]
) -> None:
    path = folder / "table.csv"
    path.write_bytes(written(table))
    _, encoding = ENCODINGS[table["encoding"]]
    expected = [
        (number, row)
        for number, row in enumerate(table["rows"], start=2)
        if any(value.strip() for value in row)
    ]
    found = contents_or_refusal(path, encoding=encoding, delimiter=table["delimiter"])
    if expected:
        assert found == expected
    else:
        assert found == "table.csv: holds headings but no records. Check that the export ran to its end."


@settings(deadline=None, max_examples=examples(50))
@given(table=tables())
def test_the_delimiter_of_any_table_with_plain_headings_is_found(folder: Path, table: dict[str, Any]) -> None:
    if len(table["headings"]) == 1 or not any("".join(row).strip() for row in table["rows"]):
        return
    path = folder / "detected.csv"
    path.write_bytes(written(table))
    _, encoding = ENCODINGS[table["encoding"]]
    extract = open_extract(path, ReadingOptions(encoding=encoding))
    assert extract.headings == tuple(table["headings"])
    assert extract.format.layout == f"{DELIMITERS[table['delimiter']]}-separated"


@settings(deadline=None, max_examples=examples(200))
@given(body=st.text(alphabet='ab",\n\r ', max_size=40))
@example(body='1,"2\n3,4"\n')
@example(body='1,"2"x\n')
@example(body='1,"2\n3,"4"\n5,6\n')
def test_records_are_those_that_the_csv_module_reads(folder: Path, body: str) -> None:
    text = "x,y\n" + body
    path = folder / "oracle.csv"
    path.write_bytes(text.encode())
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    filled = [(number, row) for number, row in enumerate(rows, start=2) if "".join(row).strip()]
    found = contents_or_refusal(path, delimiter=",")
    if isinstance(found, str):
        assert not filled or any(len(row) != 2 for _, row in filled) or not strictly_sound(text)
    else:
        assert found == filled


def strictly_sound(text: str) -> bool:
    try:
        list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return False
    return True


def a_workbook() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Reference", "Sum"])
    sheet.append(["A1", 12.5])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


STARTS = st.sampled_from(
    [
        b"",
        b"a,b\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"PK\x03\x04",
        b"PAR1",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        b'a,b\n"',
        gzip.compress(b"a,b\n1,2\n")[:-3],
    ]
)


@settings(deadline=None, max_examples=examples(200))
@given(start=STARTS, rest=st.binary(max_size=200), packed=st.booleans())
def test_any_bytes_give_records_or_one_line_that_says_why_not(
    folder: Path, start: bytes, rest: bytes, packed: bool
) -> None:
    path = folder / "bytes"
    content = start + rest
    path.write_bytes(gzip.compress(content) if packed else content)
    assert_readable_or_explained(path)


@settings(deadline=None, max_examples=examples(67))
@given(
    encoding=st.sampled_from(["utf-8", "ascii", "cp850", "utf-16", "utf-32", "cp932", "iso2022_jp", "cp037"]),
    delimiter=st.sampled_from([",", "|", "\t", " ", "'", "\\"]),
    content=st.binary(max_size=80),
)
def test_any_bytes_with_any_options_give_records_or_one_line(
    folder: Path, encoding: str, delimiter: str, content: bytes
) -> None:
    path = folder / "options"
    path.write_bytes(b"a,b\n" + content)
    assert_readable_or_explained(path, encoding=encoding, delimiter=delimiter)


@settings(deadline=None, max_examples=examples(100))
@given(
    cuts=st.lists(st.tuples(st.integers(0, 6000), st.binary(min_size=1, max_size=4)), max_size=4),
    length=st.integers(0, 8000),
)
def test_a_damaged_workbook_gives_records_or_one_line(
    folder: Path, cuts: list[tuple[int, bytes]], length: int
) -> None:
    content = bytearray(WORKBOOK)
    for place, damage in cuts:
        content[place : place + len(damage)] = damage
    path = folder / "damaged.xlsx"
    path.write_bytes(bytes(content[:length]) if length < len(content) else bytes(content))
    assert_readable_or_explained(path)


WORKBOOK = a_workbook()


def assert_readable_or_explained(path: Path, **options: str) -> None:
    found = contents_or_refusal(path, **options)
    if isinstance(found, str):
        assert "\n" not in found
        assert path.name in found
    else:
        assert all(row > 1 and any(value.strip() for value in values) for row, values in found)
