"""Every value here is invented."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import pyzipper

from outputs.sealed.encrypted_zip import encrypted_zip

PASSPHRASE = "orbit-lantern-velvet-moss"
CHUNKS = [b"creditor,amount\r\n", b'"C1",100\r\n' * 5000]

SEVEN_ZIP = shutil.which("7z") or shutil.which("7zz") or shutil.which("7za")
needs_seven_zip = pytest.mark.skipif(SEVEN_ZIP is None, reason="7-Zip is not installed (7z, 7zz or 7za)")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    target = tmp_path / "package.zip"
    with encrypted_zip(target, PASSPHRASE) as archive:
        archive.write("payments.csv", CHUNKS, size_at_most=1_000_000)
        archive.write("read-me.txt", [b"hello\r\n"], size_at_most=7)
    return target


def seven_zip(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    assert SEVEN_ZIP is not None
    return subprocess.run([SEVEN_ZIP, *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL)


@needs_seven_zip
def test_7_zip_tests_and_extracts_it_with_the_passphrase(package: Path) -> None:
    assert seven_zip("t", f"-p{PASSPHRASE}", str(package)).returncode == 0
    assert seven_zip("x", "-so", f"-p{PASSPHRASE}", str(package), "payments.csv").stdout == b"".join(CHUNKS)


@needs_seven_zip
def test_7_zip_sees_aes_256_and_refuses_another_passphrase(package: Path) -> None:
    assert b"AES-256" in seven_zip("l", "-slt", str(package)).stdout
    assert seven_zip("t", "-panother-passphrase", str(package)).returncode != 0


def test_the_passphrase_opens_it_and_another_does_not(package: Path) -> None:
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(PASSPHRASE.encode())
        assert archive.read("payments.csv") == b"".join(CHUNKS)
        archive.setpassword(b"another-passphrase")
        with pytest.raises(RuntimeError, match="Bad password"):
            archive.read("payments.csv")


def test_the_standard_library_lists_it_and_cannot_read_it(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        assert archive.namelist() == ["payments.csv", "read-me.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.CRC for entry in archive.infolist()} == {0}, (
            "a checksum of the plain text gives it away"
        )
        with pytest.raises((NotImplementedError, RuntimeError)):
            archive.read("payments.csv")


def test_size_and_hash_are_those_of_the_plain_file(tmp_path: Path) -> None:
    with encrypted_zip(tmp_path / "package.zip", PASSPHRASE) as archive:
        written = archive.write("payments.csv", CHUNKS, size_at_most=1_000_000)
    plain = b"".join(CHUNKS)
    assert (written.path, written.bytes, written.sha256) == (
        "payments.csv",
        len(plain),
        sha256(plain).hexdigest(),
    )


@pytest.mark.parametrize("size_at_most", [100_000, 3 << 30], ids=["ordinary", "more than 2 GiB foreseen"])
def test_both_forms_of_zip_open(tmp_path: Path, size_at_most: int) -> None:
    target = tmp_path / "package.zip"
    with encrypted_zip(target, PASSPHRASE) as archive:
        archive.write("payments.csv", CHUNKS, size_at_most=size_at_most)
    with pyzipper.AESZipFile(target) as archive:
        archive.setpassword(PASSPHRASE.encode())
        assert archive.read("payments.csv") == b"".join(CHUNKS)
    if SEVEN_ZIP:
        assert seven_zip("t", f"-p{PASSPHRASE}", str(target)).returncode == 0


@pytest.mark.parametrize("fault", [OSError(28, "full"), KeyboardInterrupt(), ValueError("broken")])
def test_a_failure_inside_comes_out_as_it_is(tmp_path: Path, fault: BaseException) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise fault

    with pytest.raises(type(fault)) as raised, encrypted_zip(tmp_path / "package.zip", PASSPHRASE) as archive:
        archive.write("payments.csv", chunks(), size_at_most=1_000_000)
    assert raised.value is fault
