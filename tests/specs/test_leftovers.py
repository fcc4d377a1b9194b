"""What is left when nfi ends without a chance to tidy: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from specs import leftovers
from specs.private_files import working_folder, written_whole

ROOM = Path(__file__).parents[2]

START = """
import os, signal, subprocess, sys, threading, time
from pathlib import Path
from specs import leftovers
from specs.private_files import working_folder, written_whole
here = Path(sys.argv[1])

def die():
    print("at work", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows ends processes in another way")


def run(script: str, here: Path, *, warnings: str = "error") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", warnings, "-c", START + script, str(here)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
    )


def wait_for(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.01)


def left(folder: Path) -> list[str]:
    return sorted(
        Path(parent, name).relative_to(folder).as_posix()
        for parent, folders, names in os.walk(folder)  # which does not mind that folders vanish
        for name in (*folders, *names)
    )


KILLED = {
    "in the block of a file": """
with written_whole(here / "package.zip") as temporary:
    temporary.write_text("half")
    die()
""",
    "in the block of a folder": """
with working_folder(here) as folder:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "records.parquet").write_text("plain")
    die()
""",
    "with many of both": """
from contextlib import ExitStack
with ExitStack() as stack:
    for number in range(200):
        stack.enter_context(written_whole(here / f"{number}.csv")).write_text("half")
    for _ in range(3):
        (stack.enter_context(working_folder(here)) / "x").write_text("plain")
    die()
""",
    "in a thread": """
def work():
    with written_whole(here / "package.zip") as temporary:
        temporary.write_text("half")
        die()
thread = threading.Thread(target=work)
thread.start()
thread.join()
""",
    "with odd names": """
with working_folder(here / "a b\\n\\t'\\"é") as folder, written_whole(here / "-\\\\+é.zip") as temporary:
    (folder / "x").write_text("plain")
    die()
""",
    "after a change of folder": """
os.chdir(here)
with working_folder(Path("inside")) as folder:
    (folder / "x").write_text("plain")
    os.chdir("/")
    die()
""",
    "after the watcher was ended and started again": """
with working_folder(here) as folder:
    (folder / "x").write_text("plain")
    watcher = leftovers._watcher._process
    watcher.kill()
    watcher.wait()
    with written_whole(here / "package.zip") as temporary:
        with written_whole(here / "other.zip"):
            die()
""",
}


@on_posix
@pytest.mark.parametrize("script", KILLED.values(), ids=KILLED.keys())
def test_nothing_is_left_of_a_process_that_is_killed(tmp_path: Path, script: str) -> None:
    killed = run(script, tmp_path)
    assert (killed.returncode, killed.stdout, killed.stderr) == (-signal.SIGKILL, "at work\n", "")
    wait_for(lambda: not [name for name in left(tmp_path) if "/." in f"/{name}"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@on_posix
def test_what_was_there_before_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_text("an older one")
    (tmp_path / ".hidden").write_text("somebody else's")
    killed = run(KILLED["in the block of a file"], tmp_path)
    assert killed.returncode == -signal.SIGKILL
    wait_for(lambda: left(tmp_path) == [".hidden", "package.zip"])
    assert (tmp_path / "package.zip").read_text() == "an older one"


@on_posix
def test_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "ledger.csv").write_text("not ours")
    run(
        """
with working_folder(here) as folder:
    (folder / "link").symlink_to(here / "elsewhere")
    die()
""",
        tmp_path,
    )
    wait_for(lambda: left(tmp_path) == ["elsewhere", "elsewhere/ledger.csv"])


@on_posix
@pytest.mark.parametrize(
    "way",
    ["", "sys.exit(3)", "os._exit(3)", "raise KeyboardInterrupt", "os.kill(os.getpid(), signal.SIGTERM)"],
    ids=["its end", "an exit", "a sudden exit", "Ctrl-C", "a signal"],
)
def test_no_process_is_left_however_nfi_ends(tmp_path: Path, way: str) -> None:
    script = f"""
with working_folder(here) as folder:
    print(leftovers._watcher._process.pid)
sys.stdout.flush()
{way}
"""
    ended = run(script, tmp_path)
    assert "ResourceWarning" not in ended.stderr
    pid = int(ended.stdout)

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        about = Path(f"/proc/{pid}/stat")  # where nobody waits for orphans, a zombie is all that is left
        return about.exists() and "Z" in about.read_text().rpartition(")")[2]

    wait_for(gone)
    assert left(tmp_path) == []


@on_posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_watcher_outlives_what_stops_nfi(tmp_path: Path, number: signal.Signals) -> None:
    killed = run(
        f"""
with working_folder(here) as folder:
    (folder / "x").write_text("plain")
    time.sleep(0.5)  # by then it is listening
    watcher = leftovers._watcher._process
    os.kill(watcher.pid, {int(number)})
    time.sleep(0.2)
    assert watcher.poll() is None
    assert os.getsid(watcher.pid) != os.getsid(0)
    die()
""",
        tmp_path,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    wait_for(lambda: left(tmp_path) == [])


@on_posix
def test_what_a_signal_kept_from_being_deleted_is_gone_when_nfi_ends(tmp_path: Path) -> None:
    ended = run(
        """
import shutil
def cut_short(*_, **__):
    raise KeyboardInterrupt
try:
    with working_folder(here) as folder:
        (folder / "x").write_text("plain")
        shutil.rmtree = cut_short
except KeyboardInterrupt:
    assert folder.exists()
""",
        tmp_path,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert left(tmp_path) == [], "and not a moment later"


@on_posix
def test_files_of_a_child_stay_while_it_works(tmp_path: Path) -> None:
    """A copy of the process (fork) has a list and a watcher of its own."""
    forked = run(
        """
with working_folder(here) as folder:
    if os.fork() == 0:
        with written_whole(here / "child.csv") as temporary:
            temporary.write_text("whole")
        os._exit(0)
    os.wait()
    assert folder.exists()
print(sorted(path.name for path in here.iterdir()))
""",
        tmp_path,
        warnings="default",
    )
    assert (forked.stdout, forked.stderr) == ("['child.csv']\n", "")


def test_work_goes_on_where_no_process_can_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(leftovers, "_watcher", leftovers._Watcher())
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    with written_whole(tmp_path / "package.zip") as temporary, working_folder(tmp_path) as folder:
        temporary.write_text("whole")
        (folder / "x").write_text("plain")
    assert left(tmp_path) == ["package.zip"]


@pytest.mark.parametrize("interpreter", [None, "", "/nowhere/python"])
def test_work_goes_on_where_the_interpreter_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interpreter: str | None
) -> None:
    monkeypatch.setattr(leftovers, "_watcher", leftovers._Watcher())
    monkeypatch.setattr(sys, "executable", interpreter)
    with written_whole(tmp_path / "package.zip") as temporary:
        temporary.write_text("whole")
    assert left(tmp_path) == ["package.zip"]


def test_a_watcher_that_keeps_ending_is_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = leftovers._Watcher()
    monkeypatch.setattr(leftovers, "_watcher", watcher)
    monkeypatch.setattr(leftovers, "_WATCHER", "raise SystemExit")
    for number in range(20):
        with written_whole(tmp_path / f"{number}.csv") as temporary:
            temporary.write_text("whole")
            if watcher._process:
                watcher._process.wait()
    assert watcher._starts == leftovers._STARTS_AT_MOST
    assert watcher._process is None
    assert len(left(tmp_path)) == 20
