"""What was changed after it was made, and who notices."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from nfi.packaging import run_of_check
from nfi.sample import SampleSummary
from nfi.workspace import RecordsChanged, Workspace
from tests.typed import Nfi

PASSPHRASE = "correct horse battery staple 7"


@pytest.fixture
def work(nfi: Nfi, sample: SampleSummary, tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    for dataset in ("payroll", "creditors-standing"):
        assert nfi("check", sample.files[dataset], "-d", dataset, "--out", folder).code in {0, 1}
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE)
    return folder


def package(nfi: Nfi, work: Path, *more: object) -> int:
    secret = work.parent / "passphrase.txt"
    return nfi("package", work, "--body", "Anytown", "--passphrase-file", secret, *more).code


def hide_errors(work: Path) -> None:
    path = work / "checked/payroll.json"
    record = json.loads(path.read_text())
    record["findings"] = [each for each in record["findings"] if each["severity"] != "error"]
    path.write_text(json.dumps(record, indent=2))


def test_a_folder_that_nobody_changed_is_as_it_was_made(nfi: Nfi, work: Path) -> None:
    outcome = nfi("verify", work)
    assert outcome.code == 0
    assert outcome.out.startswith("All files are as their run records say")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            lambda work: (work / "findings/payroll.csv").write_text("nothing found"),
            "payroll.csv: not what check-payroll wrote",
            id="findings",
        ),
        pytest.param(
            lambda work: (work / "findings/payroll.xlsx").unlink(), "payroll.xlsx: missing", id="lost"
        ),
        pytest.param(hide_errors, "payroll.json: not what check-payroll wrote", id="check record"),
        pytest.param(
            lambda work: (work / "runs/check-payroll.json").write_text('{"outputs": {}}'),
            "check-payroll.json: not what the trail says of it",
            id="run record",
        ),
        pytest.param(
            lambda work: (work / "runs/check-payroll.json").unlink(),
            "the record of 'check-payroll' is in the trail, and missing",
            id="run record lost",
        ),
        pytest.param(
            lambda work: (work / "runs/trail.jsonl").write_bytes(
                (work / "runs/trail.jsonl").read_bytes().splitlines(keepends=True)[1]
            ),
            "line 1 does not follow",
            id="line taken out",
        ),
        pytest.param(
            lambda work: (work / "runs/trail.jsonl").write_text(
                (work / "runs/trail.jsonl").read_text().replace('"by": "', '"by": "x', 1)
            ),
            "line 2 does not follow",
            id="line changed",
        ),
    ],
)
def test_a_change_shows(nfi: Nfi, work: Path, change: Callable[[Path], object], says: str) -> None:
    change(work)
    outcome = nfi("verify", work)
    assert outcome.code == 1
    assert says in outcome.out


def test_errors_cannot_be_taken_out_of_a_check_before_packaging(nfi: Nfi, work: Path) -> None:
    assert package(nfi, work) == 1  # errors are open
    hide_errors(work)
    assert package(nfi, work) == 3
    assert not (work / "submission/submission.zip").exists()


@pytest.mark.parametrize("lost", ["payroll.parquet", "payroll.json"])
def test_a_data_set_that_is_half_gone_is_not_left_out_silently(nfi: Nfi, work: Path, lost: str) -> None:
    (work / "checked" / lost).unlink()
    outcome = nfi("match", work)
    assert outcome.code == 3
    assert f"{lost}: not what the check of " in outcome.err
    assert "nfi check" in outcome.err


def test_a_damaged_check_record_is_no_fault_of_our_own(nfi: Nfi, work: Path) -> None:
    (work / "checked/payroll.json").write_text("{")
    outcome = nfi("match", work)
    assert outcome.code == 3
    assert "payroll.json: not what the check of an extract wrote" in outcome.err


def test_a_trail_cut_off_by_a_power_cut_goes_on_in_a_new_line(
    nfi: Nfi, work: Path, sample: SampleSummary
) -> None:
    trail = work / "runs/trail.jsonl"
    trail.write_bytes(trail.read_bytes()[:-40])
    assert nfi("check", sample.files["payroll"], "-d", "payroll", "--out", work).code in {0, 1}
    assert json.loads(trail.read_text().splitlines()[-1])["run"] == "check-payroll"
    assert "line 2 does not follow" in nfi("verify", work).out


@pytest.fixture
def key(nfi: Nfi, tmp_path: Path) -> Path:
    """A key to sign with; its public half stands beside it."""
    assert nfi("key", "new", "council", "--out", tmp_path, "--no-passphrase").code == 0
    return tmp_path / "council.pem"


def test_a_package_is_verified_with_a_report_for_people_and_for_programs(
    nfi: Nfi, work: Path, key: Path, tmp_path: Path
) -> None:
    assert package(nfi, work, "--accept-errors", "agreed", "--sign", key) == 0
    path, secret = work / "submission/submission.zip", work.parent / "passphrase.txt"
    page, report = tmp_path / "reports/verified.html", tmp_path / "reports/verified.json"
    outcome = nfi(
        "verify",
        path,
        "--passphrase-file",
        secret,
        "--key",
        key.with_suffix(".pub"),
        "--report",
        page,
        "--report",
        report,
    )
    assert outcome.code == 0, outcome.out + outcome.err
    noted = json.loads((work / "runs/package-submission.zip.json").read_text())["made_from"][
        "manifest_sha256"
    ]
    assert f"Manifest SHA-256: {noted}" in outcome.out
    assert "Nothing differs: " in outcome.out
    assert "Unconfirmed" in outcome.err
    found = json.loads(report.read_text())
    assert (found["holds"], found["manifest_sha256"], found["json_version"]) == (True, noted, 1)
    text = page.read_text()
    assert text.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in text
    assert "<script" not in text


def test_a_byte_changed_in_the_archive_is_caught(nfi: Nfi, work: Path) -> None:
    assert package(nfi, work, "--accept-errors", "agreed") == 0
    path, secret = work / "submission/submission.zip", work.parent / "passphrase.txt"
    whole = path.read_bytes()
    codes = []
    for place in (20, 2_000, len(whole) // 2, len(whole) - 300, len(whole) - 3):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        outcome = nfi("verify", path, "--passphrase-file", secret)
        codes.append(outcome.code)
        assert "Traceback" not in outcome.out + outcome.err
    assert {*codes} <= {1, 3}


def test_a_package_for_an_age_key_is_verified_with_it(nfi: Nfi, work: Path, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "age.txt").write_text(f"{identity}\n")
    recipient = str(identity.to_public())
    packed = nfi(
        *("package", work, "--body", "Anytown", "--age-recipient", recipient, "--accept-errors", "agreed")
    )
    assert packed.code == 0, packed.err
    path = work / "submission/submission.zip.age"
    assert nfi("verify", path, "--identity", tmp_path / "age.txt").code == 0
    without = nfi("verify", path)
    assert without.code == 2
    assert "--identity" in without.err


@pytest.mark.parametrize(
    "name", ["../outside.zip", "folder/inside.zip", "C:outside.zip", "submission", "..\\x.zip"]
)
def test_a_package_stays_in_its_folder_and_is_a_zip(nfi: Nfi, work: Path, name: str) -> None:
    assert package(nfi, work, "--accept-errors", "agreed", "--name", name) == 2
    assert not (work / "submission").exists()


def test_the_record_of_a_check_names_what_it_referred_to(nfi: Nfi, work: Path, sample: SampleSummary) -> None:
    nfi("check", sample.files["creditors-history"], "-d", "creditors-history", "--out", work)
    made_from = json.loads((work / "runs/check-creditors-history.json").read_text())["made_from"]
    assert made_from["referred_to"].keys() == {"creditors-standing"}
    made_from = json.loads((work / "runs/check-payroll.json").read_text())["made_from"]
    assert made_from["referred_to"] == {}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["verify", "nowhere"], 3, "nfi has not worked here", id="no folder"),
        pytest.param(["verify", "nowhere.zip"], 3, "nowhere.zip: no such file", id="no package"),
        pytest.param(["verify", "nowhere", "--json"], 2, "are for a package", id="option of packages"),
        pytest.param(
            ["verify", "nowhere.zip", "--report", "report.txt"], 2, "as .html, for people", id="odd report"
        ),
        pytest.param(["verify", "nowhere.zip", "april.csv"], 2, "come after --against", id="no --against"),
    ],
)
def test_wrong_use_of_verify_says_what_to_do(nfi: Nfi, arguments: list[str], code: int, says: str) -> None:
    outcome = nfi(*arguments)
    assert outcome.code == code
    assert says in outcome.err


@pytest.mark.parametrize("key", ["nfi", "libraries", "made_from"])
def test_a_run_record_that_lacks_a_key_stops_packaging_in_one_line(key: str, work: Path) -> None:
    path = work / "runs/check-payroll.json"
    path.write_text(
        json.dumps({name: said for name, said in json.loads(path.read_text()).items() if name != key})
    )
    with pytest.raises(
        RecordsChanged, match=r"check-payroll\.json: .*Check payroll again: nfi check"
    ) as raised:
        run_of_check(Workspace(work), "payroll")
    assert "\n" not in str(raised.value)
