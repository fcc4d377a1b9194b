"""What is left when packaging fails: nothing. Every value here is invented."""

import contextlib
import errno
import gc
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import outputs.submitted.submission
from outputs.submitted.acceptance import Acceptance
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.open_submission import open_submission
from outputs.submitted.recheck import check_as_sent
from outputs.submitted.submission import SubmissionSummary, cover_sheets_of
from outputs.written import record_file
from outputs.written.spec_format import TYPES
from specs.catalogues import load_specification
from specs.errors import OutputUnwritable
from tests.outputs import invented_submission
from tests.outputs.invented_submission import PASSPHRASE, checked_records

HISTORY = load_specification("creditors-history")
RECORDS = 150_000  # two batches; about 8 MB once packaged, since random references hardly compress


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> CheckedDataSet:
    chance = random.Random(1)
    columns = {field.column: pa.nulls(RECORDS, TYPES[field.format]) for field in HISTORY.fields}
    columns["creditor_reference"] = pa.array([chance.randbytes(24).hex() for _ in range(RECORDS)])
    columns["total_invoice_amount"] = pa.array([chance.randrange(10**7) for _ in range(RECORDS)])
    batch = pa.RecordBatch.from_pydict(columns)
    return checked_records(tmp_path_factory.mktemp("checked"), {"ledger.csv": batch}, HISTORY)


def package_of(checked: CheckedDataSet, target: Path, *, overwrite: bool = False) -> SubmissionSummary:
    accepted = (Acceptance("an invented ledger has few columns", "Nadia O'Neill"),)
    return invented_submission.package_of(checked, target, overwrite=overwrite, acceptances=accepted)


def failing_after(calls: int, fault: BaseException, sound: Callable[..., Any]) -> Callable[..., Any]:
    """A function that works for some calls, then fails."""
    made = 0

    def function(*arguments: object, **settings: object) -> Any:
        nonlocal made
        made += 1
        if made > calls:
            raise fault
        return sound(*arguments, **settings)

    return function


STEPS = [
    pytest.param(record_file, "delimited_lines", 0, id="first batch"),
    pytest.param(record_file, "delimited_lines", 1, id="last batch"),
    pytest.param(outputs.submitted.submission, "check_as_sent", 0, id="check as sent"),
    pytest.param(outputs.submitted.submission, "cover_page", 0, id="cover page"),
    pytest.param(outputs.submitted.submission, "cover_workbook", 0, id="cover workbook"),
    pytest.param(outputs.submitted.submission, "manifest_text", 0, id="manifest"),
]


@pytest.mark.parametrize(
    ("module", "name", "calls", "fault", "seen"),
    [
        pytest.param(*step.values, fault, seen, id=f"{fault_name}-{step.id}")
        for fault, seen, fault_name, steps in [
            (OSError(errno.ENOSPC, "no space"), OutputUnwritable, "full disk", STEPS),
            (KeyboardInterrupt(), KeyboardInterrupt, "interrupted", STEPS[::2]),
            (MemoryError(), MemoryError, "out of memory", STEPS[1:2]),
            (ValueError("a fault of our own"), ValueError, "a fault of our own", STEPS[3:4]),
        ]
        for step in steps
    ],
)
def test_a_failure_in_the_middle_leaves_nothing(
    checked: CheckedDataSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    calls: int,
    fault: BaseException,
    seen: type[BaseException],
) -> None:
    monkeypatch.setattr(module, name, failing_after(calls, fault, getattr(module, name)))
    with pytest.raises(seen):
        package_of(checked, tmp_path / "package.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("module", "name", "calls"), STEPS[1:3])
def test_a_failure_leaves_an_older_package_as_it_was(
    checked: CheckedDataSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    calls: int,
) -> None:
    target = tmp_path / "package.zip"
    package_of(checked, target)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(module, name, failing_after(calls, KeyboardInterrupt(), getattr(module, name)))
    with pytest.raises(KeyboardInterrupt):
        package_of(checked, target, overwrite=True)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


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
    checked: CheckedDataSet, tmp_path: Path, size: int
) -> None:
    with pytest.raises(OutputUnwritable) as raised, no_file_larger_than(size):
        package_of(checked, tmp_path / "package.zip")
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a tiny disk, where this system lets us have one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a tiny disk needs Linux and root")

    def mounted(size: str) -> Path:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this system does not let root mount a disk")
        return folder

    yield mounted
    if folder.is_mount():
        gc.collect()  # a file that is open still belongs to the failure
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(
    "size", [pytest.param("1m", id="for the package"), pytest.param("13m", id="for the check as sent")]
)
def test_a_full_disk_is_named_and_left_empty(
    checked: CheckedDataSet, tiny_disk: Callable[[str], Path], size: str
) -> None:
    folder = tiny_disk(size)
    with pytest.raises(OutputUnwritable, match=r"the disk is full\. Free some space"):
        package_of(checked, folder / "package.zip")
    assert list(folder.iterdir()) == []


written_to: list[str] | None = None


def note_files_written(event: str, arguments: tuple[object, ...]) -> None:
    if written_to is not None and event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (
            mode is None and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        ):
            written_to.append(os.fsdecode(path) if isinstance(path, str | bytes) else str(path))


sys.addaudithook(note_files_written)


def test_nothing_plain_is_written_outside_a_private_folder_that_goes(
    checked: CheckedDataSet,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modes: list[int] = []

    def watched(*arguments: Any, **settings: Any) -> Any:
        modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.iterdir() if path.is_dir())
        return check_as_sent(*arguments, **settings)

    monkeypatch.setattr(outputs.submitted.submission, "check_as_sent", watched)
    global written_to  # noqa: PLW0603, an audit hook has no other way to tell
    elsewhere = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    monkeypatch.setattr(tempfile, "tempdir", None)
    written_to = []
    try:
        package_of(checked, tmp_path / "package.zip")
    finally:
        opened, written_to = written_to, None
    outside = {path.name for path in map(Path, opened) if path.parent == tmp_path}
    inside = {path.relative_to(tmp_path).parts[0] for path in map(Path, opened) if path.parent != tmp_path}
    assert {name.rpartition(".")[0] for name in outside} == {
        *(".package.zip", ".package-cover-sheet.html", ".package-cover-sheet.xlsx")
    }
    assert all(name.startswith(".working-") for name in inside), inside
    assert modes == ([] if sys.platform == "win32" else [0o700])
    assert {*tmp_path.iterdir()} == {tmp_path / "package.zip", *cover_sheets_of(tmp_path / "package.zip")}
    assert list(elsewhere.iterdir()) == []
    plain = pq.read_table(checked.records, columns=["creditor_reference"])[0][0].as_py().encode()
    assert not any(plain in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_package_and_cover_sheets_can_be_read_by_their_owner_alone(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    summary = package_of(checked, tmp_path / "new" / "package.zip")
    assert {path.stat().st_mode & 0o777 for path in (summary.package, *summary.cover_sheets)} == {0o600}
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_records_of_several_batches_come_back_the_same(checked: CheckedDataSet, tmp_path: Path) -> None:
    package_of(checked, tmp_path / "package.zip")
    with open_submission(tmp_path / "package.zip", PASSPHRASE) as submission:
        read = pa.Table.from_batches(submission.batches(submission.manifest.resources[0]))
    assert read.equals(pq.read_table(checked.records).drop_columns("source_row"))
