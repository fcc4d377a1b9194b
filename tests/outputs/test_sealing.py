"""Archives sealed while they are written. Every value here is invented."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from outputs.sealed.age_keys import Recipients, read_recipients
from outputs.sealed.encrypted_zip import ArchiveWriter
from outputs.sealed.sealing import sealed_archive
from specs.errors import OutputUnwritable
from specs.private_files import written_whole

PASSPHRASE = "orbit-lantern-velvet-moss"
OWNER = pyrage.x25519.Identity.generate()
RECIPIENTS = read_recipients([str(OWNER.to_public())])
MARK = b"Nadia O'Neill, plot 007"
CHUNKS = [MARK + os.urandom(100_000) for _ in range(20)]

BITS = {"rsa": ("-b", "2048"), "ed25519": ()}
AGE = shutil.which("age")
SSH_KEYGEN = shutil.which("ssh-keygen")
needs_age = pytest.mark.skipif(AGE is None, reason="age is not installed")
needs_ssh = pytest.mark.skipif(SSH_KEYGEN is None, reason="ssh-keygen is not installed")
both_seals = pytest.mark.parametrize("seal", [PASSPHRASE, RECIPIENTS], ids=["passphrase", "age"])


def write(archive: ArchiveWriter) -> None:
    archive.write("payments.csv", CHUNKS, size_at_most=sum(map(len, CHUNKS)))
    archive.write("lookups/payments-vat.csv", [b""], size_at_most=0)


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    with sealed_archive(tmp_path / "package.age", RECIPIENTS) as archive:
        write(archive)
    return tmp_path / "package.age"


def test_the_owner_of_the_key_finds_a_zip_in_it(package: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(package.read_bytes(), [OWNER]))) as archive:
        assert archive.namelist() == ["payments.csv", "lookups/payments-vat.csv"]
        assert archive.testzip() is None
        assert archive.read("payments.csv") == b"".join(CHUNKS)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100600}


def test_the_zip_inside_is_the_same_each_time_and_the_age_file_never(package: Path, tmp_path: Path) -> None:
    with sealed_archive(tmp_path / "again.age", RECIPIENTS) as archive:
        write(archive)
    one, other = package.read_bytes(), (tmp_path / "again.age").read_bytes()
    assert one != other
    assert pyrage.decrypt(one, [OWNER]) == pyrage.decrypt(other, [OWNER])


@both_seals
def test_size_and_hash_are_those_of_the_plain_file(tmp_path: Path, seal: str | Recipients) -> None:
    with sealed_archive(tmp_path / "package", seal) as archive:
        written = archive.write("payments.csv", CHUNKS, size_at_most=3_000_000)
    plain = b"".join(CHUNKS)
    assert (written.path, written.bytes, written.sha256) == (
        "payments.csv",
        len(plain),
        sha256(plain).hexdigest(),
    )


@needs_age
def test_age_itself_opens_it(package: Path, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{OWNER}\n")
    opened = subprocess.run(
        [str(AGE), "-d", "-i", str(tmp_path / "key.txt"), str(package)], capture_output=True, check=True
    )
    assert zipfile.ZipFile(io.BytesIO(opened.stdout)).read("payments.csv") == b"".join(CHUNKS)


@needs_age
@needs_ssh
@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_age_opens_it_with_an_ssh_key(tmp_path: Path, kind: str) -> None:
    key = tmp_path / "key"
    subprocess.run([str(SSH_KEYGEN), "-q", "-t", kind, *BITS[kind], "-N", "", "-f", str(key)], check=True)
    recipients = read_recipients([str(OWNER.to_public())], [key.with_suffix(".pub")])
    with sealed_archive(tmp_path / "package.age", recipients) as archive:
        write(archive)
    opened = subprocess.run(
        [str(AGE), "-d", "-i", str(key), str(tmp_path / "package.age")], capture_output=True, check=True
    )
    assert opened.stdout == pyrage.decrypt((tmp_path / "package.age").read_bytes(), [OWNER])


@needs_age
def test_age_refuses_it_with_another_key(package: Path, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    command = [str(AGE), "-d", "-i", str(tmp_path / "key.txt"), str(package)]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("size_at_most", [3_000_000, 3 << 30], ids=["ordinary", "more than 2 GiB foreseen"])
def test_both_forms_of_zip_open(tmp_path: Path, size_at_most: int) -> None:
    target = tmp_path / "package.age"
    with sealed_archive(target, RECIPIENTS) as archive:
        archive.write("payments.csv", CHUNKS, size_at_most=size_at_most)
    content = pyrage.decrypt(target.read_bytes(), [OWNER])
    (tmp_path / "inner.zip").write_bytes(content)
    assert zipfile.ZipFile(io.BytesIO(content)).read("payments.csv") == b"".join(CHUNKS)
    if seven_zip := shutil.which("7z") or shutil.which("7zz"):
        subprocess.run([seven_zip, "t", str(tmp_path / "inner.zip")], check=True, capture_output=True)


@both_seals
@pytest.mark.parametrize("after", [0, 1, 15])
@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), MemoryError(), ValueError("broken")]
)
def test_a_failure_of_what_is_written_comes_out_as_it_is(
    tmp_path: Path, seal: str | Recipients, after: int, fault: BaseException
) -> None:
    def chunks() -> Iterator[bytes]:
        yield from CHUNKS[:after]
        raise fault

    with pytest.raises(type(fault)) as raised, sealed_archive(tmp_path / "package", seal) as archive:
        archive.write("payments.csv", chunks(), size_at_most=3_000_000)
    assert raised.value is fault
    assert "age" not in threads()


@both_seals
@pytest.mark.parametrize("size", [0, 10, 100, 5_000, 1_000_000, 2_000_000])
def test_a_disk_that_refuses_is_named_and_nothing_is_left(
    tmp_path: Path, seal: str | Recipients, size: int
) -> None:
    resource = pytest.importorskip("resource", reason="such limits exist on Unix alone")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    target = tmp_path / "package"
    try:
        with pytest.raises(OutputUnwritable) as raised, written_whole(target) as temporary:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
            with sealed_archive(temporary, seal) as archive:
                write(archive)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(raised.value) == f"{target}: cannot be written (File too large)."
    assert list(tmp_path.iterdir()) == []
    assert "age" not in threads()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
@both_seals
def test_a_full_disk_is_the_systems_own_fault(seal: str | Recipients) -> None:
    with (
        pytest.raises(OSError, match="No space left on device") as raised,
        sealed_archive(Path("/dev/full"), seal) as archive,
    ):
        write(archive)
    assert raised.value.errno == errno.ENOSPC
    assert "age" not in threads()


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), sealed_archive(tmp_path, RECIPIENTS):
        pass
    assert "age" not in threads()


written_to: list[str] | None = None


def note_files_written(event: str, arguments: tuple[object, ...]) -> None:
    if written_to is not None and event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (
            mode is None and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        ):
            written_to.append(os.fsdecode(path) if isinstance(path, str | bytes) else str(path))


sys.addaudithook(note_files_written)


@both_seals
def test_nothing_plain_is_ever_on_the_disk(tmp_path: Path, seal: str | Recipients) -> None:
    global written_to  # noqa: PLW0603, an audit hook has no other way to tell
    before = set(Path(tempfile.gettempdir()).iterdir())
    target = tmp_path / "package"
    seen: list[bytes] = []

    def chunks() -> Iterator[bytes]:
        for chunk in CHUNKS:
            seen.extend(path.read_bytes() for path in tmp_path.iterdir())
            yield chunk

    written_to = []
    try:
        with sealed_archive(target, seal) as archive:
            archive.write("payments.csv", chunks(), size_at_most=3_000_000)
    finally:
        opened, written_to = written_to, None
    assert opened == [str(target)]
    assert set(Path(tempfile.gettempdir()).iterdir()) <= before | {tmp_path}
    assert any(seen)
    assert not any(MARK in content for content in [*seen, target.read_bytes()])
