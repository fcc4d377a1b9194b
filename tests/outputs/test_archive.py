"""Archives from someone who means harm, or that suffered on their way. Every value here is invented."""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
import pyzipper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outputs.sealed.archive
from outputs.sealed import archive_listing
from outputs.sealed.age_keys import Identities, read_identities, read_recipients
from outputs.sealed.archive import ArchiveUnreadable, open_archive, sealed_with_age
from outputs.sealed.encrypted_zip import encrypted_zip
from outputs.sealed.sealing import sealed_archive
from specs.errors import OutputUnwritable
from tests.examples import examples

PASSPHRASE = "orbit-lantern-velvet-moss"
FILES = {
    "payroll.csv": b'"reference"|"pay"\r\n' + b'"007"|"4250"\r\n' * 3_000,
    "lookups/payroll-grade.csv": b"",
    "datapackage.json": b"{}",
}
OWNER, OTHER = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()

SEVEN_ZIP = shutil.which("7z") or shutil.which("7zz") or shutil.which("7za")

Entry = pyzipper.zipfile_aes.AESZipInfo


def identities_of(folder: Path, *keys: pyrage.x25519.Identity) -> Identities:
    (folder / "identity.txt").write_text("# a key for tests\n" + "\n".join(map(str, keys)))
    return read_identities(folder / "identity.txt")


def sealed(target: Path, files: dict[str, bytes] = FILES) -> Path:
    with encrypted_zip(target, PASSPHRASE) as archive:
        for name, content in files.items():
            archive.write(name, [content], size_at_most=len(content))
    return target


def aged(target: Path, content: bytes | None = None) -> Path:
    """An age file for OWNER: a package, or the bytes given."""
    if content is not None:
        target.write_bytes(pyrage.encrypt(content, [OWNER.to_public()]))
        return target
    with sealed_archive(target, read_recipients([str(OWNER.to_public())])) as archive:
        for name, plain in FILES.items():
            archive.write(name, [plain], size_at_most=len(plain))
    return target


def contents(path: Path, secret: str | Identities = PASSPHRASE) -> dict[str, bytes]:
    with open_archive(path, secret) as archive:
        return {name: archive.read_small(name) for name in archive.names}


def refused(path: Path, secret: str | Identities = PASSPHRASE) -> str:
    """What is said of an archive that does not open, or does not read; one line, nothing written."""
    before = {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()}
    with pytest.raises(ArchiveUnreadable) as raised:
        contents(path, secret)
    assert {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()} == before
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(f"{path}: ")
    assert PASSPHRASE not in str(raised.value)
    return str(raised.value).removeprefix(f"{path}: ")


def test_what_was_sealed_comes_back(tmp_path: Path) -> None:
    with open_archive(sealed(tmp_path / "package.zip"), PASSPHRASE) as archive:
        assert archive.names == tuple(FILES)
        assert archive.sizes == {name: len(content) for name, content in FILES.items()}
        assert archive.as_made
        assert {name: archive.read_small(name) for name in archive.names} == FILES
        with archive.open("payroll.csv", len(FILES["payroll.csv"])) as plain:
            assert plain.read(11) == FILES["payroll.csv"][:11]


def test_what_was_sealed_for_a_key_comes_back(tmp_path: Path) -> None:
    package = aged(tmp_path / "package.zip.age")
    assert sealed_with_age(package)
    assert not sealed_with_age(sealed(tmp_path / "package.zip"))
    assert contents(package, identities_of(tmp_path, OTHER, OWNER)) == FILES
    assert b"payroll" not in package.read_bytes()


