"""What stands in a package, and what is refused. Every value here is invented.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_submission.py rewrites tests/golden/submission: read the diff.
"""

import json
import logging
import os
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.sealed import signature
from outputs.sealed.passphrase import PassphraseUnfit
from outputs.submitted.acceptance import Acceptance, ErrorsOpen
from outputs.submitted.checked_data_set import CheckedDataSet, CheckedRecordsUnusable
from outputs.submitted.manifest import read_manifest
from outputs.submitted.open_submission import open_submission
from outputs.submitted.package_writer import SourceChanged
from outputs.submitted.read_back import NotReadBack
from outputs.submitted.submission import SubmissionRefused, cover_sheets_of
from outputs.written.characters import ascii_form
from outputs.written.delimited import RECORD_AT_MOST
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout, WrittenForm
from specs.errors import NfiError, OutputUnwritable
from specs.lookups import LookupTable
from specs.specification import CharacterSet
from tests.outputs.invented_records import RECORDS, SCHEMA
from tests.outputs.invented_submission import (
    ALLOTMENTS,
    ALLOTMENTS_FILE,
    BODY,
    GOLDEN,
    PASSPHRASE,
    ROWS,
    TWO_FAULTS,
    UTF_8,
    Row,
    allotments,
    checked_records,
    contents,
    of_catalogue,
    package_of,
    pensions,
    typed,
)

FIXED = WrittenForm(layout=FileLayout.FIXED_WIDTH, headings=False)
TRACED = Acceptance("tenants of two plots are being traced", "Nadia O'Neill")
SITES = LookupTable({"007": "by the gate", "012": "by the brook", "101": "behind the shed, left"})


@pytest.fixture
def checked(tmp_path: Path) -> CheckedDataSet:
    return allotments(tmp_path / "work")


def lines_of(package: Path, name: str = "allotments.csv") -> list[str]:
    return contents(package)[name].decode().split("\r\n")


