"""`nfi package` as it is typed: what it asks, what it takes, what it refuses. Everyone here is invented."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pyrage
import pytest

import nfi.commands.package
import nfi.packaging
import outputs.submitted.submission
from nfi.checking import check
from outputs.sealed.age_keys import read_identities
from outputs.sealed.passphrase import VARIABLE
from outputs.submitted.manifest import Manifest, manifest_text
from outputs.submitted.open_submission import open_submission
from specs.errors import OutputUnwritable
from tests.outputs.invented_submission import contents
from tests.typed import Nfi, Outcome

PASSPHRASE = "correct horse battery staple 7"
HEADINGS = (
    *("Employee reference number", "Surname", "Forename(s)", "Address line 1", "Post code", "Date of birth"),
    *("National insurance number", "Date started", "Department", "Gross pay to date"),
)
NADIA = (
    "E7",
    "O'Neill",
    "Nadia",
    "1 High Street",
    "LS1 4AP",
    "13041951",
    "AB123456C",
    "01042001",
    "D1",
    "10",
)
ZOE = ("É7", "Müller", "Zoë, jnr", "2 Mill Lane", "LS1 4AP", "27091980", "AB123457C", "01042011", "D2", "20")
OWEN = ("E9", "Price", "Owen", "3 High Street", "LS1 4AP", "01011990", "AB123458C", "01042021", "D1", "30")
PEOPLE = (NADIA, ZOE, (*OWEN[:5], "", *OWEN[6:]), OWEN)
"""Owen stands twice, and once without his date of birth: errors of two checks."""
DEPARTMENTS = "code,meaning\nD1,Parks\nD2,Libraries\n"
EXPLAINED = ("--lookup", "payroll:Department=departments.csv")
ACCEPTED = ("--accept-errors", "agreed with the key contact", "--accepted-by", "Nadia O'Neill")
SOUND = (*EXPLAINED, *ACCEPTED)


@pytest.fixture(scope="module")
def checked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small payroll that has been checked, and what is needed to package it."""
    folder = tmp_path_factory.mktemp("payroll")
    write(folder / "people.csv", PEOPLE)
    (folder / "departments.csv").write_text(DEPARTMENTS)
    check(
        [folder / "people.csv"],
        "payroll",
        folder=folder / "work",
        day=date(2026, 10, 1),
        at=datetime.now(UTC),
    )
    return folder