@settings(
    max_examples=examples(24), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    files=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9-]{0,8}(/[a-z]{1,4})?\.csv", fullmatch=True),
        st.binary(max_size=200) | st.integers(0, 20_000).map(lambda size: b"ab,1\r\n" * size),
        min_size=1,
        max_size=5,
    ),
    by_age=st.booleans(),
    at_once=st.integers(1, 70_000),
)
def test_whatever_is_sealed_comes_back(
    tmp_path: Path, files: dict[str, bytes], by_age: bool, at_once: int
) -> None:
    package = tmp_path / "package"
    seal = read_recipients([str(OWNER.to_public())]) if by_age else PASSPHRASE
    with sealed_archive(package, seal) as writing:
        for name, content in files.items():
            writing.write(name, [content[:50], content[50:]], size_at_most=len(content))
    with open_archive(package, identities_of(tmp_path, OWNER) if by_age else PASSPHRASE) as archive:
        assert archive.as_made
        for name, content in files.items():
            with archive.open(name) as plain:
                assert b"".join(iter(lambda: plain.read(at_once), b"")) == content


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda path: path.write_bytes(b""), "is damaged or not a ZIP", id="no bytes"),
        pytest.param(
            lambda path: path.write_text("Dear auditor " * 99), "damaged or not a ZIP", id="a letter"
        ),
        pytest.param(lambda path: path.mkdir(), "is a folder. Name the package in it.", id="a folder"),
        pytest.param(lambda path: None, "no such file", id="nothing"),
    ],
)
def test_what_is_no_archive_is_named(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "package.zip"
    make(path)
    assert said in refused(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_with_a_name_does_not_keep_us_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "package.zip")
    with pytest.raises(ArchiveUnreadable, match="is not a file"):
        contents(tmp_path / "package.zip")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sealed(tmp_path / "package.zip")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", forbidden)  # the superuser, who may run this, may read everything
    with pytest.raises(ArchiveUnreadable, match=r"cannot be read \(Permission denied\)"):
        contents(path)


@pytest.mark.parametrize("passphrase", ["", "orbit-lantern-velvet-mos", "\udcff\x00", "x" * 10_000])
def test_another_passphrase_is_told_and_not_quoted(tmp_path: Path, passphrase: str) -> None:
    said = refused(sealed(tmp_path / "package.zip"), passphrase)
    assert said == "another passphrase was used. Try again."


def test_a_package_for_another_key_is_told(tmp_path: Path) -> None:
    said = refused(aged(tmp_path / "package.age"), identities_of(tmp_path, OTHER))
    assert said == "is encrypted for another key. Give the key whose public half it was made for."


def test_a_passphrase_where_a_key_is_needed_and_the_other_way_round(tmp_path: Path) -> None:
    assert "Give your key instead of a passphrase" in refused(aged(tmp_path / "package.age"))
    assert "Give its passphrase instead" in refused(
        sealed(tmp_path / "package.zip"), identities_of(tmp_path, OWNER)
    )


@pytest.mark.parametrize("left", [1, 21, 22, 100, -1, -22, -23, -100])
def test_a_zip_that_was_cut_short_is_named(tmp_path: Path, left: int) -> None:
    path = sealed(tmp_path / "package.zip")
    path.write_bytes(path.read_bytes()[:left])
    assert "damaged" in refused(path)


@pytest.mark.parametrize("left", [20, 100, 200, 300, -1, -100])
def test_an_age_file_that_was_cut_short_is_named(tmp_path: Path, left: int) -> None:
    path = aged(tmp_path / "package.age")
    path.write_bytes(path.read_bytes()[:left])
    assert refused(path, identities_of(tmp_path, OWNER)) == "is damaged or cut short. Fetch it again."


def test_an_age_file_may_be_larger_than_what_age_encrypts_at_once(tmp_path: Path) -> None:
    random = os.urandom(300_000)  # several of its pieces of 64 KiB
    target = tmp_path / "package.age"
    with sealed_archive(target, read_recipients([str(OWNER.to_public())])) as writing:
        writing.write("a.csv", [random], size_at_most=len(random))
    assert contents(target, identities_of(tmp_path, OWNER)) == {"a.csv": random}
    whole = bytearray(target.read_bytes())
    whole[-70_000] ^= 1
    target.write_bytes(whole)
    assert "damaged" in refused(target, identities_of(tmp_path, OWNER))


@pytest.mark.parametrize("content", [b"", b"Dear auditor", b"PK\x05\x06"])
def test_an_age_file_without_an_archive_in_it_is_named(tmp_path: Path, content: bytes) -> None:
    path = aged(tmp_path / "package.age", content)
    assert "damaged or not a ZIP" in refused(path, identities_of(tmp_path, OWNER))


def foreign(target: Path, build: Callable[[pyzipper.AESZipFile], None], *, encrypted: bool = True) -> Path:
    with pyzipper.AESZipFile(
        target,
        "w",
        compression=pyzipper.ZIP_DEFLATED,
        encryption=pyzipper.WZ_AES if encrypted else None,
    ) as archive:
        if encrypted:
            archive.setpassword(PASSPHRASE.encode())
        build(archive)
    return target


def named(*names: str) -> Callable[[pyzipper.AESZipFile], None]:
    def build(archive: pyzipper.AESZipFile) -> None:
        for name in names:
            archive.NameToInfo.clear()  # it warns of names that it knows
            archive.writestr("placeholder", b"x")
            entry = archive.filelist[-1]
            entry.filename = entry.orig_filename = name

    return build


def with_mode(mode: int, dos: int = 0) -> Callable[[pyzipper.AESZipFile], None]:
    def build(archive: pyzipper.AESZipFile) -> None:
        entry = Entry("payroll.csv")
        entry.external_attr = mode << 16 | dos
        archive.writestr(entry, b"/etc/passwd")

    return build


def compressed(method: int) -> Callable[[pyzipper.AESZipFile], None]:
    return lambda archive: archive.writestr("payroll.csv", b"x" * 999, compress_type=method)


NAME = "a name that nfi never gives"


@pytest.mark.parametrize(
    ("build", "said"),
    [
        pytest.param(lambda archive: None, "holds no files", id="nothing in it"),
        *(
            pytest.param(named(name), NAME, id=repr(name))
            for name in (
                *("../payroll.csv", "lookups/../../payroll.csv", "/etc/passwd", "./payroll.csv", ".."),
                *("C:\\payroll.csv", "C:payroll.csv", "lookups\\payroll.csv", "\\\\server\\share", "a//b"),
                *("payroll.csv\0.exe", "payroll\n.csv", "\x1b[2Jpayroll.csv", "p\u0430yroll.csv", "a b.csv"),
                *(
                    "CON",
                    "lookups/nul.csv",
                    "com1.txt",
                    "payroll.csv.",
                    "payroll.csv ",
                    "lookups/",
                    ".hidden",
                ),
            )
        ),
        pytest.param(named("a.csv", "a.csv"), "holds 'a.csv' more than once", id="twice the same name"),
        pytest.param(
            named("a.csv", "A.CSV"), "holds 'A.CSV' more than once", id="names that Windows takes for one"
        ),
        pytest.param(with_mode(stat.S_IFLNK | 0o777), "is a link", id="symbolic link"),
        pytest.param(with_mode(stat.S_IFCHR | 0o666), "is a link or something else", id="device"),
        pytest.param(with_mode(stat.S_IFDIR | 0o755), "is a link or something else", id="folder"),
        pytest.param(with_mode(0, dos=0x10), "is a link or something else", id="folder as DOS has it"),
        pytest.param(compressed(pyzipper.ZIP_BZIP2), "packed in a way", id="bzip2"),
        pytest.param(compressed(pyzipper.ZIP_LZMA), "packed in a way", id="LZMA"),
    ],
)
def test_an_archive_that_could_mislead_is_refused(
    tmp_path: Path, build: Callable[[pyzipper.AESZipFile], None], said: str
) -> None:
    path = foreign(tmp_path / "package.zip", build)
    assert said in refused(path)


@pytest.mark.parametrize(("files", "said"), [(5, None), (6, "holds 6 files, more than the 5 that nfi reads")])
def test_no_more_files_are_read_than_a_package_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, said: str | None
) -> None:
    monkeypatch.setattr(archive_listing, "MOST_FILES", 5)
    package = {f"{number}.csv": b"x" for number in range(files)}
    path = sealed(tmp_path / "package.zip", package)
    if said:
        assert said in refused(path)
    else:
        assert contents(path) == package


