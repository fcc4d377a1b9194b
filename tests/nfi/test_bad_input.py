"""What people give by mistake: one line that says what, where and what to do; exit 3; nothing written."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from nfi.sample import SampleSummary
from tests.typed import Nfi

HEADINGS = "Creditor reference,Internal/system invoice number,Invoice date,Total invoice amount\n"
RECORD = "C1,1,01022024,100\n"


def text(content: str | bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "extract.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def a_folder(folder: Path) -> Path:
    path = folder / "extract.csv"
    path.mkdir()
    return path


def a_long_line_in_gzip(folder: Path) -> Path:
    """Two thousand million characters in one line, two megabytes on disk."""
    path = folder / "extract.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEADINGS.encode())
        for _ in range(64):
            file.write(b"x" * 2**25)
    return path


def a_workbook(folder: Path, name: str = "extract.xlsx") -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in (HEADINGS, RECORD):
        sheet.append(line.strip().split(","))
    path = folder / name
    workbook.save(path)
    return path


def a_zip_bomb(folder: Path) -> Path:
    path = a_workbook(folder)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(64):
            entry.write(b" " * 2**25)
    return path


def a_broken_workbook(folder: Path) -> Path:
    path = a_workbook(folder)
    path.write_bytes(path.read_bytes()[:-200])
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(text(""), "empty", id="empty file"),
        pytest.param(text(HEADINGS), "no records", id="headings only"),
        pytest.param(text(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20), "PDF", id="a PDF"),
        pytest.param(text(random.Random(1).randbytes(4096)), "extract.csv", id="random bytes"),
        pytest.param(text(HEADINGS.encode() + b"C\x81,1,01022024,100\n"), "--encoding", id="wrong encoding"),
        pytest.param(text(HEADINGS + RECORD + "C2,2,01022024,1,234\n"), "row 3", id="ragged row"),
        pytest.param(
            text("Surname," + HEADINGS.replace("Invoice date", "Surname")), "Surname", id="same heading"
        ),
        pytest.param(text(HEADINGS + RECORD + '"C2,2,01022024,100\n'), "quot", id="quote left open"),
        pytest.param(a_long_line_in_gzip, "row 2", id="a line of 2 GB"),
        pytest.param(a_folder, "folder", id="a folder"),
        pytest.param(a_zip_bomb, "unpack", id="zip bomb"),
        pytest.param(a_broken_workbook, "extract.xlsx", id="broken workbook"),
        pytest.param(lambda folder: folder / "none.csv", "none.csv", id="not there"),
    ],
)
def test_bad_extracts_end_in_one_line_and_leave_nothing_behind(
    nfi: Nfi, tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    extract = make(tmp_path)
    outcome = nfi("check", extract, "--dataset", "creditors-history", "--out", tmp_path / "work")

    assert outcome.code == 3
    assert outcome.out == ""
    assert outcome.err.startswith("nfi: ")
    assert outcome.err.count("\n") == 1
    assert says in outcome.err
    assert [path for path in (tmp_path / "work").rglob("*") if path.is_file()] == []


def test_a_mapped_column_that_is_missing_is_named(nfi: Nfi, tmp_path: Path) -> None:
    extract = text(HEADINGS + RECORD)(tmp_path)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("dataset: creditors-history\nfields: {Creditor reference: Creditor ref}\n")
    outcome = nfi("check", extract, "-d", "creditors-history", "-m", mapping, "--out", tmp_path / "work")

    assert outcome.code == 3
    assert "'Creditor ref'" in outcome.err
    assert "did you mean 'Creditor reference'?" in outcome.err
    assert [path for path in (tmp_path / "work").rglob("*") if path.is_file()] == []


def test_a_bad_extract_leaves_the_results_of_the_good_one(nfi: Nfi, tmp_path: Path) -> None:
    extract = text(HEADINGS + RECORD)(tmp_path)
    work = tmp_path / "work"
    nfi("check", extract, "-d", "creditors-history", "--out", work)
    before = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}

    text(HEADINGS + RECORD * 200_000 + "ragged\n")(tmp_path)
    assert nfi("check", extract, "-d", "creditors-history", "--out", work).code == 3
    assert {path: path.read_bytes() for path in work.rglob("*") if path.is_file()} == before


@pytest.fixture
def somebody_else(nfi: Nfi, sample: SampleSummary, tmp_path: Path) -> Iterator[Path]:
    """A folder in which the process runs as a user without rights, since root may read everything."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root can act as somebody else")
    nfi("check", sample.files["payroll"], "-d", "payroll", "--out", tmp_path / "first")  # loads every module
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        folder.chmod(0o755)
        os.seteuid(65534)
        yield folder
        os.seteuid(0)


def test_an_extract_without_permission_is_said_plainly(nfi: Nfi, somebody_else: Path) -> None:
    os.seteuid(0)
    extract = text(HEADINGS + RECORD)(somebody_else)
    extract.chmod(0o600)
    os.seteuid(65534)
    outcome = nfi("check", extract, "-d", "creditors-history", "--out", somebody_else / "work")

    assert outcome.code == 3
    assert "permission" in outcome.err.lower()
    assert outcome.err.count("\n") == 1


def test_a_folder_without_permission_is_said_plainly(nfi: Nfi, somebody_else: Path) -> None:
    os.seteuid(0)
    extract = text(HEADINGS + RECORD)(somebody_else)
    extract.chmod(0o644)
    os.seteuid(65534)
    outcome = nfi("check", extract, "-d", "creditors-history", "--out", somebody_else / "work")

    assert outcome.code == 3
    assert "no permission to write here" in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let its root mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_said_plainly_and_nothing_is_left(nfi: Nfi, small_disk: Path, tmp_path: Path) -> None:
    rows = "".join(f"C{n},{n},01022024,{n * 7919 % 1_000_003}\n" for n in range(60_000))
    extract = text(HEADINGS + rows)(tmp_path)
    outcome = nfi("check", extract, "-d", "creditors-history", "--out", small_disk / "work")

    assert outcome.code == 3
    assert "disk is full" in outcome.err
    assert outcome.err.count("\n") == 1
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
