"""A package made again from its extracts: all the same, or the difference by data set, row and field."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from nfi.checking import check
from nfi.packaging import PackageWishes, package
from nfi.sample import SampleSummary
from nfi.verbs import Given, verify_package
from outputs.submitted.acceptance import Acceptance
from outputs.verify import Area, State, Verdict, Verification
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout
from specs.catalogues import CATALOGUE, load_specification
from specs.data_set import ControlTotals
from specs.lookups import GivenLookup
from specs.parts import SaidPart
from specs.read import ReadingOptions
from tests.outputs.verify.tampered import changed, with_manifest
from tests.typed import Nfi

PASSPHRASE = "orbit lantern velvet moss 41"
DAY = date(2026, 10, 5)


@dataclass(frozen=True)
class Made:
    """A package and what it was made from."""

    package: Path
    extracts: tuple[Path, ...]

    def __getitem__(self, name: str) -> Path:
        return next(path for path in self.extracts if path.name == name)


Rows = list[list[str]]


def rows_of(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return [*csv.reader(file)]


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def fixed_width(rows: Rows, extract: Path, layout: Path) -> None:
    """The rows in columns of the width of their longest value, and the layout that says where these are."""
    widths = [max(map(len, column)) + 1 for column in zip(*rows, strict=True)]
    with extract.open("w", newline="", encoding="utf-8") as file:
        for row in rows[1:]:
            file.write("".join(map(str.ljust, row, widths)) + "\r\n")
    starts = [1 + sum(widths[:number]) for number in range(len(widths))]
    write(
        layout,
        [("heading", "start", "width"), *zip(rows[0], map(str, starts), map(str, widths), strict=True)],
    )


def renamed(rows: Rows, extract: Path, mapping: Path) -> None:
    """The rows under the headings of a ledger, and the mapping from these."""
    headings = [f"L{number}" for number in range(len(rows[0]))]
    write(extract, [headings, *rows[1:]])
    fields = "".join(f'  "{name}": {heading}\n' for name, heading in zip(rows[0], headings, strict=True))
    mapping.write_text(f"dataset: creditors-standing\nfields:\n{fields}", encoding="utf-8")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def made(sample: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Fixed width with corrections and a look-up table; a mapping; three months that refer to it."""
    folder = tmp_path_factory.mktemp("against")
    work = folder / "work"
    payroll, people = folder / "payroll.txt", rows_of(sample.files["payroll"])
    fixed_width(people, payroll, folder / "payroll-layout.csv")
    places = people[0].index("Department")
    names = sorted({row[places] for row in people[1:]} - {""})
    lookup = write(
        folder / "departments.csv", [("code", "meaning"), *((n, f"{n} department") for n in names)]
    )
    check(
        [payroll],
        "payroll",
        folder=work,
        reading=ReadingOptions(layout=folder / "payroll-layout.csv"),
        lookups={"Department": lookup},
        correct=True,
        day=DAY,
        at=now(),
    )
    suppliers = folder / "suppliers.csv"
    renamed(rows_of(sample.files["creditors-standing"]), suppliers, folder / "suppliers.yaml")
    check(
        [suppliers], "creditors-standing", folder=work, mapping=folder / "suppliers.yaml", day=DAY, at=now()
    )
    ledger = rows_of(sample.files["creditors-history"])
    months = [
        write(folder / f"{name}.csv", [ledger[0], *ledger[1 + part :: 3]])
        for part, name in enumerate(("april", "may", "june"))
    ]
    check(
        months,
        "creditors-history",
        folder=work,
        expected=ControlTotals(rows=len(ledger) - 1),
        day=DAY,
        at=now(),
    )
    summary = package(
        work,
        body="Anytown Council",
        seal=PASSPHRASE,
        wishes=PackageWishes(acceptances=(Acceptance("Agreed.", "Head of Finance"),), remarks=("First.",)),
        ask=lambda data_set, field: "each code is a word",
        at=now(),
    ).summary
    return Made(summary.package, (payroll, suppliers, *months))