def test_a_list_of_files_without_end_is_not_even_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs.sealed.archive, "_AT_ONCE", 2_000)
    path = foreign(tmp_path / "package.zip", named(*(f"{number}.csv" for number in range(50))))
    assert "damaged or not a ZIP" in refused(path)


@pytest.mark.parametrize(
    "keys",
    [{"encryption": None}, {"encryption": pyzipper.WZ_AES, "encryption_kwargs": {"nbits": 128}}],
    ids=["not encrypted", "AES-128"],
)
def test_weaker_encryption_is_refused(tmp_path: Path, keys: dict[str, object]) -> None:
    path = tmp_path / "package.zip"
    with pyzipper.AESZipFile(path, "w", **keys) as archive:
        if keys["encryption"]:
            archive.setpassword(PASSPHRASE.encode())
        archive.writestr("payroll.csv", b"x")
    assert "holds 'payroll.csv', which is not encrypted with AES-256" in refused(path)


def test_the_old_encryption_of_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("payroll.csv", b"x" * 100)
    content = bytearray(path.read_bytes())
    content[6] |= 1  # as flagged in front of the contents …
    content[content.index(b"PK\x01\x02") + 8] |= 1  # … and in the list
    path.write_bytes(content)
    assert "not encrypted with AES-256" in refused(path)


