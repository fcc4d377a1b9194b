"""Workbooks other than .xlsx: .xls, .xlsb and .ods. Every file is made here, and every value is invented."""

from __future__ import annotations

import base64
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.errors import ExtractUnreadable
from specs.formats.sheet import SheetSize
from specs.read import ReadingOptions, open_extract
from tests import reading
from tests.reading import records, records_or_refusal

XLS = zlib.decompress(
    base64.b64decode(
        """
eNrtWF1sFFUUPjM7207L0m7LrwXrigKFttgfhYJiWwpaEg0EWjSxRpbtlC7sX7ZLQmPUReyTkGh4wBgSQ4JgYoIaE31QY2ui4UGj
MeFBoqbwYDT4sBCNIZGu3zlzZzutLekuxKj0TL65c8/9O/een3vvfPN1xejJ96ou0iR6kDw0li2hIhdPA+Y4GT+Rrnhj2WzWYWdn
6T9F11XKOjSgPy/AOi8GTKAEKFU69ql0lv4/tIPieFIUoC0UQ5qkQcqHFsJi3P3NpM3YDOvNlGbHL3x8jt8cxz3Ajfyf4z77/1yg
DCi3twCqACqBecB8YIHYBNEiYDFwB1AFLAGWAncC1cBdQAC4G1gG3APcCywHVgArgRpgFbAaqAXqgHpgDXCfmkejShn34/sBYK3i
tSBdPxuzbkglJrRY5KWP5n7JKhfdX4RFvGuMiF1cAnoowbbREYyEAv8UbRIZghrLMAwj3agVwVZ12OkJvMvoHSn5WN4bxQJBbRRo
UVb9pN4m8h+V9zJ5l+Gt0YfS5oJwGmGL34ulvyKOoFGx1kFBilCY9iAWhlGjis6xj70gNdhDtHYp4Vo3U1pt+OgU+9mjVsxKBiPV
RgW9yT42COqpj0Z76nt7q41yOs0O+FR//9MbotENAwPVRhWdYT9z1+sJ9Nulo+KFp+j3bMDl8cMB5rMQwv9tZnw9Tz7ddvxTWLup
1rnWrp+ZzF81Db9uGv7qafglU/IJ9iPyGJP5p6fhn/kb/5iOTJqynPrTHkkr0kWSVqYNSeeliyWdn/Zmd4s3DWEveJ23DnjS9uBg
1IqlBoawV+wyxeqpI95rCaOz1GZsiSZSg0cwsIZnRDMBoq6jGl2mfby3ZPaIPEUZ3gPYKQy1R3nUnuXsW5qL10xzMhwJPoUUJh3S
sHeZw1ob3m1UfcVv714mOjOxO5l/YAP7k6Kyq/nsncwRPRCOBdoTyXAEPeyw+qykFQtZGGXngajBtcK9mGtn/EByAGlDQ2NTM0Rp
b0KmK54KRlAnhAnDtaNWMBaO7YVwjWgej1lZ+LKPSr32kCFzATBuPgtUqvMq2ZHZPyEy+zDnXqwPx7EKmb8fM63vWHr50tqq1meE
n6bxHpezNqlOO4SSEWO1tKiV94tS19mxDwvvJXmvyLX/uXWl67sm951pXeX6PonoWgKpSHSpY7Q6bbGv6PDI7tFWJ9WoGyUmPSfT
Ju2sWa5mWkbO3Gwdm7pfRfA6O2Zq5cLTpXwizzMFz7aTiTyv2Mo477qcaOwzDElOl5yWy2myxk5OR86Ty3mQM1TOI+24/0+wB3mk
3Wf7dKxp1efczoP5efAsVKt1rZVbGdKK5/y8Xio+UE4v4wDFtQ20WkRd3d3d39b81Ma1vVK7WNX22rW/uEK/0naWMtNpW0HGVF7A
3UPeTIO0M8SDEDEy/ilOgjqVSjtuw+M8rFfSB0X2Vkr0kGiVz2z2/J0BQHvhQntNd0eac/q83WxXz70d29Un2Z82rf2Zyo5ItFqi
cpqUleZyXMbnb7fGA26NmwVo3HRpnGY1no/Gx8mtkQa3RnwFaMR3azUyM9JwO/KU2ndIv2nb8rBd9Ajf2R4Ph5LxgXhfKrDlYMiK
BNavq+8K7rEiEUtUvCnc19dyM3dXzXGgAmksS6LHKfql0aE3rl7b1u9/+1WTale+/x1r4zV1t9XU+rLFdap7bo9auX51302pk0Fa
3XuPKD//5bp9h+U28YQVSwwejJC61+piCXbfDk3+Tg9d/bHp2R809/etnj9z9PNfnT+xZon/2HHMv+7a2c189JrE61H3dOdM5XfN
8TF1tiJ1V+fyFlXe5jqD8Vq1JxK7rORAOB6buEa8vs1rGmmW/p10K///if1MiiFTtWGbSqtQ+gRGT9J+3LZZjv15y18p5zPbzrJ5
/Fe7MMeJEx0YN0oJ2gYZ9hU0vsf1D24mbTg+bM3FqW0UIatg/fGJNN//f03qX519FdtJBzD/KAVF91thBX2iE+akKIzv2A36qlHj
e/NY/2bgXG78zRghJDJYYoH5ydNSwPzXAW/N/v8V+gvWplP/
"""
    )
)
"""Saved by LibreOffice: a title, a blank row, headings, two records and a total; two more sheets."""

