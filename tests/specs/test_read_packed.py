"""Zipped extracts and standard input. Every value is invented."""

from __future__ import annotations

import gc
import gzip
import hashlib
import io
import os
import stat
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.errors import OutputUnwritable
from specs.formats import archive, zip_parts
from specs.formats.source import PrivateCopy
from specs.formats.unwrap import PIPED
from specs.read import ReadingOptions, open_extract
from tests import reading
from tests.examples import examples
from tests.reading import records, records_or_refusal

TEXT = b"Name,Sum\nAnn,1.00\nBo,2.00\n"
READ = [(2, "Ann", "1.00"), (3, "Bo", "2.00")]


def left_behind(folder: Path) -> list[Path]:
    """What is still there once everybody has let go: a reading thread may do so after the last batch."""
    deadline = time.monotonic() + 30
    while any(folder.iterdir()) and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    return list(folder.iterdir())


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def zipped(folder: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "april.zip"
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def a_workbook() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in TEXT.decode().splitlines():
        sheet.append(line.split(","))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def refusal(path: Path, **options: Any) -> str:
    return reading.refusal(path, ReadingOptions(**options))


@pytest.mark.parametrize(
    ("members", "title"),
    [
        pytest.param({"pay.csv": TEXT}, "comma-separated, UTF-8", id="text"),
        pytest.param({"out/2026/pay.csv": TEXT}, "comma-separated, UTF-8", id="in folders"),
        pytest.param({"pay.xlsx": a_workbook()}, "workbook, sheet 'Sheet'", id="workbook"),
        pytest.param(
            {"pay.csv": TEXT, "__MACOSX/._pay.csv": b"x", ".DS_Store": b"x", "out/": b""},
            "comma-separated, UTF-8",
            id="what systems leave behind does not count",
        ),
    ],
)
def test_the_one_file_in_an_archive_is_read(
    tmp_path: Path, temporary: Path, members: dict[str, bytes], title: str
) -> None:
    path = zipped(tmp_path, members)
    extract = open_extract(path)
    name = next(iter(members)).rsplit("/", 1)[-1]
    assert extract.format.describe() == f"{title}, file '{name}' in a ZIP archive"
    assert (extract.path, extract.bytes) == (path, path.stat().st_size)
    assert extract.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert records(extract) == READ
    assert records(extract) == READ
    del extract
    assert left_behind(temporary) == []


def test_stored_members_are_read(tmp_path: Path) -> None:
    assert records(open_extract(zipped(tmp_path, {"pay.csv": TEXT}, zipfile.ZIP_STORED))) == READ


@pytest.mark.parametrize("member", ["pay.csv", "in/pay.csv"])
def test_one_of_several_files_can_be_named(tmp_path: Path, member: str) -> None:
    path = zipped(tmp_path, {"in/pay.csv": TEXT, "notes.txt": b"notes\n"})
    assert records(open_extract(path, ReadingOptions(member=member))) == READ


@pytest.mark.parametrize(
    ("members", "options", "said"),
    [
        pytest.param({}, {}, "without any file that could hold data", id="nothing"),
        pytest.param(
            {"a.csv": TEXT, "b.csv": TEXT},
            {},
            "holds 2 files: 'a.csv', 'b.csv'. Name one with --member",
            id="two",
        ),
        pytest.param(
            {"a.csv": TEXT, "b.csv": TEXT},
            {"member": "A.csv"},
            "no file in it is called 'A.csv'; did you mean 'a.csv'?",
            id="no such file",
        ),
        pytest.param(
            {"x/a.csv": TEXT, "y/a.csv": TEXT}, {"member": "a.csv"}, "several files in it", id="which"
        ),
        pytest.param({"../a.csv": TEXT}, {}, "leads out of the archive", id="path out of the archive"),
        pytest.param({"/etc/a.csv": TEXT}, {}, "leads out of the archive", id="absolute path"),
        pytest.param({"C:\\a.csv": TEXT}, {}, "leads out of the archive", id="path of Windows"),
        pytest.param(
            {"a.zip": b"PK\x05\x06" + bytes(18)}, {}, "a.zip in april.zip: is packed twice", id="zip in zip"
        ),
        pytest.param({"a.csv.gz": gzip.compress(TEXT)}, {}, "is packed twice", id="gzip in zip"),
        pytest.param({"a.pdf": b"%PDF-1.7"}, {}, "a.pdf in april.zip: is a PDF document", id="PDF in zip"),
        pytest.param({"a.csv": b""}, {}, "a.csv in april.zip: is empty", id="empty file in zip"),
        pytest.param(
            {"a.csv": TEXT}, {"sheet": "x"}, "--sheet does not apply", id="option that does not fit"
        ),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused(
    tmp_path: Path, temporary: Path, members: dict[str, bytes], options: dict[str, Any], said: str
) -> None:
    assert said in refusal(zipped(tmp_path, members), **options)
    assert left_behind(temporary) == []


def test_a_member_of_something_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pay.csv").write_bytes(TEXT)
    assert "pay.csv: is no ZIP archive, so --member does not apply" in refusal(
        tmp_path / "pay.csv", member="pay.csv"
    )


def test_an_archive_under_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "april.zip"
    with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as package:
        package.setpassword(b"invented")
        package.writestr("pay.csv", TEXT)
    assert "april.zip: is under a password" in refusal(path)


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path, {"pay.csv": b"Name,Sum\n" + b"a,1\n" * 50_000})
    monkeypatch.setattr(zip_parts, "SMALL", 1000)
    monkeypatch.setattr(zip_parts, "MAX_RATIO", 20)
    assert "not safe to open" in refusal(path)
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    assert "not safe to open" in refusal(path)


def test_a_table_of_contents_that_tells_lies_is_refused(tmp_path: Path, temporary: Path) -> None:
    path = zipped(tmp_path, {"pay.csv": TEXT * 1000})
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    assert "not as large as its table of contents says" in refusal(path)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("keep", [10, 40, -10])
def test_an_archive_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = zipped(tmp_path, {"pay.csv": TEXT})
    path.write_bytes(path.read_bytes()[:keep])
    assert "damaged" in refusal(path)


def test_an_unusual_way_of_packing_is_refused(tmp_path: Path) -> None:
    assert "packed in an unusual way" in refusal(zipped(tmp_path, {"pay.csv": TEXT}, zipfile.ZIP_BZIP2))


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_tar_archive_is_refused_by_name(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "april.tar"
    with tarfile.open(path, "w:gz" if packed else "w") as package:
        entry = tarfile.TarInfo("pay.csv")
        entry.size = len(TEXT)
        package.addfile(entry, io.BytesIO(TEXT))
    assert "is a TAR archive" in refusal(path)


@settings(deadline=None, max_examples=examples(67))
@given(
    cuts=st.lists(st.tuples(st.integers(0, 200), st.binary(min_size=1, max_size=4)), max_size=4),
    length=st.integers(0, 300),
)
def test_a_damaged_archive_gives_records_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, bytes]], length: int
) -> None:
    path = zipped(tmp_path_factory.getbasetemp(), {"pay.csv": TEXT})
    content = bytearray(path.read_bytes())
    for place, damage in cuts:
        content[place : place + len(damage)] = damage
    path.write_bytes(bytes(content[:length]))
    found = records_or_refusal(path)
    assert not isinstance(found, str) or "april.zip" in found