def test_one_plain_file_among_encrypted_ones_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    sealed(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("notes.csv", b"look here")
    assert "holds 'notes.csv', which is not encrypted" in refused(path)


def inner(build: Callable[[zipfile.ZipFile], None]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        build(archive)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "said"), [("../payroll.csv", NAME), ("payroll.csv", None)], ids=["way out", "sound"]
)
def test_inside_age_the_same_holds(tmp_path: Path, name: str, said: str | None) -> None:
    content = inner(lambda archive: archive.writestr(name, b"x"))
    path = aged(tmp_path / "package.age", content)
    if said:
        assert said in refused(path, identities_of(tmp_path, OWNER))
    else:
        assert contents(path, identities_of(tmp_path, OWNER)) == {name: b"x"}


def test_an_encrypted_zip_inside_age_is_refused(tmp_path: Path) -> None:
    content = sealed(tmp_path / "inner.zip").read_bytes()
    said = refused(aged(tmp_path / "package.age", content), identities_of(tmp_path, OWNER))
    assert "which is encrypted once more" in said


def test_an_archive_in_the_archive_stays_what_it_is(tmp_path: Path) -> None:
    nested = inner(lambda archive: archive.writestr("../way-out.csv", b"x"))
    assert contents(sealed(tmp_path / "package.zip", {"inner.zip": nested})) == {"inner.zip": nested}


LOCAL, LISTED = b"PK\x03\x04", b"PK\x01\x02"


def patched(path: Path, mark: bytes, offset: int, value: bytes, *, nth: int = 0) -> Path:
    """The archive, with other bytes at an offset behind the nth header of a kind."""
    content = bytearray(path.read_bytes())
    start = -1
    for _ in range(nth + 1):
        start = content.index(mark, start + 1)
    content[start + offset : start + offset + len(value)] = value
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("mark", "offset", "value", "said"),
    [
        pytest.param(
            LOCAL, 30, b"q", "two descriptions of 'payroll.csv' that differ", id="other name in front"
        ),
        pytest.param(
            LISTED, 46, b"q", "two descriptions of 'qayroll.csv' that differ", id="other name listed"
        ),
        pytest.param(LOCAL, 6, b"\0", "two descriptions", id="said to be plain in front"),
        pytest.param(LISTED, 42, struct.pack("<L", 99), "does not account for", id="another place"),
        pytest.param(LISTED, 42, struct.pack("<L", 0xFFFFFFF0), "", id="a place behind the end"),
        pytest.param(LISTED, 20, struct.pack("<L", 5), "does not account for", id="shorter than it is"),
        pytest.param(
            LISTED, 20, struct.pack("<L", 0x7FFFFFFF), "does not account for", id="longer than the file"
        ),
        pytest.param(
            LISTED, 24, struct.pack("<L", 5), "'payroll.csv' is damaged", id="said to unpack to little"
        ),
        pytest.param(
            LISTED, 24, struct.pack("<L", 99_999), "'payroll.csv' is damaged", id="to more than it does"
        ),
        pytest.param(
            LISTED, 24, struct.pack("<L", 0xFFFFFFFE), "unpack to 4,294,967,294 bytes", id="to 4 GB"
        ),
        pytest.param(LISTED, 8, struct.pack("<H", 0x41), "", id="strong encryption"),
        pytest.param(LISTED, 8, struct.pack("<H", 0x21), "packed in a way", id="a patch"),
        pytest.param(LISTED, 6, b"\xff", "damaged or not a ZIP", id="of a version to come"),
        pytest.param(LISTED, 30, struct.pack("<H", 0xFFFF), "damaged or not a ZIP", id="a list that runs on"),
    ],
)
def test_lists_that_lie_are_found_out(
    tmp_path: Path, mark: bytes, offset: int, value: bytes, said: str
) -> None:
    assert said in refused(patched(sealed(tmp_path / "package.zip"), mark, offset, value))