@pytest.fixture
def here(checked_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to work in."""
    folder = shutil.copytree(checked_once, tmp_path / "here")
    monkeypatch.chdir(folder)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    return folder


def write(path: Path, people: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> None:
    """An extract."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *people])


Terminal = Callable[[str], None]


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Say of a stream, 'stdout' or 'stderr', that it is a terminal."""

    def say(stream: str) -> None:
        monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: True)

    return say


def packaged(nfi: Nfi, *options: object, folder: str = "work") -> Outcome:
    return nfi("package", folder, "--body", "Anytown", *options)


def inside(passphrase: str = PASSPHRASE, name: str = "submission.zip") -> dict[str, bytes]:
    return contents(Path("work/submission") / name, passphrase)


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(inside()["datapackage.json"])
    return found


def refused(outcome: Outcome, code: int, *says: str) -> None:
    """One line that says so, and nothing is written."""
    assert outcome.code == code, outcome.err
    words = " ".join(outcome.err.replace("│", " ").split())
    for each in says:
        assert each in words
    assert "Traceback" not in outcome.err
    assert not Path("work/submission").exists() or not any(Path("work/submission").iterdir())


# --- look-up tables ---


@pytest.mark.usefixtures("here")
def test_a_missing_look_up_table_is_told_with_both_ways_to_answer(nfi: Nfi) -> None:
    refused(
        packaged(nfi, *ACCEPTED),
        1,
        "'Department' holds codes and has no look-up table",
        '--lookup "payroll:Department=FILE"',
        '--no-lookup "payroll:Department=REASON"',
    )


@pytest.mark.usefixtures("here")
def test_a_look_up_table_that_is_given_goes_along(nfi: Nfi) -> None:
    outcome = packaged(nfi, *SOUND)
    assert outcome.code == 0, outcome.err
    table = inside()["lookups/payroll-department.csv"].decode()
    assert list(csv.reader(io.StringIO(table))) == [["code", "meaning"], ["D1", "Parks"], ["D2", "Libraries"]]
    assert manifest()["nfi:data_sets"][0]["lookups"] == [
        {"field": "Department", "path": "lookups/payroll-department.csv", "given_when_packaging": True}
    ]


@pytest.mark.usefixtures("here")
def test_a_reason_takes_the_place_of_a_table(nfi: Nfi) -> None:
    assert packaged(nfi, *ACCEPTED, "--no-lookup", "payroll:department= the receiver \t has it").code == 0
    assert manifest()["nfi:data_sets"][0]["lookups"] == [
        {"field": "Department", "reason": "the receiver has it"}
    ]
    assert not any(name.startswith("lookups/") for name in inside())


@pytest.mark.usefixtures("here")
def test_at_a_terminal_a_person_is_asked(nfi: Nfi, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = io.StringIO("departments.csv\n")
    answers.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", answers)
    outcome = packaged(nfi, *ACCEPTED)
    assert outcome.code == 0, outcome.err
    assert "File of code and meaning" in outcome.err
    assert "lookups/payroll-department.csv" in inside()


@pytest.mark.usefixtures("here")
def test_at_a_terminal_a_person_can_give_the_reason(nfi: Nfi, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = io.StringIO("\nthe receiver has it\n")
    answers.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", answers)
    outcome = packaged(nfi, *ACCEPTED)
    assert outcome.code == 0, outcome.err
    assert manifest()["nfi:data_sets"][0]["lookups"][0]["reason"] == "the receiver has it"


@pytest.mark.usefixtures("here")
def test_a_table_that_lacks_a_code_is_told_by_number_and_not_by_code(nfi: Nfi) -> None:
    Path("departments.csv").write_text("code,meaning\nD1,Parks\n")
    outcome = packaged(nfi, *SOUND)
    refused(outcome, 1, "lacks 1 of the codes", "in 1 record")
    assert "D2" not in outcome.err


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        pytest.param(("--lookup", "payrol:Department=d.csv"), 2, "did you mean 'payroll'?", id="data set"),
        pytest.param(("--lookup", "payroll:Departmnt=d.csv"), 2, "did you mean 'Department'?", id="field"),
        pytest.param(("--lookup", "payroll:Date of birth=d.csv"), 2, "holds no codes", id="a date"),
        pytest.param(("--lookup", "Department=d.csv"), 2, "write data set, field and file", id="form"),
        pytest.param(("--lookup", "payroll:Department=gone.csv"), 3, "gone.csv", id="no such file"),
        pytest.param(("--no-lookup", "payroll:Department="), 2, "--no-lookup", id="no reason"),
        pytest.param(("--no-lookup", "Department=plain"), 2, "write data set, field", id="none"),
        pytest.param(("--no-lookup", "payrol:Department=plain"), 2, "did you mean 'payroll'?", id="misspelt"),
        pytest.param(("--no-lookup", "payroll:Departmnt=plain"), 2, "mean 'Department'?", id="no field"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_is_said_of_look_up_tables_has_to_fit(
    nfi: Nfi, options: tuple[str, ...], code: int, says: str
) -> None:
    refused(packaged(nfi, *ACCEPTED, *options), code, says)


@pytest.mark.usefixtures("here")
def test_a_table_known_to_the_check_is_not_asked_for_again(nfi: Nfi) -> None:
    mapping = nfi("map", "people.csv", "--dataset", "payroll", "--out", "work")
    assert mapping.code == 0, mapping.err
    (saved,) = Path("work/mappings").glob("*.yaml")
    saved.write_text(saved.read_text() + "\nlookups:\n  Department: ../../departments.csv\n")
    checked = nfi("check", "people.csv", "-d", "payroll", "--out", "work", "--mapping", saved)
    assert checked.code == 1, checked.err
    assert packaged(nfi, *ACCEPTED).code == 0
    assert manifest()["nfi:data_sets"][0]["lookups"] == [
        {"field": "Department", "path": "lookups/payroll-department.csv"}
    ]
    assert inside()["audit/payroll/mapping.yaml"] == saved.read_bytes()


# --- errors that are sent ---


@pytest.mark.usefixtures("here")
def test_errors_are_accepted_check_by_check_with_the_name_of_who_does(nfi: Nfi) -> None:
    one = ("--accept", "duplicate_key=he has two posts")
    refused(packaged(nfi, *EXPLAINED, *one), 1, "errors are open: payroll: 1 (required 1).")
    both = (*one, "--accept", "required = it is on its way", "--accepted-by", "Owen Price")
    outcome = packaged(nfi, *EXPLAINED, *both)
    assert outcome.code == 0, outcome.err
    assert "5 open errors were accepted" in outcome.out  # in ASCII, É7 and E7 are one as well
    assert [(each["code"], each["reason"], each["by"]) for each in manifest()["nfi:accepted_errors"]] == [
        ("duplicate_key", "he has two posts", "Owen Price"),
        ("required", "it is on its way", "Owen Price"),
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(("--accept", "duplicate_key"), "write it so", id="no reason"),
        pytest.param(("--accept", "duplicat_key=agreed"), "did you mean 'duplicate_key'?", id="misspelt"),
        pytest.param(("--accept-errors", " "), "Say why", id="blank reason"),
        pytest.param(
            ("--accept-errors", "agreed", "--accepted-by", " "), "--accepted-by NAME", id="blank name"
        ),
    ],
)
@pytest.mark.usefixtures("here")
def test_an_acceptance_has_to_say_something(nfi: Nfi, options: tuple[str, ...], says: str) -> None:
    refused(packaged(nfi, *EXPLAINED, *options), 2, says)


@pytest.fixture
def accents(nfi: Nfi, here: Path) -> Path:
    """A payroll without an error, in which two references are one once their accents are gone."""
    write(Path("people.csv"), [NADIA, ZOE, OWEN])
    assert nfi("check", "people.csv", "-d", "payroll", "--out", "work", "--as-of", "2026-10-01").code == 0
    return here


@pytest.mark.usefixtures("accents")
def test_errors_that_ascii_makes_are_refused_until_somebody_says_why(nfi: Nfi) -> None:
    refused(packaged(nfi, *EXPLAINED), 1, "(duplicate_key 2)", "--characters utf-8")
    said = packaged(nfi, *EXPLAINED, "--accept", "duplicate_key=É7 is another person")
    assert said.code == 0, said.err
    (accepted,) = manifest()["nfi:accepted_errors"]
    assert accepted["counts"] == {"payroll": {"duplicate_key": 2}}
    assert "2 open errors were accepted" in said.out


@pytest.mark.usefixtures("accents")
def test_in_utf_8_they_are_no_errors(nfi: Nfi) -> None:
    outcome = packaged(nfi, *EXPLAINED, "--characters", "utf-8")
    assert outcome.code == 0, outcome.err
    assert "É7" in inside()["payroll.csv"].decode()
    assert "transliterations.csv" not in inside()
    assert manifest()["nfi:accepted_errors"] == []


# --- the form of the files ---


@pytest.mark.parametrize(
    ("options", "first", "delimiter"),
    [
        pytest.param((), '"E7"', "|", id="pipe where a comma occurs"),
        pytest.param(("--delimiter", "comma"), '"E7"', ",", id="comma"),
        pytest.param(("--delimiter", "~"), '"E7"', "~", id="tilde"),
        pytest.param(("--no-headings",), '"E7"', "|", id="no headings"),
    ],
)
@pytest.mark.usefixtures("here")
def test_delimiter_and_headings(nfi: Nfi, options: tuple[str, ...], first: str, delimiter: str) -> None:
    outcome = packaged(nfi, *SOUND, *options)
    assert outcome.code == 0, outcome.err
    lines = inside()["payroll.csv"].decode("ascii").split("\r\n")
    headings = "--no-headings" not in options
    assert lines[0].startswith(f"Employee reference number{delimiter}") is headings
    assert lines[headings].startswith(f"{first}{delimiter}")
    assert len(lines) == 5 + headings


@pytest.mark.usefixtures("here")
def test_fixed_width_with_a_layout_of_ones_own(nfi: Nfi) -> None:
    assert packaged(nfi, *SOUND, "--fixed-width").code == 0
    layout = inside()["layouts/payroll.csv"].decode()
    wider = [line.split(",") for line in layout.split("\r\n")[:-1]]
    moved = "\n".join(
        ",".join(line if number == 0 else [line[0], str(int(line[1]) + 5), line[2]])
        for number, line in enumerate(wider)
    )
    Path("mine.csv").write_text(moved)
    outcome = packaged(nfi, *SOUND, "--layout", "payroll=mine.csv", "--overwrite")
    assert outcome.code == 0, outcome.err
    assert all(line.startswith("     ") for line in inside()["payroll.txt"].decode().split("\r\n")[:-1])


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        pytest.param(("--delimiter", "semicolon"), 2, "comma, pipe, tilde", id="delimiter"),
        pytest.param(
            ("--fixed-width", "--delimiter", "comma"), 2, "fixed width: has no delimiter", id="both"
        ),
        pytest.param(("--fixed-width", "--characters", "utf-8"), 2, "always ASCII", id="wide characters"),
        pytest.param(("--characters", "latin-1"), 2, "latin-1", id="characters"),
        pytest.param(("--layout", "payroll"), 2, "--layout", id="layout without file"),
        pytest.param(("--layout", "payrol=l.csv"), 2, "did you mean 'payroll'?", id="layout of no data set"),
        pytest.param(("--part", "payroll:1=people.csv"), 2, "payroll", id="a part of what is one file"),
        pytest.param(("--part", "payrol:1=people.csv"), 2, "did you mean 'payroll'?", id="a part of nothing"),
        pytest.param(("--part", "payroll"), 2, "--part", id="part without number"),
        pytest.param(("--name", "submission"), 2, ".zip", id="no ZIP"),
        pytest.param(("--name", "../out.zip"), 2, "file name", id="another folder"),
        pytest.param(("--name", ".zip"), 2, "file name", id="no name"),
        pytest.param(("--name", "..zip"), 2, "file name", id="dots alone"),
        pytest.param(("--name", ".payroll.zip"), 2, "file name", id="hidden"),
        pytest.param(("--name", " .zip"), 2, "file name", id="blank"),
        pytest.param(("--name", "pay\nroll.zip"), 2, "file name", id="line break"),
        pytest.param(("--name", "pay\x1b[2Jroll.zip"), 2, "file name", id="control characters"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_wish_that_cannot_be_fulfilled_is_refused(
    nfi: Nfi, options: tuple[str, ...], code: int, says: str
) -> None:
    refused(packaged(nfi, *SOUND, *options), code, says)


# --- several files ---


@pytest.fixture
def pensions(nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two extracts of pensions, checked as one data set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    for name, reference in (("current", "P1"), ("deferred", "P2")):
        write(Path(f"{name}.csv"), [(reference, *NADIA[1:7])], HEADINGS[:7])
    assert nfi("check", "current.csv", "deferred.csv", "-d", "pensions", "--out", "work").code in {0, 1}
    return tmp_path


@pytest.mark.usefixtures("pensions")
def test_a_person_says_which_extract_is_which_file(nfi: Nfi) -> None:
    asked = packaged(nfi, *ACCEPTED)
    refused(asked, 2, "pensions:N=current.csv", "pensions:N=deferred.csv", "1 current pensioners")
    parts = ("--part", "pensions:3=deferred.csv", "--part", "pensions:1=current.csv")
    outcome = packaged(nfi, *ACCEPTED, *parts)
    assert outcome.code == 0, outcome.err
    assert b"P1" in inside()["pensions-1.csv"]
    assert {name for name in inside() if name.startswith("pensions")} == {"pensions-1.csv", "pensions-3.csv"}


@pytest.mark.usefixtures("pensions")
def test_a_file_that_is_needed_and_missing_is_warned_of(nfi: Nfi) -> None:
    parts = ("--part", "pensions:3=deferred.csv", "--part", "pensions:2=current.csv")
    outcome = packaged(nfi, *ACCEPTED, *parts)
    assert outcome.code == 0, outcome.err
    assert "current pensioners" in outcome.err


# --- the seal ---


SHOWN = re.compile(r"Passphrase, shown this once: (\S+)")


@pytest.mark.usefixtures("here")
def test_a_generated_passphrase_is_shown_once_and_opens_the_package(
    nfi: Nfi, at_a_terminal: Terminal
) -> None:
    at_a_terminal("stderr")
    outcome = packaged(nfi, *SOUND, "--generate-passphrase")
    assert outcome.code == 0, outcome.err
    (shown,) = SHOWN.findall(outcome.err)
    assert "payroll.csv" in inside(shown)
    assert shown not in outcome.out
    written = [path.read_bytes() for path in Path("work").rglob("*") if path.is_file()]
    assert not any(shown.encode() in content for content in written)
    at_a_terminal("stderr")
    again = packaged(nfi, *SOUND, "--generate-passphrase", "--overwrite")
    assert shown not in again.err


@pytest.mark.usefixtures("here")
def test_it_is_shown_on_standard_output_where_only_that_is_a_terminal(
    nfi: Nfi, at_a_terminal: Terminal
) -> None:
    at_a_terminal("stdout")
    outcome = packaged(nfi, *SOUND, "--generate-passphrase")
    assert outcome.code == 0, outcome.err
    (shown,) = SHOWN.findall(outcome.out)
    assert "payroll.csv" in inside(shown)
    assert shown not in outcome.err


@pytest.mark.usefixtures("here")
def test_without_a_terminal_no_passphrase_is_generated(nfi: Nfi) -> None:
    outcome = packaged(nfi, *SOUND, "--generate-passphrase")
    refused(outcome, 2, "shown on a terminal alone", "--passphrase-file FILE")
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("module", "name"),
    [
        pytest.param(nfi.packaging, "write_run_record", id="run record"),
        pytest.param(nfi.commands.package, "table", id="table of what was made"),
    ],
)
@pytest.mark.parametrize("fault", [OutputUnwritable("runs: no permission."), KeyboardInterrupt()])
@pytest.mark.usefixtures("here")
def test_a_generated_passphrase_is_shown_although_something_fails_afterwards(
    nfi: Nfi,
    at_a_terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    fault: BaseException,
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(module, name, failing)
    at_a_terminal("stderr")
    outcome = packaged(nfi, *SOUND, "--generate-passphrase")
    assert outcome.code not in {0, 1}
    (shown,) = SHOWN.findall(outcome.err)
    assert "payroll.csv" in inside(shown)


@pytest.mark.usefixtures("here")
def test_of_a_package_that_found_no_place_no_passphrase_is_shown(
    nfi: Nfi, at_a_terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path("work/submission/submission.zip")

    def meanwhile(manifest: Manifest) -> bytes:
        package.write_text("made by somebody else")
        return manifest_text(manifest)

    monkeypatch.setattr(outputs.submitted.submission, "manifest_text", meanwhile)
    at_a_terminal("stderr")
    outcome = packaged(nfi, *SOUND, "--generate-passphrase")
    assert outcome.code == 2
    assert "submission.zip: exists already. Choose another name with --name" in " ".join(outcome.err.split())
    assert not SHOWN.search(outcome.err)
    assert [path.name for path in package.parent.iterdir()] == [package.name]
    assert package.read_text() == "made by somebody else"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_redirected_output_does_not_hold_the_generated_passphrase(here: Path) -> None:
    import pty  # noqa: PLC0415, Unix alone

    options = [*SOUND, "--generate-passphrase"]
    ours, theirs = pty.openpty()
    with (here / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "nfi", "package", "work", "--body", "Anytown", *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=theirs,
        )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # Linux: the end of a terminal that nobody writes to
        while piece := os.read(ours, 1 << 12):
            said += piece
    os.close(ours)
    assert process.wait() == 0, said
    (shown,) = SHOWN.findall(said.decode())
    assert "payroll.csv" in inside(shown)
    assert shown not in (here / "out.txt").read_text()


@pytest.mark.usefixtures("here")
def test_a_file_counts_more_than_the_environment(nfi: Nfi) -> None:
    Path("secret.txt").write_text("orbit-lantern-velvet-moss\n")
    assert packaged(nfi, *SOUND, "--passphrase-file", "secret.txt").code == 0
    assert "payroll.csv" in inside("orbit-lantern-velvet-moss")


@pytest.mark.parametrize(
    ("environment", "options", "says"),
    [
        pytest.param("password12345678", (), "passphrase", id="weak"),
        pytest.param("", (), "is empty", id="empty"),
        pytest.param(None, (), "--passphrase-file", id="nobody to ask"),
        pytest.param(PASSPHRASE, ("--passphrase-file", "gone.txt"), "gone.txt", id="no such file"),
        pytest.param(
            PASSPHRASE, ("--passphrase-file", "p", "--generate-passphrase"), "Choose one", id="file and new"
        ),
        pytest.param(
            PASSPHRASE, ("--age-recipient", "age1x", "--generate-passphrase"), "Choose one", id="age and new"
        ),
        pytest.param(PASSPHRASE, ("--age-recipient", "age1nonsense"), "age", id="no key of age"),
        pytest.param(PASSPHRASE, ("--sign", "gone.pem"), "gone.pem", id="no key to sign with"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_seal_that_does_not_hold_is_refused(
    nfi: Nfi,
    monkeypatch: pytest.MonkeyPatch,
    environment: str | None,
    options: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.delenv(VARIABLE)
    if environment is not None:
        monkeypatch.setenv(VARIABLE, environment)
    outcome = packaged(nfi, *SOUND, *options)
    refused(outcome, 2, says)
    assert not environment or environment not in outcome.err


@pytest.mark.usefixtures("here")
def test_for_recipients_of_age_no_passphrase_is_needed(nfi: Nfi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    identity = pyrage.x25519.Identity.generate()
    Path("key.txt").write_text(f"{identity}\n")
    outcome = packaged(nfi, *SOUND, "--age-recipient", str(identity.to_public()))
    assert outcome.code == 0, outcome.err
    package = Path("work/submission/submission.zip.age")
    with open_submission(package, read_identities(Path("key.txt"))) as submission:
        assert "payroll.csv" in submission.files
    assert not package.with_suffix("").exists()
    again = packaged(nfi, *SOUND, "--age-recipient", str(identity.to_public()))
    assert again.code == 2
    assert "exists already" in again.err


@pytest.mark.usefixtures("here")
def test_a_signed_package_is_verified_by_the_public_key(nfi: Nfi) -> None:
    assert nfi("key", "new", "finance", "--no-passphrase").code == 0
    outcome = packaged(nfi, *SOUND, "--sign", "finance.pem")
    assert outcome.code == 0, outcome.err
    shown = nfi("key", "show", "finance.pub").out.strip().splitlines()[0]
    assert shown in outcome.out
    assert len(inside()["datapackage.json.sig"]) == 64
    assert (
        json.loads(Path("work/runs/package-submission.zip.json").read_text())["made_from"]["signed"] is True
    )


# --- what is told, and what is kept ---


@pytest.mark.usefixtures("here")
def test_a_package_is_replaced_only_when_asked_for(nfi: Nfi) -> None:
    assert packaged(nfi, *SOUND).code == 0
    before = Path("work/submission/submission.zip").read_bytes()
    again = packaged(nfi, *SOUND)
    assert again.code == 2
    assert "--overwrite" in again.err
    assert Path("work/submission/submission.zip").read_bytes() == before
    assert packaged(nfi, *SOUND, "--overwrite").code == 0
    assert Path("work/submission/submission.zip").read_bytes() != before
    assert packaged(nfi, *SOUND, "--name", "second.zip").code == 0


@pytest.mark.usefixtures("here")
def test_what_was_made_is_told_on_standard_output_and_what_to_look_at_beside_it(nfi: Nfi) -> None:
    outcome = packaged(nfi, *SOUND, "--note", "Pay of casual staff  is to 31 August only.")
    assert outcome.code == 0, outcome.err
    assert re.search(r"payroll 2026-27 \(provisional\) +payroll\.csv +4 +\d+", outcome.out)
    assert "Unconfirmed" in outcome.err
    assert "nfi declare" in " ".join(outcome.err.split())
    assert manifest()["nfi:remarks"] == ["Pay of casual staff is to 31 August only."]
    assert manifest()["nfi:not_declared"]
    record = json.loads(Path("work/runs/package-submission.zip.json").read_text())
    assert f"Manifest SHA-256: {record['made_from']['manifest_sha256']}" in outcome.out
    assert record["made_from"]["checked"].keys() == {"payroll"}
    for secret in ("Nadia,", "AB123456C", PASSPHRASE):
        assert secret not in outcome.out + outcome.err + json.dumps(record)


@pytest.mark.usefixtures("here")
def test_a_folder_with_a_package_still_verifies(nfi: Nfi) -> None:
    assert packaged(nfi, *SOUND).code == 0
    assert nfi("verify", "work").code == 0