HEADINGS = ("Reference", "Sum", "Paid", "Hours")
RECORDS = [
    (4, "00123", "39600", "2024-03-31", "37:30"),
    (5, "A2", "12.5", "2024-03-31 13:45:00", ""),
]


def refusal(path: Path, **options: Any) -> str:
    message = reading.refusal(path, ReadingOptions(**options))
    assert path.name in message
    return message


def cell(value: str | float | None, times: int = 1, *, kind: str = "") -> str:
    repeated = f' table:number-columns-repeated="{times}"'
    if value is None:
        return f"<table:table-cell{repeated}/>"
    if kind == "date":
        return f'<table:table-cell{repeated} office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, str):
        text = f"<text:p>{value}</text:p>"
        return f'<table:table-cell{repeated} office:value-type="string">{text}</table:table-cell>'
    return f'<table:table-cell{repeated} office:value-type="float" office:value="{value}"/>'


def row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def ods(path: Path, rows: str) -> Path:
    """A workbook of LibreOffice's, with the rows on the sheet 'Payments', and two more sheets."""
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    names = {"office": "office:1.0", "table": "table:1.0", "text": "text:1.0"}
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{place}"' for name, place in names.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="Payments">{rows}</table:table>'
        f'<table:table table:name="Codes">{row(cell("code"), cell("meaning"))}{row(cell("1"), cell("one"))}'
        '</table:table><table:table table:name="Empty"></table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mime, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return path


def an_ods(folder: Path) -> Path:
    return ods(
        folder / "extract.ods",
        row(cell("Payments in April"))
        + row(cell(None, 4))
        + row(*map(cell, HEADINGS))
        + row(cell("00123"), cell(39600.0), cell("2024-03-31", kind="date"), cell("37:30"))
        + row(cell("A2"), cell(12.5), cell("2024-03-31T13:45:00", kind="date"))
        + row(cell("Total"), cell(39612.5))
        + row(cell(None, 16384), times=1_000_000),
    )


def an_xls(folder: Path) -> Path:
    path = folder / "extract.xls"
    path.write_bytes(XLS)
    return path


def record(number: int, content: bytes = b"") -> bytes:
    """A record of the binary workbook format: number and length in groups of seven bits, then the content."""
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    return (
        head
        + bytes([len(content) & 0x7F | (0x80 if len(content) > 0x7F else 0)])
        + (bytes([len(content) >> 7]) if len(content) > 0x7F else b"")
        + content
    )


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


Row = Sequence[str | float]


def binary_sheet(rows: Sequence[Row]) -> bytes:
    width = max(map(len, rows), default=1)
    cells: list[bytes] = []
    for number, values in enumerate(rows):
        cells.append(record(0x00, struct.pack("<I", number) + bytes(13)))
        for column, value in enumerate(values):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                cells.append(record(0x06, place + wide(value)))
            else:
                cells.append(record(0x05, place + struct.pack("<d", value)))
    size = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1)
    return record(0x81) + record(0x94, size) + record(0x91) + b"".join(cells) + record(0x92) + record(0x82)


def an_xlsb(folder: Path, rows: Sequence[Row] | None = None) -> Path:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets: dict[str, Sequence[Row]] = {
        "Payments": rows or [["Payments in April"], [], list(HEADINGS[:2]), ["00123", 39600.0], ["A2", 12.5]],
        "Codes": [["code", "meaning"], ["1", "one"]],
    }
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(sheets) + 1)
    )
    bundle = b"".join(
        record(0x9C, struct.pack("<II", 0, number) + wide(f"rId{number}") + wide(name))
        for number, name in enumerate(sheets, start=1)
    )
    path = folder / "extract.xlsb"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "xl/workbook.bin", record(0x83) + record(0x8F) + bundle + record(0x90) + record(0x84)
        )
        package.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{links}</Relationships>")
        for number, rows_of_sheet in enumerate(sheets.values(), start=1):
            package.writestr(f"xl/worksheets/sheet{number}.bin", binary_sheet(rows_of_sheet))
    return path