def test_two_entries_over_the_same_contents_are_refused(tmp_path: Path) -> None:
    """As in the bomb of David Fifield: many files out of the same few bytes."""

    def build(archive: pyzipper.AESZipFile) -> None:
        archive.writestr("a.csv", b"x" * 100_000)
        again = Entry("b.csv")
        for slot in ("compress_type", "flag_bits", "CRC", "compress_size", "file_size", "header_offset"):
            setattr(again, slot, getattr(archive.filelist[0], slot))
        again.wz_aes_vendor_id, again.wz_aes_version, again.wz_aes_strength = b"AE", 2, 3
        archive.filelist.append(again)

    assert "does not account for" in refused(foreign(tmp_path / "same.zip", build))


def test_entries_that_overlap_are_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "package.zip", {"a.csv": b"x" * 100, "b.csv": b"y" * 100})
    size = struct.unpack_from("<L", path.read_bytes(), path.read_bytes().index(LISTED) + 20)[0]
    patched(path, LISTED, 20, struct.pack("<L", size + 40))
    assert "does not account for" in refused(path)


def test_bytes_between_the_files_and_before_them_are_refused(tmp_path: Path) -> None:
    def build(archive: pyzipper.AESZipFile) -> None:
        archive.writestr("a.csv", b"x")
        archive.writestr("hidden.csv", b"a file that the list does not name")
        archive.writestr("b.csv", b"x")
        del archive.filelist[1]

    assert "does not account for" in refused(foreign(tmp_path / "between.zip", build))
    path = sealed(tmp_path / "before.zip")
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())
    assert "does not account for" in refused(path)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    entry = Entry("payroll.csv")
    entry.compress_type, entry._compresslevel = pyzipper.ZIP_DEFLATED, 9
    path = foreign(tmp_path / "bomb.zip", lambda archive: archive.writestr(entry, bytes(65 << 20)))
    assert path.stat().st_size < 1 << 17
    assert "which would unpack to 68,157,440 bytes" in refused(path)


def test_more_than_the_reader_expects_is_refused_unread(tmp_path: Path) -> None:
    with open_archive(sealed(tmp_path / "package.zip"), PASSPHRASE) as archive:
        size = archive.sizes["payroll.csv"]
        assert len(archive.read_small("payroll.csv", size)) == size
        with pytest.raises(ArchiveUnreadable, match=r"payroll\.csv has 42,019 bytes, more than the 42,018"):
            archive.read_small("payroll.csv", size - 1)
        with pytest.raises(ArchiveUnreadable, match="more than the 5"), archive.open("payroll.csv", 5):
            pass


