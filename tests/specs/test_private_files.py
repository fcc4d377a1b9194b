from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from specs.errors import OutputUnwritable
from specs.private_files import (
    OutputExists,
    digest_of,
    private_folder,
    put_in_place,
    working_folder,
    written_whole,
)


def test_a_file_takes_its_place_when_the_block_ends_well(tmp_path: Path) -> None:
    target = tmp_path / "new" / "file.txt"
    with written_whole(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def test_a_file_stays_as_it_was_when_the_block_fails(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("before")
    with pytest.raises(RuntimeError), written_whole(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other permissions")
def test_files_and_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    with written_whole(tmp_path / "a" / "b" / "file.txt"):
        pass
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*")}
    assert modes == {"b": 0o700, "file.txt": 0o600}


def test_a_working_folder_goes_even_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), working_folder(tmp_path) as folder:
        (folder / "part").write_text("plain")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file")
    with pytest.raises(OutputUnwritable, match=r"work: is a file, not a folder\. Choose another place"):
        private_folder(tmp_path / "work")


def test_a_folder_in_the_way_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file.txt" / "inside").mkdir(parents=True)
    with (
        pytest.raises(OutputUnwritable, match=r"file\.txt: cannot be written"),
        written_whole(tmp_path / "file.txt"),
    ):
        pass


def test_the_digest_is_the_one_that_everybody_computes(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    assert digest_of(tmp_path / "file") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_files_that_were_prepared_together_take_their_places(tmp_path: Path) -> None:
    prepared, folder = tmp_path / "prepared", tmp_path / "folder"
    for name in ("a.txt", "deep/b.txt"):
        (prepared / name).parent.mkdir(parents=True, exist_ok=True)
        (prepared / name).write_text("new")
    folder.mkdir()
    (folder / "a.txt").write_text("old")
    (folder / "other.txt").write_text("stays")
    assert put_in_place(prepared, folder) == [folder / "a.txt", folder / "deep/b.txt"]
    assert [path.read_text() for path in sorted(folder.rglob("*.txt"))] == ["new", "new", "stays"]


def test_no_file_is_moved_where_a_folder_is_in_the_way(tmp_path: Path) -> None:
    prepared, folder = tmp_path / "prepared", tmp_path / "folder"
    prepared.mkdir()
    for name in ("a.txt", "b.txt"):
        (prepared / name).write_text("new")
    (folder / "b.txt").mkdir(parents=True)
    with pytest.raises(OutputUnwritable, match=r"b\.txt"):
        put_in_place(prepared, folder)
    assert not (folder / "a.txt").exists()


def test_a_new_file_never_takes_the_place_of_one_that_appears_meanwhile(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    with (
        pytest.raises(OutputExists, match=r"file\.txt: exists already"),
        written_whole(target, new=True) as ours,
    ):
        ours.write_text("ours")
        target.write_text("theirs")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file.txt", "theirs")]


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_is_written_with_and_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    target = tmp_path / "file.txt"
    with written_whole(target, new=True) as ours:
        ours.write_text("ours")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file.txt", "ours")]
    assert target.stat().st_nlink == 1
    if os.name != "nt":
        assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OutputExists), written_whole(target, new=True) as ours:
        ours.write_text("again")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file.txt", "ours")]
