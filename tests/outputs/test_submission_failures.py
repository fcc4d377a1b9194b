"""What is left when packaging fails: nothing. Every value here is invented."""

import contextlib
import errno
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import outputs.submission
from outputs.delimited import record_lines
from outputs.open_submission import open_submission
from outputs.spec_format import TYPES
from outputs.submission import SubmissionPart, SubmissionSummary, build_submission
from specs.catalogues import load_specification
from specs.check_record import CheckRecord, ExtractFile
from specs.errors import OutputUnwritable

PASSPHRASE = "orbit-lantern-velvet-moss"
HISTORY = load_specification("creditors-history")
RECORDS = 150_000  # three batches; about 8 MB once packaged, since random references hardly compress


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> SubmissionPart:
    chance = random.Random(1)
    columns = {field.column: pa.nulls(RECORDS, TYPES[field.format]) for field in HISTORY.fields}
    columns["creditor_reference"] = pa.array([chance.randbytes(24).hex() for _ in range(RECORDS)])
    columns["total_invoice_amount"] = pa.array([chance.randrange(10**7) for _ in range(RECORDS)])
    checked = tmp_path_factory.mktemp("checked") / "creditors-history.parquet"
    pq.write_table(pa.table(columns), checked)
    record = CheckRecord(
        dataset=HISTORY.dataset,
        exercise=HISTORY.exercise,
        specification=HISTORY.label,
        specification_digest=HISTORY.digest,
        files=(
            ExtractFile(
                name="ledger.csv",
                sha256="e" * 64,
                bytes=1,
                format="comma-separated, UTF-8",
                records=RECORDS,
                blank_rows=0,
                rows_before=0,
            ),
        ),
        records_sha256="0" * 64,
        mapping_sha256=None,
        rows=RECORDS,
        findings=(),
        version="0.1.0",
    )
    return SubmissionPart(HISTORY, checked, record)


def package_of(part: SubmissionPart, target: Path, *, overwrite: bool = False) -> SubmissionSummary:
    return build_submission([part], target, passphrase=PASSPHRASE, body="Anytown", overwrite=overwrite)


def failing_after(batches: int, fault: BaseException) -> Callable[..., bytes]:
    """A writer of lines that works for some batches, then fails."""
    sound, calls = record_lines, 0

    def write(*arguments: object, **settings: object) -> bytes:
        nonlocal calls
        calls += 1
        if calls > batches:
            raise fault
        return sound(*arguments, **settings)  # type: ignore[arg-type]

    return write


@pytest.mark.parametrize("batches", [0, 1, 2])
@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        pytest.param(OSError(errno.ENOSPC, "no space"), OutputUnwritable, id="full disk"),
        pytest.param(KeyboardInterrupt(), KeyboardInterrupt, id="interrupted"),
        pytest.param(MemoryError(), MemoryError, id="out of memory"),
        pytest.param(ValueError("a fault of our own"), ValueError, id="a fault of our own"),
    ],
)
def test_a_failure_in_the_middle_leaves_nothing(
    part: SubmissionPart,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    batches: int,
    fault: BaseException,
    seen: type[BaseException],
) -> None:
    monkeypatch.setattr(outputs.submission, "record_lines", failing_after(batches, fault))
    with pytest.raises(seen):
        package_of(part, tmp_path / "package.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_an_older_package_as_it_was(
    part: SubmissionPart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "package.zip"
    package_of(part, target)
    before = target.read_bytes()
    monkeypatch.setattr(outputs.submission, "record_lines", failing_after(1, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        package_of(part, target, overwrite=True)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The operating system itself refuses to write further, as a full disk does; needs no rights."""
    resource = pytest.importorskip("resource", reason="such limits exist on Unix alone")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 10, 5_000, 3_000_000])
def test_a_write_that_the_system_refuses_leaves_nothing(
    part: SubmissionPart, tmp_path: Path, size: int
) -> None:
    with pytest.raises(OutputUnwritable) as raised, no_file_larger_than(size):
        package_of(part, tmp_path / "package.zip")
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB, where this system lets us have one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a tiny disk needs Linux and root")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this system does not let root mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_named_and_left_empty(part: SubmissionPart, tiny_disk: Path) -> None:
    with pytest.raises(OutputUnwritable, match=r"package\.zip: the disk is full\. Free some space"):
        package_of(part, tiny_disk / "package.zip")
    assert list(tiny_disk.iterdir()) == []


written_to: list[str] | None = None


def note_files_written(event: str, arguments: tuple[object, ...]) -> None:
    if written_to is not None and event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (
            mode is None and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        ):
            written_to.append(os.fsdecode(path) if isinstance(path, str | bytes) else str(path))


sys.addaudithook(note_files_written)


def test_nothing_but_the_encrypted_archive_is_ever_opened_for_writing(
    part: SubmissionPart, tmp_path: Path
) -> None:
    global written_to  # noqa: PLW0603, an audit hook has no other way to tell
    elsewhere = set(Path(tempfile.gettempdir()).iterdir())
    written_to = []
    try:
        package_of(part, tmp_path / "package.zip")
    finally:
        opened, written_to = written_to, None
    names = {Path(path).name for path in opened}
    assert names
    assert {Path(path).parent for path in opened} == {tmp_path}
    assert all(name.startswith(".package.zip.") for name in names)
    assert set(Path(tempfile.gettempdir()).iterdir()) <= elsewhere | {tmp_path}
    plain = pq.read_table(part.checked, columns=["creditor_reference"])[0][0].as_py().encode()
    assert plain not in (tmp_path / "package.zip").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_package_can_be_read_by_its_owner_alone(part: SubmissionPart, tmp_path: Path) -> None:
    package_of(part, tmp_path / "new" / "package.zip")
    assert (tmp_path / "new" / "package.zip").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_records_of_several_batches_come_back_the_same(part: SubmissionPart, tmp_path: Path) -> None:
    package_of(part, tmp_path / "package.zip")
    with open_submission(tmp_path / "package.zip", passphrase=PASSPHRASE) as submission:
        read = pa.Table.from_batches(submission.batches("creditors-history"))
    assert read.equals(pq.read_table(part.checked))