def test_a_plain_file_of_another_size_than_listed_is_found_out_inside_age(tmp_path: Path) -> None:
    for listed in (5, 1_500):
        content = bytearray(inner(lambda archive: archive.writestr("a.csv", b"x" * 1_000)))
        struct.pack_into("<L", content, content.index(LISTED) + 24, listed)
        said = refused(aged(tmp_path / "package.age", bytes(content)), identities_of(tmp_path, OWNER))
        assert said == "'a.csv' is damaged. Fetch the package again."


def test_a_changed_byte_anywhere_is_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path / "package.zip", {"payroll.csv": b'"007"|"4250"\r\n' * 3, "b/c.csv": b"x"})
    whole = path.read_bytes()
    unnoticed = []
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        path.write_bytes(changed)
        try:
            with open_archive(path, PASSPHRASE) as archive:
                _ = [archive.read_small(name) for name in archive.names]
                if archive.as_made:
                    unnoticed.append(place)
        except ArchiveUnreadable:
            pass
    assert unnoticed == []


def test_a_changed_byte_in_an_age_file_is_noticed(tmp_path: Path) -> None:
    path, identities = aged(tmp_path / "package.age"), identities_of(tmp_path, OWNER)
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        path.write_bytes(changed)
        with pytest.raises(ArchiveUnreadable):
            contents(path, identities)


@pytest.mark.skipif(SEVEN_ZIP is None, reason="7-Zip is not installed (7z, 7zz or 7za)")
def test_an_archive_packed_again_by_7_zip_opens_and_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    for name in ("payroll.csv", "datapackage.json"):
        (tmp_path / "plain" / name).write_bytes(FILES[name])
    command = [str(SEVEN_ZIP), "a", "-tzip", "-mem=AES256", f"-p{PASSPHRASE}", "../again.zip", "."]
    subprocess.run(command, cwd=tmp_path / "plain", check=True, capture_output=True)
    with open_archive(tmp_path / "again.zip", PASSPHRASE) as archive:
        assert {name: archive.read_small(name) for name in sorted(archive.names)} == {
            name: FILES[name] for name in ("datapackage.json", "payroll.csv")
        }
        assert not archive.as_made


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda archive: setattr(archive, "comment", b"PS"), id="a comment"),
        pytest.param(lambda archive: None, id="another date"),
    ],
)
def test_an_archive_packed_again_by_others_is_told_apart(
    tmp_path: Path, change: Callable[[pyzipper.AESZipFile], None]
) -> None:
    def build(archive: pyzipper.AESZipFile) -> None:
        archive.writestr("payroll.csv", b"x")
        change(archive)

    with open_archive(foreign(tmp_path / "package.zip", build), PASSPHRASE) as archive:
        assert not archive.as_made


@settings(
    max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    cut=st.none() | st.floats(0, 1),
    doubled=st.booleans(),
)
def test_no_damage_gives_anything_but_the_truth_or_one_line(
    tmp_path: Path, changes: list[tuple[float, int]], cut: float | None, doubled: bool
) -> None:
    path = sealed(tmp_path / "package.zip", {"a.csv": b"abc" * 9, "d.json": b"{}"})
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[int(place * len(content))] = value
    content = content[: int(cut * len(content))] if cut is not None else content
    path.write_bytes(content + content if doubled else content)
    try:
        assert contents(path) == {"a.csv": b"abc" * 9, "d.json": b"{}"}
    except ArchiveUnreadable:
        assert "\n" not in refused(path)


@settings(
    max_examples=examples(67), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(junk=st.binary(max_size=600), start=st.sampled_from([b"", b"PK\x03\x04", b"age-encryption.org/v1\n"]))
def test_no_junk_gives_anything_but_one_line(tmp_path: Path, junk: bytes, start: bytes) -> None:
    path = tmp_path / "package"
    path.write_bytes(start + junk)
    for secret in (PASSPHRASE, identities_of(tmp_path, OWNER)):
        with pytest.raises(ArchiveUnreadable):
            contents(path, secret)


def test_a_full_temporary_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource", reason="such limits exist on Unix alone")
    path = aged(tmp_path / "package.age")
    identities = identities_of(tmp_path, OWNER)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(OutputUnwritable) as raised:
            contents(path, identities)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "\n" not in str(raised.value)