@pytest.fixture
def against(made: Made, tmp_path: Path) -> Callable[..., Verification]:
    """Verify the package against its extracts, one of which may have been changed."""

    def run(change: Callable[[Path], None] | None = None, name: str = "") -> Verification:
        extracts = list(made.extracts)
        if change:
            changed = Path(shutil.copy(made[name], tmp_path / name))
            change(changed)
            extracts[extracts.index(made[name])] = changed
        return verify_package(made.package, PASSPHRASE, given=Given(extracts=extracts))

    return run


def repeated(found: Verification, state: State) -> dict[tuple[str, str], Verdict]:
    return {(each.subject, each.what): each for each in found.of_state(state) if each.area is Area.REPEATED}


AGAIN = "made again from the extracts"
EXTRACT = "comparison with the extract that the package was made from"


def test_the_right_extracts_give_the_same_bytes(against: Callable[..., Verification]) -> None:
    found = against()
    assert [each.in_words() for each in found.of_state(State.DIFFERS)] == []
    same = repeated(found, State.SAME)
    assert {subject for subject, what in same if what == AGAIN} >= {
        "payroll.csv",
        "creditors-standing.csv",
        "creditors-history.csv",
        "lookups/payroll-department.csv",
        "audit/payroll/layout.yaml",
        "audit/creditors-standing/mapping.yaml",
        "cover-sheet.html",
        "cover-sheet.xlsx",
        "datapackage.json",
    }
    assert ("june.csv (creditors-history)", EXTRACT) in same
    assert found.with_extracts