def manifest_in(package: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(contents(package)["datapackage.json"])
    return manifest


def test_a_package_holds_the_data_what_explains_them_and_the_manifest_last(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    package_of(checked, tmp_path / "package.zip")
    assert list(contents(tmp_path / "package.zip")) == [
        "allotments.csv",
        "transliterations.csv",
        "audit/allotments/specification.yaml",
        "cover-sheet.html",
        "cover-sheet.xlsx",
        "datapackage.json",
    ]


def test_the_manifest_vouches_for_every_file_but_itself_and_its_signature(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    full = replace(checked, lookups={"plot": SITES}, mapping=ALLOTMENTS_FILE, layout=ALLOTMENTS_FILE)
    package_of([full, pensions(tmp_path / "p")], tmp_path / "package.zip", form=FIXED, **ACCEPTED, sign=bytes)
    inside = contents(tmp_path / "package.zip")
    described = read_manifest(inside["datapackage.json"]).described()
    assert described == {
        name: (len(content), f"sha256:{sha256(content).hexdigest()}")
        for name, content in inside.items()
        if name not in {"datapackage.json", "datapackage.json.sig"}
    }
    assert {Path(name).parent.as_posix() for name in described} == {
        *(".", "audit/allotments", "audit/pensions", "layouts", "lookups")
    }


ACCEPTED: dict[str, Any] = {"acceptances": (TRACED,)}


def test_records_leave_as_the_specification_asks(checked: CheckedDataSet, tmp_path: Path) -> None:
    package_of(checked, tmp_path / "package.zip")
    assert lines_of(tmp_path / "package.zip") == [
        "Plot|Tenant|Let since|Rent|Hours of water|Remarks",
        '"007"|"Nadia O\'Neill"|"01042019"|4250|1600|',
        '"012"|"Owen ""Digger"" Price, jnr"|"29022024"|-1200||"two sheds and a pond"',
        '"101"|"Zoe Muller"||0|50|',
        "",
    ]
    assert lines_of(tmp_path / "package.zip", "transliterations.csv") == [
        "file,row,field,before,after",
        '"allotments.csv",4,"Tenant","Zoë Müller","Zoe Muller"',
        "",
    ]


def test_in_utf_8_every_letter_stays_and_nothing_is_listed(checked: CheckedDataSet, tmp_path: Path) -> None:
    package_of(checked, tmp_path / "package.zip", form=UTF_8)
    assert '"Zoë Müller"' in lines_of(tmp_path / "package.zip")[3]
    assert "transliterations.csv" not in contents(tmp_path / "package.zip")


def test_without_headings_the_first_line_is_the_first_record(checked: CheckedDataSet, tmp_path: Path) -> None:
    package_of(checked, tmp_path / "package.zip", form=WrittenForm(headings=False))
    assert lines_of(tmp_path / "package.zip")[0].startswith('"007"|')
    assert lines_of(tmp_path / "package.zip", "transliterations.csv")[1].startswith('"allotments.csv",3,')
    assert manifest_in(tmp_path / "package.zip")["resources"][0]["dialect"]["header"] is False


def test_fixed_width_comes_with_a_layout_and_is_no_table_to_clients(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    package_of(checked, tmp_path / "package.zip", form=FIXED)
    inside = contents(tmp_path / "package.zip")
    assert "allotments.csv" not in inside
    lines = inside["allotments.txt"].decode("ascii").split("\r\n")
    layout = inside["layouts/allotments.csv"].decode().split("\r\n")
    assert len({len(line) for line in lines[:-1]}) == 1
    assert layout[0] == "heading,start,width"
    (resource,) = manifest_in(tmp_path / "package.zip")["resources"]
    assert resource["path"] == "allotments.txt"
    assert not {"type", "schema", "dialect", "rows"} & resource.keys()
    places = [f"{place['field']},{place['start']},{place['width']}" for place in resource["nfi:places"]]
    assert places == layout[1:-1]


def test_the_minus_can_stand_after_the_digits_and_the_manifest_says_so(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    form = WrittenForm(negative_sign=NegativeSign.TRAILING)
    package_of(checked, tmp_path / "package.zip", form=form)
    assert '"1200-"' in lines_of(tmp_path / "package.zip")[2]
    manifest = manifest_in(tmp_path / "package.zip")
    assert manifest["nfi:form"]["negative_sign"] == "trailing-minus"
    assert "a minus after the digits" in manifest["nfi:notes"][0]
    assert "not confirmed" in manifest["nfi:notes"][0]


GOLDEN_FILES = {
    "allotments.csv": "allotments.csv",
    "transliterations.csv": "transliterations.csv",
    "lookups/allotments-plot.csv": "lookup.csv",
    "audit/allotments/specification.yaml": "specification.yaml",
    "cover-sheet.html": "cover-sheet.html",
    "datapackage.json": "datapackage.json",
}
"""File of the package, and what it has to be; the workbook has golden cells of its own."""


@pytest.fixture
def golden_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A package in which everything has something to say, and nothing depends on what is installed."""
    monkeypatch.setattr("outputs.submitted.submission.version", lambda _name: "0.0.0")
    monkeypatch.setattr("outputs.submitted.submission.cover_workbook", lambda _manifest: b"")
    checked = allotments(
        tmp_path / "work",
        TWO_FAULTS,
        absent=["Remarks"],
        lookups={"plot": replace(SITES, meanings={**SITES.meanings, "102": "by the road"})},
        without_lookup={"Remarks": "they are sentences"},
    )
    package_of(
        checked, tmp_path / "package.zip", **ACCEPTED, remarks=["Rents from before 2019 are not held."]
    )
    return contents(tmp_path / "package.zip")


@pytest.mark.parametrize("name", GOLDEN_FILES)
def test_each_file_is_as_the_golden_one(golden_package: dict[str, bytes], name: str) -> None:
    made, golden = golden_package[name], GOLDEN / GOLDEN_FILES[name]
    if os.environ.get("NFI_REWRITE_GOLDEN") and golden != ALLOTMENTS_FILE:
        golden.write_bytes(made)
    assert made.decode() == golden.read_bytes().decode()


def test_every_file_has_a_golden_one(golden_package: dict[str, bytes]) -> None:
    assert golden_package.keys() - GOLDEN_FILES.keys() == {"cover-sheet.xlsx"}


def test_the_manifest_says_plainly_that_a_specification_is_provisional(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    summary = package_of(checked, tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    manifest = json.loads(inside["datapackage.json"])
    assert "Unconfirmed: an invented layout" in manifest["description"]
    assert manifest["nfi:data_sets"][0]["specification"]["status"] == "provisional"
    assert "Unconfirmed: an invented layout" in inside["cover-sheet.html"].decode()
    assert summary.notices == ("Unconfirmed: an invented layout for tests.",)


def test_the_manifest_ties_the_files_to_the_extract_the_mapping_and_the_specification(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    mapping, layout = tmp_path / "mapping.yaml", tmp_path / "layout.yaml"
    mapping.write_text("dataset: allotments  # as it was used\n")
    layout.write_text("columns: []  # as it was used\n")
    package_of(replace(checked, mapping=mapping, layout=layout), tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    (data_set,) = json.loads(inside["datapackage.json"])["nfi:data_sets"]
    assert data_set["specification"]["sha256"] == ALLOTMENTS.digest
    assert inside[data_set["specification"]["path"]] == ALLOTMENTS_FILE.read_bytes()
    assert inside[data_set["extract"]["mapping"]] == mapping.read_bytes()
    assert inside[data_set["extract"]["layout"]] == layout.read_bytes()
    (file,) = data_set["extract"]["files"]
    assert file["sha256"] == checked.record.extract_sha256
    assert data_set["check"]["made_from"] == checked.run.made_from


def test_the_files_are_checked_as_they_are_sent(tmp_path: Path) -> None:
    package_of(allotments(tmp_path / "work", TWO_FAULTS), tmp_path / "package.zip", **ACCEPTED)
    (data_set,) = manifest_in(tmp_path / "package.zip")["nfi:data_sets"]
    found = {(each["code"], each.get("field")): each for each in data_set["findings"]}
    sent = {(each["code"], each.get("field")): each for each in data_set["sent"]["findings"]}
    assert found.keys() - sent.keys() == {("control_characters", "Remarks")}  # they have become spaces
    both = sent["duplicate_key", "Plot"]
    assert (both["count"], both["first_row"]) == (2, 5)
    rows = b"".join(row.to_bytes(8, "little") for row in (5, 6))
    assert both["rows_sha256"] == sha256(rows).hexdigest()


def test_rows_are_those_of_the_file_that_is_sent(tmp_path: Path) -> None:
    checked = allotments(tmp_path / "work", TWO_FAULTS)
    package_of(checked, tmp_path / "package.zip", form=WrittenForm(headings=False), **ACCEPTED)
    (data_set,) = manifest_in(tmp_path / "package.zip")["nfi:data_sets"]
    rows = {each["code"]: each.get("first_row") for each in data_set["sent"]["findings"]}
    assert rows["duplicate_key"] == 4


def test_the_summary_vouches_for_the_manifest_and_shows_no_secret(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    summary = package_of(checked, tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    assert summary.manifest_sha256 == sha256(inside["datapackage.json"]).hexdigest()
    (file,) = summary.files
    assert (file.dataset, file.path, file.rows) == ("allotments", "allotments.csv", 3)
    assert file.sha256 == sha256(inside["allotments.csv"]).hexdigest()
    assert PASSPHRASE not in repr(summary)


def test_the_cover_sheets_stand_beside_the_package_too(checked: CheckedDataSet, tmp_path: Path) -> None:
    summary = package_of(checked, tmp_path / "out" / "payroll.of.may.zip")
    inside = contents(summary.package)
    assert [path.name for path in summary.cover_sheets] == [
        "payroll.of.may-cover-sheet.html",
        "payroll.of.may-cover-sheet.xlsx",
    ]
    assert [path.read_bytes() for path in summary.cover_sheets] == [
        inside["cover-sheet.html"],
        inside["cover-sheet.xlsx"],
    ]
    assert {*summary.package.parent.iterdir()} == {summary.package, *summary.cover_sheets}


@pytest.mark.parametrize(("name", "stem"), [("may.zip", "may"), ("may.zip.age", "may-age")])
def test_cover_sheets_are_named_after_the_package(name: str, stem: str) -> None:
    assert [path.name for path in cover_sheets_of(Path(name))] == [
        f"{stem}-cover-sheet.html",
        f"{stem}-cover-sheet.xlsx",
    ]


def test_nothing_in_the_package_names_the_machine_or_holds_an_unspecified_column(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    package_of(checked, tmp_path / "package.zip")
    whole = b"".join(contents(tmp_path / "package.zip").values())
    assert str(tmp_path).encode() not in whole
    assert b"source_row" not in whole


def test_a_data_set_in_several_files_is_sent_as_them(tmp_path: Path) -> None:
    summary = package_of(pensions(tmp_path / "work"), tmp_path / "package.zip", **ACCEPTED)
    assert [(file.path, file.rows) for file in summary.files] == [
        ("pensions-1.csv", 3),
        ("pensions-3.csv", 2),
    ]
    inside = contents(tmp_path / "package.zip")
    assert [line[:4] for line in inside["pensions-1.csv"].decode().split("\r\n")[1:]] == [
        *('"P1"', '"P2"', '"P3"', "")
    ]
    manifest = summary.manifest
    assert [(each.part, each.title) for each in manifest.resources] == [
        (1, "Pensions: current pensioners"),
        (3, "Pensions: deferred pensions"),
    ]
    (data_set,) = manifest.data_sets
    assert {file.name: file.part for file in data_set.extract.files} == {"deferred.csv": 3, "current.csv": 1}


def test_look_up_tables_go_along_and_the_manifest_says_what_has_none(tmp_path: Path) -> None:
    checked = allotments(
        tmp_path / "work",
        lookups={"plot": SITES},
        lookups_given_late=frozenset({"plot"}),
        without_lookup={"Remarks": "they are sentences"},
    )
    package_of(checked, tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    assert inside["lookups/allotments-plot.csv"] == SITES.as_csv()
    assert json.loads(inside["datapackage.json"])["nfi:data_sets"][0]["lookups"] == [
        {"field": "Plot", "path": "lookups/allotments-plot.csv", "given_when_packaging": True},
        {"field": "Remarks", "reason": "they are sentences"},
    ]


def test_the_order_in_which_data_sets_are_given_changes_nothing(tmp_path: Path) -> None:
    data_sets = [allotments(tmp_path / "a"), of_catalogue(tmp_path / "p", "creditors-history")]
    made = []
    for number, order in enumerate([data_sets, data_sets[::-1]]):
        package_of(order, tmp_path / f"{number}.zip", **ACCEPTED)
        made.append(contents(tmp_path / f"{number}.zip"))
    assert made[0] == made[1]
    assert [name for name in made[0] if name.endswith(".csv")] == [
        *("allotments.csv", "creditors-history.csv", "transliterations.csv")
    ]


def test_the_archive_around_them_differs_since_its_salt_is_new(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    package_of(checked, tmp_path / "1.zip")
    package_of(checked, tmp_path / "2.zip")
    assert contents(tmp_path / "1.zip") == contents(tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() != (tmp_path / "2.zip").read_bytes()


def test_a_signature_is_of_the_manifest_and_changes_no_other_file(
    checked: CheckedDataSet, tmp_path: Path
) -> None:
    key = Ed25519PrivateKey.generate()
    package_of(checked, tmp_path / "signed.zip", sign=lambda content: signature.sign(content, key))
    package_of(checked, tmp_path / "plain.zip")
    signed = contents(tmp_path / "signed.zip")
    sig = signed.pop("datapackage.json.sig")
    assert signature.verify(signed["datapackage.json"], sig, key.public_key())
    assert signed == contents(tmp_path / "plain.zip")


CONTROLS = re.compile("\r\n|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
FORMS = st.builds(WrittenForm, headings=st.booleans(), characters=st.sampled_from(CharacterSet))


def sent(value: object, form: WrittenForm) -> object:
    """What should come back: written apart from the code under test, one value at a time."""
    if not isinstance(value, str):
        return value
    spaced = CONTROLS.sub(" ", value)
    clean = spaced if spaced == value else spaced.strip()
    return (ascii_form(clean) if form.ascii_only else clean) or None


@settings(max_examples=12)
@given(rows=RECORDS.filter(bool), form=FORMS)
def test_any_records_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], form: WrittenForm
) -> None:
    folder = tmp_path_factory.mktemp("round-trip")
    checked = allotments(folder / "work", rows)
    package_of(checked, folder / "package.zip", form=form, acceptances=accepting(checked))
    with open_submission(folder / "package.zip", PASSPHRASE) as submission:
        (resource,) = submission.manifest.resources
        read = pa.Table.from_batches(submission.batches(resource), SCHEMA)
    left = pq.read_table(checked.records, columns=SCHEMA.names).to_pylist()
    assert len(left) == len(rows)
    assert read.to_pylist() == [{name: sent(each, form) for name, each in row.items()} for row in left]


def accepting(checked: CheckedDataSet) -> tuple[Acceptance, ...]:
    return (TRACED,) if any(each.severity == "error" for each in checked.record.findings) else ()


def test_open_errors_stop_a_package_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ErrorsOpen, match=r"allotments: 3 \(duplicate_key 2, required 1\).*nfi check"):
        package_of(allotments(tmp_path / "work", TWO_FAULTS), tmp_path / "package.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_accepted_errors_stand_in_the_manifest_with_reason_name_and_counts(tmp_path: Path) -> None:
    accept = (
        Acceptance(" being\ntraced ", " Nadia  O'Neill", "required"),
        Acceptance("one plot is let in halves", "Owen Price"),
    )
    checked = allotments(tmp_path / "work", TWO_FAULTS)
    summary = package_of(checked, tmp_path / "package.zip", acceptances=accept)
    assert manifest_in(tmp_path / "package.zip")["nfi:accepted_errors"] == [
        {
            "reason": "being traced",
            "by": "Nadia O'Neill",
            "code": "required",
            "counts": {"allotments": {"required": 1}},
        },
        {
            "reason": "one plot is let in halves",
            "by": "Owen Price",
            "counts": {"allotments": {"duplicate_key": 2}},
        },
    ]
    assert summary.accepted_errors == 3


def test_warnings_do_not_stop_a_package(checked: CheckedDataSet, tmp_path: Path) -> None:
    assert any(each.severity == "warning" for each in checked.record.findings)
    assert package_of(checked, tmp_path / "package.zip").accepted_errors == 0
    assert manifest_in(tmp_path / "package.zip")["nfi:accepted_errors"] == []


def test_a_package_is_never_written_over_by_accident(checked: CheckedDataSet, tmp_path: Path) -> None:
    target = tmp_path / "package.zip"
    target.write_bytes(b"the one that was sent")
    with pytest.raises(SubmissionRefused, match=r"exists already.*--overwrite"):
        package_of(checked, target)
    assert target.read_bytes() == b"the one that was sent"
    assert not any(sheet.exists() for sheet in cover_sheets_of(target))
    package_of(checked, target, overwrite=True)
    assert "allotments.csv" in contents(target)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_package_that_appears_while_another_is_made_stays_unless_it_may_go(
    checked: CheckedDataSet, tmp_path: Path, overwrite: bool
) -> None:
    target, placed = tmp_path / "package.zip", []

    def meanwhile(content: bytes) -> bytes:
        target.write_bytes(b"made by somebody else")
        return bytes(64)

    def made() -> None:
        package_of(
            checked,
            target,
            sign=meanwhile,
            overwrite=overwrite,
            placed=lambda: placed.append(contents(target)),
        )

    if overwrite:
        made()
        assert len(placed) == 1
        return
    with pytest.raises(SubmissionRefused, match=r"package\.zip: exists already.*--overwrite"):
        made()
    assert placed == []
    assert {path.name for path in tmp_path.iterdir()} == {"package.zip", "work"}
    assert target.read_bytes() == b"made by somebody else"


def test_a_record_that_verify_could_not_read_makes_no_package(tmp_path: Path) -> None:
    long = ("900", "Owen Price", None, 1, 1, "q" * (2 * RECORD_AT_MOST + 1))
    checked = allotments(tmp_path / "work", [*ROWS, long])
    with pytest.raises(NotReadBack, match=r"allotments\.csv, after row 4: a record is too long"):
        package_of(checked, tmp_path / "package.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def refused_calls(checked: CheckedDataSet, folder: Path) -> Iterator[tuple[type[NfiError], dict[str, Any]]]:
    """Every way in which a package is refused, with what has to be changed in a sound call."""
    old = of_catalogue(folder / "old", "payroll", "2012-13")
    damaged = folder / "damaged.parquet"
    damaged.write_bytes(checked.records.read_bytes()[:-30])
    not_parquet = folder / "not-parquet.parquet"
    not_parquet.write_bytes(b"Plot,Tenant\n007,Nadia O'Neill\n")
    other_specification = folder / "specification.yaml"
    other_specification.write_bytes(ALLOTMENTS_FILE.read_bytes() + b"# rolled back\n")
    file_in_the_way = folder / "file"
    file_in_the_way.write_bytes(b"")

    def but(**changes: object) -> dict[str, Any]:
        return {"data_sets": [replace(checked, **changes)]}  # type: ignore[arg-type]

    def but_record(**changes: object) -> dict[str, Any]:
        return but(record=checked.record.model_copy(update=changes))

    yield SubmissionRefused, {"data_sets": []}
    yield SubmissionRefused, {"data_sets": [checked, checked]}
    yield SubmissionRefused, {"data_sets": [checked, old]}
    yield SubmissionRefused, {"body": "  "}
    yield SubmissionRefused, {"target": folder}
    yield PassphraseUnfit, {"seal": "short-secret"[:11]}
    yield PassphraseUnfit, {"seal": BODY}
    yield OutputUnwritable, {"target": file_in_the_way / "package.zip"}
    yield CheckedRecordsUnusable, but_record(specification_digest="0" * 64)
    yield CheckedRecordsUnusable, but_record(rows=2)
    for records in (folder / "missing.parquet", folder, damaged, not_parquet):
        yield CheckedRecordsUnusable, but(records=records)
    for source in ("specification_file", "mapping", "layout"):
        yield SourceChanged, but(**{source: folder / "gone.yaml"})
    yield SourceChanged, but(specification_file=other_specification)


def test_every_refusal_is_one_line_with_what_to_do_and_no_secret(
    checked: CheckedDataSet, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    calls = [*refused_calls(checked, tmp_path)]
    before = sorted(tmp_path.iterdir())
    for kind, change in calls:
        sound: dict[str, Any] = {
            "data_sets": checked,
            "target": tmp_path / "package.zip",
            "seal": PASSPHRASE,
            "body": BODY,
        }
        call = sound | change
        with pytest.raises(kind) as raised:
            package_of(**call)
        message = str(raised.value)
        assert "\n" not in message
        assert re.search(r"(Check|Choose|Give|Name|Package|Four words|Use)\b", message), message
        shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + caplog.text
        for secret in (PASSPHRASE, "short-secret", "Nadia", "Digger"):
            assert secret not in shown
    assert sorted(tmp_path.iterdir()) == before


def test_a_passphrase_is_asked_for_last(checked: CheckedDataSet, tmp_path: Path) -> None:
    asked = []

    def ask() -> str:
        asked.append(1)
        return PASSPHRASE

    faulty = allotments(tmp_path / "faulty", TWO_FAULTS)
    with pytest.raises(ErrorsOpen):
        package_of(faulty, tmp_path / "package.zip", seal=ask)
    assert not asked
    package_of(checked, tmp_path / "package.zip", seal=ask)
    assert asked == [1]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda records: records.drop_columns(["rent"]), id="a column is missing"),
        pytest.param(
            lambda records: records.set_column(4, "rent", records["rent"].cast(pa.float64())),
            id="a sum is not in whole pence",
        ),
        pytest.param(
            lambda records: records.set_column(
                3, "let_since", pa.array([3_000_000] * 3, pa.int32()).cast(pa.date32())
            ),
            id="a year of five digits",
        ),
    ],
)
def test_records_that_a_check_would_not_have_left_are_refused(
    checked: CheckedDataSet, tmp_path: Path, change: Callable[[pa.Table], pa.Table]
) -> None:
    pq.write_table(change(pq.read_table(checked.records)), checked.records)
    with pytest.raises(CheckedRecordsUnusable, match="Check the extract again"):
        package_of(checked, tmp_path / "package.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_records_damaged_in_the_middle_are_named_rather_than_the_package(tmp_path: Path) -> None:
    many = [(f"{number}", *row[1:]) for number, row in enumerate([*ROWS] * 2000)]
    checked = checked_records(tmp_path / "work", {"allotments.csv": typed(many)})
    table = pq.read_table(checked.records)
    pq.write_table(table, checked.records, write_page_checksum=True, compression="none")
    content = bytearray(checked.records.read_bytes())
    tenants = content.index(b"Nadia")
    content[tenants : tenants + 5] = b"Nadja"
    checked.records.write_bytes(content)
    with pytest.raises(CheckedRecordsUnusable, match=r"allotments\.parquet: is damaged"):
        package_of(checked, tmp_path / "package.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_dates_far_off_are_sent_as_they_are(tmp_path: Path) -> None:
    rows = [("1", "A", date(1850, 1, 1), 1, 1, None), ("2", "B", date(2100, 12, 31), 1, 1, None)]
    checked = allotments(tmp_path / "work", rows)
    package_of(checked, tmp_path / "package.zip", acceptances=accepting(checked))
    assert [line.split(",")[2] for line in lines_of(tmp_path / "package.zip")[1:3]] == [
        '"01011850"',
        '"31122100"',
    ]


def test_the_plain_function_says_what_it_is_doing(checked: CheckedDataSet, tmp_path: Path) -> None:
    said: list[str] = []
    package_of(checked, tmp_path / "package.zip", progress=said.append)
    assert said == ["writing allotments", "checking allotments as it is sent"]
