import errno
import hashlib
import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from outputs.workbook_file import new_workbook, save_workbook
from specs.errors import OutputUnwritable

WRITE_ONE = """
import sys
from pathlib import Path
from outputs.workbook import Book, Page, place
from outputs.workbook_styles import Kind, table_style
book = Book("Invented")
page = Page(book, "One", (10, 20))
page.title("Invented")
heading = page.headings(("Number", "Text"))
page.next_row()
page.put(1, 7, table_style(Kind.COUNT), link=place("Two"))
page.put(2, "=1+1", table_style(Kind.TEXT))
page.filter(heading, 2)
Page(book, "Two", (10,)).title("More")
book.save(Path(sys.argv[1]))
"""


def saved(target: Path, text: str = "Invented") -> bytes:
    workbook = new_workbook("Invented")
    workbook.create_sheet("One").append([text])
    save_workbook(workbook, target)
    return target.read_bytes()


def test_the_same_content_gives_the_same_bytes_at_another_time_and_place(tmp_path: Path) -> None:
    digests = set()
    for number, (zone, seed) in enumerate(
        [("UTC", "0"), ("Pacific/Auckland", "1"), ("America/New_York", "2")]
    ):
        target = tmp_path / f"{number}.xlsx"
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed}
        root = Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", WRITE_ONE, target], check=True, env=environment, cwd=root)
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_same_content_gives_the_same_bytes_two_seconds_later(tmp_path: Path) -> None:
    first = saved(tmp_path / "first.xlsx")
    time.sleep(2.1)  # a ZIP archive counts time in steps of two seconds
    assert saved(tmp_path / "second.xlsx") == first


def test_other_content_gives_other_bytes(tmp_path: Path) -> None:
    assert saved(tmp_path / "first.xlsx", "a") != saved(tmp_path / "second.xlsx", "b")


def test_nothing_in_the_file_has_a_date(tmp_path: Path) -> None:
    target = tmp_path / "one.xlsx"
    saved(target)
    with ZipFile(target) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert "created" not in properties
    assert "modified" not in properties
    assert "Invented" in properties


def test_no_warning_triangle_on_references_that_are_all_digits(tmp_path: Path) -> None:
    target = tmp_path / "one.xlsx"
    saved(target, "007")
    with ZipFile(target) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    names = [element.tag.rpartition("}")[2] for element in sheet]
    ignored = sheet[names.index("ignoredErrors")][0]
    assert ignored.attrib == {"sqref": "A1:A1", "numberStoredAsText": "1"}
    assert names[-1] == "ignoredErrors"  # nothing of what we write may come after it


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "one.xlsx"
    saved(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700


def test_no_record_passes_through_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    saved(tmp_path / "one.xlsx")
    assert [file.name for file in tmp_path.iterdir()] == ["one.xlsx"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = tmp_path / "one.xlsx"
    before = saved(target)
    monkeypatch.setattr(ZipFile, "writestr", full_disk)
    with pytest.raises(OutputUnwritable, match="disk is full"):
        saved(target, "other")
    assert target.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["one.xlsx"]


def test_a_folder_in_the_way_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "one.xlsx").mkdir()
    with pytest.raises(OutputUnwritable, match=r"one\.xlsx"):
        saved(tmp_path / "one.xlsx")