def in_cell(row: int, column: int, value: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        rows = rows_of(path)
        assert rows[row - 1][column] != value
        rows[row - 1][column] = value
        write(path, rows)

    return change


def test_one_changed_cell_is_named_by_row_and_field(against: Callable[..., Verification]) -> None:
    found = against(in_cell(20, 2, "Somebody Else Entirely"), "suppliers.csv")
    differs = repeated(found, State.DIFFERS)
    assert "changed since" in (differs["suppliers.csv (creditors-standing)", EXTRACT].detail or "")
    records = differs["creditors-standing.csv", AGAIN]
    assert (records.where, records.detail) == ("row 20, Creditor name", "another value when made again")
    assert (differs["datapackage.json", AGAIN].where or "").startswith("nfi:data_sets > ")
    assert ("payroll.csv", AGAIN) in repeated(found, State.SAME)
    assert "Somebody" not in found.model_dump_json()


def test_an_exchanged_row_is_named_as_another_order(against: Callable[..., Verification]) -> None:
    def change(path: Path) -> None:
        rows = rows_of(path)
        rows[3], rows[4] = rows[4], rows[3]
        write(path, rows)

    records = repeated(against(change, "suppliers.csv"), State.DIFFERS)["creditors-standing.csv", AGAIN]
    assert (records.where, records.detail) == ("row 4, Creditor reference", "the same lines in another order")


def test_a_changed_cell_in_one_of_several_files_is_named(
    made: Made, against: Callable[..., Verification]
) -> None:
    found = against(in_cell(2, 3, "another thing bought"), "may.csv")
    differs = repeated(found, State.DIFFERS)
    assert {subject for subject, what in differs if what == EXTRACT} == {"may.csv (creditors-history)"}
    april = len(rows_of(made["april.csv"]))
    assert (
        differs["creditors-history.csv", AGAIN].where == f"row {april + 1:,}, Internal/system invoice number"
    )


def test_errors_that_nobody_accepted_are_named(against: Callable[..., Verification]) -> None:
    found = against(in_cell(20, 0, ""), "suppliers.csv")  # a creditor without reference
    differs = repeated(found, State.DIFFERS)
    assert any(what.startswith("findings in the extract: required") for _, what in differs)
    assert differs["creditors-standing.csv", AGAIN].where == "row 20, Creditor reference"


def test_what_is_missing_and_what_is_unknown_is_named(made: Made, tmp_path: Path) -> None:
    unknown = write(tmp_path / "other.csv", [["a"], ["b"]])
    found = verify_package(
        made.package, PASSPHRASE, given=Given(extracts=[made["payroll.txt"], made["april.csv"], unknown])
    )
    assert repeated(found, State.DIFFERS) == {}
    left = repeated(found, State.NOT_REPEATED)
    assert "extra" in (left["other.csv", EXTRACT].detail or "")
    assert {subject for subject, what in left if what == EXTRACT} == {
        "other.csv",
        "suppliers.csv (creditors-standing)",
        "may.csv (creditors-history)",
        "june.csv (creditors-history)",
    }
    assert left["creditors-history", "check of the extract"].detail == "not all of its extracts were given"
    assert ("datapackage.json", AGAIN) in left
    assert ("payroll.csv", AGAIN) in repeated(found, State.SAME)


def test_an_extract_under_another_name_is_known_by_its_contents(made: Made, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copy(made["suppliers.csv"], tmp_path / "Kopie von Lieferanten.csv"))
    found = verify_package(made.package, PASSPHRASE, given=Given(extracts=[elsewhere]))
    assert repeated(found, State.DIFFERS) == {}
    assert ("creditors-standing.csv", AGAIN) in repeated(found, State.SAME)


def test_another_file_of_the_same_name_beside_the_extract_is_extra(made: Made, tmp_path: Path) -> None:
    old = write(tmp_path / "suppliers.csv", [["L0"], ["last year's"]])
    found = verify_package(made.package, PASSPHRASE, given=Given(extracts=[old, made["suppliers.csv"]]))
    assert repeated(found, State.DIFFERS) == {}
    assert ("suppliers.csv", EXTRACT) in repeated(found, State.NOT_REPEATED)
    assert ("creditors-standing.csv", AGAIN) in repeated(found, State.SAME)
    assert old.read_text().startswith("L0")


def test_fields_at_places_that_no_line_has_are_a_difference(made: Made, tmp_path: Path) -> None:
    def nowhere(manifest: dict[str, Any]) -> None:
        for each in manifest["resources"]:
            each["nfi:places"] = [{"field": "Surname", "start": 0, "width": 1}]

    package = changed(made.package, tmp_path / "package.zip", with_manifest(nowhere))
    found = verify_package(package, PASSPHRASE, given=Given(extracts=[made["suppliers.csv"]]))
    assert "fields cannot stand there" in (
        repeated(found, State.DIFFERS)["all files", "packaging"].detail or ""
    )


def test_nothing_is_left_in_the_temporary_folder(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    verify_package(made.package, PASSPHRASE, given=Given(extracts=[made["suppliers.csv"]]))
    assert [*tmp_path.iterdir()] == []


HEADINGS = tuple(load_specification("pensions").by_name)
PENSIONERS = [
    {"Surname": "Ó Briain", "Forename(s)": "Nuala", "Date of birth": "01041950", "Pension to date": "-1250"},
    {"Surname": "Moss, jnr", "Forename(s)": "Ravi", "Pension to date": "125000"},
    {"Surname": "Zielińska", "Forename(s)": 'Ola "Ola"', "Date of birth": "31121949"},
]


def pensions(*people: dict[str, str]) -> Rows:
    """Rows of an extract with the published headings."""
    flagged = [
        {"Employee reference number": f"E{number}", "Ill health retirement flag": "YN"[number % 2], **person}
        for number, person in enumerate(people)
    ]
    return [[*HEADINGS], *([person.get(name, "") for name in HEADINGS] for person in flagged)]


@pytest.mark.parametrize("layout", FileLayout)
def test_parts_signs_and_tables_given_late_are_made_again(layout: FileLayout, tmp_path: Path) -> None:
    """Pensions in two files, with letters that ASCII lacks and a look-up table that the check had not."""
    extracts = [
        write(tmp_path / "now.csv", pensions(*PENSIONERS)),
        write(tmp_path / "later.csv", pensions({"Surname": "Grant", "Forename(s)": "Mo"})),
    ]
    flags = write(tmp_path / "flags.csv", [("code", "meaning"), ("Y", "yes"), ("N", "no")])
    work = tmp_path / "work"
    check(extracts, "pensions", folder=work, day=DAY, at=now())
    made = package(
        work,
        body="Anytown Council",
        seal=PASSPHRASE,
        wishes=PackageWishes(
            layout=layout,
            negative_sign=NegativeSign.TRAILING,
            parts=(SaidPart("pensions", 1, "now.csv"), SaidPart("pensions", 3, "later.csv")),
            lookups=(GivenLookup("pensions", "Ill health retirement flag", flags),),
            acceptances=(Acceptance("Agreed.", "Head of Pensions"),),
        ),
        ask=lambda data_set, field: "each code is a word",
        at=now(),
    ).summary
    found = verify_package(made.package, PASSPHRASE, given=Given(extracts=extracts))
    assert [each.in_words() for each in found.of_state(State.DIFFERS)] == []
    same = {subject for subject, what in repeated(found, State.SAME) if what == AGAIN}
    assert "transliterations.csv" in same
    assert {path for path in same if path.startswith("pensions")} == {file.path for file in made.files}

    write(extracts[0], pensions(PENSIONERS[0], PENSIONERS[1] | {"Pension to date": "125001"}, PENSIONERS[2]))
    found = verify_package(made.package, PASSPHRASE, given=Given(extracts=extracts))
    row = 3 if layout is FileLayout.DELIMITED else 2
    differs = repeated(found, State.DIFFERS)
    assert differs[made.files[0].path, AGAIN].where == f"row {row}, Pension to date"


def test_the_command_takes_extracts_after_against(nfi: Nfi, made: Made, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.write_text(PASSPHRASE)
    arguments = ("verify", made.package, "--passphrase-file", secret)
    outcome = nfi(*arguments, "--json", "--against", *made.extracts)
    assert outcome.code == 0, outcome.err
    report = json.loads(outcome.out)
    assert (report["json_version"], report["holds"], report["with_extracts"]) == (1, True, True)
    assert nfi(*arguments, made["may.csv"]).code == 2  # an extract that nobody said what it is for
    missing = nfi(*arguments, "--against", tmp_path / "gone.csv")
    assert (missing.code, missing.err.count("\n")) == (3, 1)
    assert "gone.csv: no such file" in missing.err


def test_own_specifications_earlier_checks_and_any_order_of_checks_are_repeated(
    sample: SampleSummary, tmp_path: Path
) -> None:
    """The ledger was checked before the creditors that it refers to, so that no reference was looked at."""
    work = tmp_path / "work"
    own = work / "catalogue/2026-27/creditors-standing.yaml"
    own.parent.mkdir(parents=True)
    own.write_bytes((CATALOGUE / "2026-27/creditors-standing.yaml").read_bytes() + b"# ours\n")
    extracts = [sample.files[name] for name in ("creditors-history", "creditors-standing")]
    for previous in (None, work):
        for extract in extracts:
            check([extract], extract.stem, folder=work, previous=previous, day=DAY, at=now())
        if previous is None:
            (work / "checked/creditors-standing.parquet").unlink()
    made = package(
        work,
        body="Anytown Council",
        seal=PASSPHRASE,
        wishes=PackageWishes(acceptances=(Acceptance("Agreed.", "Head of Finance"),)),
        ask=lambda data_set, field: "each code is a word",
        at=now(),
    ).summary

    without = verify_package(made.package, PASSPHRASE, given=Given(extracts=extracts))
    assert [each.in_words() for each in without.of_state(State.DIFFERS)] == []
    left = repeated(without, State.NOT_REPEATED)
    assert "--previous" in (left["creditors-history", "check of the extract"].detail or "")

    found = verify_package(made.package, PASSPHRASE, given=Given(extracts=extracts, previous=work))
    assert [each.in_words() for each in found.of_state(State.DIFFERS)] == []
    assert repeated(found, State.NOT_REPEATED) == {}
    assert ("datapackage.json", AGAIN) in repeated(found, State.SAME)