@pytest.mark.parametrize("make", [an_xls, an_ods])
def test_cells_come_as_text_spelt_as_in_other_workbooks(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    extract = open_extract(make(tmp_path))
    assert extract.headings == HEADINGS
    assert extract.heading_row == 3
    assert [title.text for title in extract.titles] == ["Payments in April"]
    assert records(extract) == RECORDS
    assert [footer.text for footer in extract.footers] == ["Total 39612.5"]
    assert records(extract) == RECORDS
    assert extract.format.sheet == "Payments"
    assert extract.sheets() == (
        SheetSize("Payments", 6, 4, hidden=False),
        SheetSize("Codes", 2, 2, hidden=False),
        SheetSize("Empty", 0, 0, hidden=False),
    )


def test_a_binary_workbook_is_read(tmp_path: Path) -> None:
    extract = open_extract(an_xlsb(tmp_path))
    assert extract.headings == HEADINGS[:2]
    assert records(extract) == [(4, "00123", "39600"), (5, "A2", "12.5")]
    assert extract.format.describe().startswith("workbook (.xlsb, ")


@pytest.mark.parametrize("make", [an_xls, an_ods, an_xlsb])
def test_another_sheet_and_another_row_of_headings_can_be_asked_for(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    assert records(open_extract(path, ReadingOptions(sheet="Codes"))) == [(2, "1", "one")]
    assert open_extract(path, ReadingOptions(heading_row=4)).headings[0] == "00123"
    assert "no sheet is called 'codes'; did you mean 'Codes'?" in refusal(path, sheet="codes")
    assert "--encoding does not apply" in refusal(path, encoding="utf-8")


@pytest.mark.parametrize("make", [an_xls, an_ods, an_xlsb])
def test_reading_can_stop_half_way(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    batches = open_extract(make(tmp_path)).batches()
    assert next(batches).num_rows == 2
    batches.close()


def test_many_rows_come_in_several_batches_with_running_numbers(tmp_path: Path) -> None:
    rows: list[Row] = [["a", "b"], *((float(n), f"x{n}") for n in range(20_000))]
    extract = open_extract(an_xlsb(tmp_path, rows))
    batches = list(extract.batches())
    assert len(batches) > 1
    assert [row for batch in batches for row in batch["source_row"].to_pylist()] == list(range(2, 20_002))


FAR_OUT = [
    pytest.param(row(cell("a", 16_384), times=1_048_576), id="every cell of a sheet"),
    pytest.param(row(cell("a")) * 2 + row(cell("b", 4_000_000_000), times=4_000_000_000), id="more than all"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the memory of a process")
@pytest.mark.parametrize("rows", FAR_OUT)
def test_a_sheet_that_would_fill_the_memory_ends_another_process_and_not_ours(
    tmp_path: Path, rows: str
) -> None:
    assert "damaged" in refusal(ods(tmp_path / "extract.ods", rows))


def test_an_end_of_the_other_process_in_the_middle_loses_no_rows_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrow takes a stream that ends between two batches for a whole one, so the exit code has to tell."""
    rows: list[Row] = [["a"], *([float(n)] for n in range(40_000))]
    extract = open_extract(an_xlsb(tmp_path, rows))
    code = (
        "import sys, os; from specs.formats import workbook_process as w; parts = w.pa.ipc.new_stream\n"
        "class Stream:\n"
        "    def __init__(self, out, schema): self.out, self.stream, self.left = out, parts(out, schema), 2\n"
        "    def write_batch(self, batch):\n"
        "        if not self.left: self.out.flush(); os._exit(9)\n"
        "        self.left -= 1; self.stream.write_batch(batch)\n"
        "w.pa.ipc.new_stream = Stream\n"
        "sys.exit(w.main(*sys.argv[1:]))"
    )
    started = subprocess.Popen

    def start(command: list[str], **how: Any) -> subprocess.Popen[bytes]:
        return started([command[0], "-c", code, *command[3:]], **how)

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(ExtractUnreadable, match="damaged"):
        records(extract)


@pytest.mark.parametrize("keep", [600, 3000, 6000])
def test_an_old_workbook_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "extract.xls"
    path.write_bytes(XLS[:keep])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("make", [an_ods, an_xlsb])
def test_a_packed_workbook_cut_short_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged" in refusal(path)


@settings(deadline=None, max_examples=12)
@given(
    make=st.sampled_from([an_xls, an_ods, an_xlsb]),
    cuts=st.lists(st.tuples(st.integers(0, 7000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4),
)
def test_a_damaged_workbook_gives_records_or_one_line(
    tmp_path_factory: pytest.TempPathFactory,
    make: Callable[[Path], Path],
    cuts: list[tuple[int, bytes]],
) -> None:
    path = make(tmp_path_factory.getbasetemp())
    content = bytearray(path.read_bytes())
    for place, damage in cuts:
        content[place : place + len(damage)] = damage
    path.write_bytes(bytes(content))
    found = records_or_refusal(path)
    assert not isinstance(found, str) or path.name in found


def test_a_real_old_workbook_is_read(real_data: Path) -> None:
    extract = open_extract(real_data / "standing" / "nhs_trusts.xls")
    assert len(records(extract)) + extract.blank_rows == 224
    assert extract.headings[:3] == ("trust name", "address", "postcode")


def test_the_other_process_needs_no_setting_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.devnull)
    monkeypatch.chdir(tmp_path)
    assert records(open_extract(an_xls(tmp_path))) == RECORDS