class Pipe:
    """Standard input as a process sees it that something is piped into."""

    def __init__(self, content: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    "content",
    [TEXT, gzip.compress(TEXT), a_workbook()],
    ids=["text", "gzip", "workbook"],
)
def test_what_is_piped_in_is_kept_privately_while_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, temporary: Path, content: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe(content))
    extract = open_extract(PIPED)
    (folder,) = temporary.iterdir()
    (copy,) = folder.iterdir()
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert extract.path.name == "standard input"
    assert (extract.sha256, extract.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert records(extract) == READ
    assert records(extract) == READ
    del extract
    assert left_behind(temporary) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "standard input: is empty", id="nothing"),
        pytest.param(b"a,b\n1,2\n3\n", "standard input: 1 row with 1 column", id="cut off"),
        pytest.param(b"%PDF-1.7", "standard input: is a PDF document", id="PDF"),
    ],
)
def test_what_is_piped_in_and_cannot_be_read_is_refused_and_removed(
    monkeypatch: pytest.MonkeyPatch, temporary: Path, content: bytes, said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe(content))
    assert said in refusal(PIPED)
    assert left_behind(temporary) == []


def test_a_terminal_is_no_extract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe(b"", terminal=True))
    assert "standard input: nothing is piped in" in refusal(PIPED)


def test_a_copy_that_cannot_be_kept_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, temporary: Path
) -> None:
    def chunks() -> Any:
        yield TEXT
        raise OutputUnwritable("no space")

    copy = PrivateCopy()
    with pytest.raises(OutputUnwritable):
        copy.fill(chunks())
    assert list(temporary.iterdir()) == []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    monkeypatch.setattr(sys, "stdin", Pipe(TEXT))
    with pytest.raises(OutputUnwritable, match="a private copy of the extract cannot be kept here"):
        open_extract(PIPED)
