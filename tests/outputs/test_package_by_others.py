"""Packages opened and read with other people's tools. Every value here is invented.

Tests that need 7-Zip, age, openssl or LibreOffice skip where they are not installed.
"""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from outputs.sealed import signature
from outputs.sealed.age_keys import read_recipients
from outputs.submitted.acceptance import Acceptance
from outputs.written.record_file import planned
from outputs.written.sent_records import records_as_sent
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import DELIMITERS, FileLayout, WrittenForm, written_form
from specs.lookups import LookupTable
from specs.specification import CharacterSet
from tests.outputs.invented_records import ALLOTMENTS, RECORDS, records, surveyed
from tests.outputs.invented_submission import (
    BODY,
    PASSPHRASE,
    ROWS,
    TWO_FAULTS,
    allotments,
    contents,
    package_of,
    pensions,
    unpacked,
)
from tests.outputs.test_workbooks_in_libreoffice import SOFFICE, as_shown

SEVEN_ZIP = next(filter(None, map(shutil.which, ("7z", "7zz", "7za"))), "")
AGE, OPENSSL = shutil.which("age") or "", shutil.which("openssl") or ""
needs_seven_zip = pytest.mark.skipif(not SEVEN_ZIP, reason="needs 7-Zip (7z), which is not installed")
needs_age = pytest.mark.skipif(not AGE, reason="needs age, which is not installed")
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="needs openssl, which is not installed")
needs_libreoffice = pytest.mark.skipif(not SOFFICE, reason="needs LibreOffice, which is not installed")

TRACED = (Acceptance("tenants are being traced", "Nadia O'Neill"),)
SITES = LookupTable({"007": "by the gate, left", "012": 'the "brook"', "101": "behind the shed"})
NAMES = [field.name for field in ALLOTMENTS.fields]
FIXED = written_form(FileLayout.FIXED_WIDTH)
FORMS = [
    pytest.param(written_form(), id="as nfi chooses"),
    pytest.param(written_form(headings=False), id="no headings"),
    pytest.param(written_form(characters=CharacterSet.UTF_8), id="UTF-8"),
    pytest.param(written_form(negative_sign=NegativeSign.TRAILING), id="minus behind"),
    *(pytest.param(written_form(delimiter=each), id=name) for each, name in DELIMITERS.items()),
    pytest.param(FIXED, id="fixed width"),
    pytest.param(written_form(FileLayout.FIXED_WIDTH, headings=True), id="fixed width with headings"),
]


def told(*command: object, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*map(str, command)], capture_output=True, check=False, timeout=120, **options)


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "datapackage.json").read_bytes())
    return manifest


# --- Data Package: frictionless ---


def validated(folder: Path) -> set[tuple[str, int | None]]:
    """What frictionless finds, by type and row."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    return {(kind, row) for kind, row in report.flatten(["type", "rowNumber"])}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("form", FORMS)
def test_frictionless_finds_nothing_where_nothing_was_accepted(tmp_path: Path, form: WrittenForm) -> None:
    checked = allotments(tmp_path / "work", lookups={"plot": SITES}, without_lookup={"Remarks": "sentences"})
    package_of(checked, tmp_path / "package.zip", form=form)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    assert report.valid
    assert [task.place for task in report.tasks] == [
        "allotments.txt" if form.fixed_width else "allotments.csv"
    ]
    if not form.fixed_width:
        assert [task.stats["rows"] for task in report.tasks] == [3]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_finds_the_errors_that_were_accepted_and_no_others(tmp_path: Path) -> None:
    package_of(allotments(tmp_path / "work", TWO_FAULTS), tmp_path / "package.zip", acceptances=TRACED)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    assert validated(folder) == {("constraint-error", 5), ("primary-key", 6)}
    (data_set,) = manifest_of(folder)["nfi:data_sets"]
    errors = {each["code"]: each["first_row"] for each in data_set["sent"]["findings"][:2]}
    assert errors == {"required": 5, "duplicate_key": 5}  # nfi counts both records of one key


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("form", FORMS)
def test_frictionless_notices_a_file_that_was_changed(tmp_path: Path, form: WrittenForm) -> None:
    package_of(allotments(tmp_path / "work"), tmp_path / "package.zip", form=form)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    data = folder / manifest_of(folder)["resources"][0]["path"]
    data.write_bytes(data.read_bytes().replace(b"Nadia", b"Nadja"))
    assert {kind for kind, _ in validated(folder)} == {"hash-count"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_reads_the_same_values(tmp_path: Path) -> None:
    package_of(allotments(tmp_path / "work"), tmp_path / "package.zip")
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    package = frictionless.Package(str(folder / "datapackage.json"))
    read = [tuple(row.to_dict().values()) for row in package.get_table_resource("allotments").read_rows()]
    assert read == [
        ("007", "Nadia O'Neill", date(2019, 4, 1), 4250, 1600, None),
        ("012", 'Owen "Digger" Price, jnr', date(2024, 2, 29), -1200, None, "two sheds and a pond"),
        ("101", "Zoe Muller", None, 0, 50, None),
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_finds_every_file_of_a_data_set_in_several(tmp_path: Path) -> None:
    package_of(pensions(tmp_path / "work"), tmp_path / "package.zip", acceptances=TRACED)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert {task.place: task.stats["rows"] for task in report.tasks} == {
        "pensions-1.csv": 3,
        "pensions-3.csv": 2,
    }


# --- the archive: 7-Zip, age, Python ---


@needs_seven_zip
def test_seven_zip_tests_and_opens_the_archive_with_the_passphrase_alone(tmp_path: Path) -> None:
    package = package_of(allotments(tmp_path / "work"), tmp_path / "package.zip").package
    tested = told(SEVEN_ZIP, "t", f"-p{PASSPHRASE}", package)
    assert tested.returncode == 0, tested.stdout
    assert told(SEVEN_ZIP, "t", "-panother-passphrase", package).returncode != 0
    assert told(SEVEN_ZIP, "x", f"-p{PASSPHRASE}", f"-o{tmp_path / 'out'}", package).returncode == 0
    opened = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert opened == contents(package)
    listed = told(SEVEN_ZIP, "l", "-slt", package).stdout.decode()
    assert listed.count("Method = AES-256") == len(opened)


def test_pythons_own_reader_lists_the_archive_and_gives_nothing_away(tmp_path: Path) -> None:
    package = package_of(allotments(tmp_path / "work"), tmp_path / "package.zip").package
    with zipfile.ZipFile(package) as archive:
        assert archive.namelist() == list(contents(package))
        with pytest.raises((RuntimeError, NotImplementedError)):
            archive.read("allotments.csv", pwd=PASSPHRASE.encode())


def sealed_with_age(folder: Path) -> tuple[Path, pyrage.x25519.Identity]:
    identity = pyrage.x25519.Identity.generate()
    recipients = read_recipients([str(identity.to_public())])
    package = package_of(allotments(folder / "work"), folder / "package.zip.age", seal=recipients).package
    return package, identity


def test_a_package_of_age_opens_with_its_key_and_holds_the_same(tmp_path: Path) -> None:
    package, identity = sealed_with_age(tmp_path)
    plain = pyrage.decrypt(package.read_bytes(), [identity])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
    under_passphrase = package_of(allotments(tmp_path / "again"), tmp_path / "package.zip").package
    assert inside == contents(under_passphrase)


@needs_age
def test_age_itself_opens_it_with_the_key_alone(tmp_path: Path) -> None:
    package, identity = sealed_with_age(tmp_path)
    (tmp_path / "key.txt").write_text(f"{identity}\n")
    opened = told(AGE, "--decrypt", "-i", tmp_path / "key.txt", package)
    assert opened.returncode == 0, opened.stderr
    assert zipfile.ZipFile(io.BytesIO(opened.stdout)).testzip() is None
    (tmp_path / "other.txt").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    assert told(AGE, "--decrypt", "-i", tmp_path / "other.txt", package).returncode != 0


@needs_openssl
def test_openssl_vouches_for_the_signature_of_this_manifest_alone(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    package_of(
        allotments(tmp_path / "work"),
        tmp_path / "package.zip",
        sign=lambda content: signature.sign(content, key),
    )
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    (tmp_path / "public.pem").write_bytes(signature.public_pem(key.public_key()))

    def verified() -> int:
        return told(
            *(OPENSSL, "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "public.pem", "-rawin"),
            *("-in", folder / "datapackage.json", "-sigfile", folder / "datapackage.json.sig"),
        ).returncode

    assert verified() == 0
    manifest = folder / "datapackage.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"Anytown", b"Otherto"))
    assert verified() != 0


# --- the values: Python's csv, pandas, DuckDB ---

Read = Callable[[Path, dict[str, Any]], Sequence[Sequence[str]]]


def by_csv(file: Path, dialect: dict[str, Any]) -> Sequence[Sequence[str]]:
    text = io.StringIO(file.read_bytes().decode(), newline="")
    lines = list(
        csv.reader(
            text,
            delimiter=dialect["delimiter"],
            quotechar=dialect["quoteChar"],
            doublequote=dialect["doubleQuote"],
            skipinitialspace=dialect["skipInitialSpace"],
            strict=True,
        )
    )
    return lines[1:] if dialect["header"] else lines


def by_pandas(file: Path, dialect: dict[str, Any]) -> Sequence[Sequence[str]]:
    read = pd.read_csv(
        file,
        sep=dialect["delimiter"],
        quotechar=dialect["quoteChar"],
        doublequote=dialect["doubleQuote"],
        skipinitialspace=dialect["skipInitialSpace"],
        header=0 if dialect["header"] else None,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        encoding="utf-8",
    )
    if dialect["header"]:
        assert list(read.columns) == NAMES
    return [tuple(row) for row in read.itertuples(index=False)]


def by_duckdb(file: Path, dialect: dict[str, Any]) -> Sequence[Sequence[str]]:
    with duckdb.connect() as connection:
        read = connection.execute(
            "select * from read_csv($file, delim = $delimiter, quote = $quote, escape = $quote, "
            "header = $header, all_varchar = true, auto_detect = false, null_padding = false, "
            "columns = $columns)",
            {
                "file": str(file),
                "delimiter": dialect["delimiter"],
                "quote": dialect["quoteChar"],
                "header": dialect["header"],
                "columns": {field.column: "varchar" for field in ALLOTMENTS.fields},
            },
        ).fetchall()
    return [tuple(value or "" for value in row) for row in read]


READERS = [pytest.param(each, id=each.__name__) for each in (by_csv, by_pandas, by_duckdb)]


def in_text(rows: Sequence[Sequence[object]]) -> list[tuple[str, ...]]:
    """Typed values as text, blank for what is not known; written apart from the code under test."""
    return [
        tuple(
            f"{value.day:02}{value.month:02}{value.year:04}"
            if isinstance(value, date)
            else "" if value is None else str(value)
            for value in row
        )
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("form", [form for form in FORMS if "fixed" not in str(form.id)])
def test_a_file_reads_the_same_by_the_dialect_of_the_manifest(
    tmp_path: Path, form: WrittenForm, read: Read
) -> None:
    package_of(allotments(tmp_path / "work"), tmp_path / "package.zip", form=form)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    (resource,) = manifest_of(folder)["resources"]
    assert resource["dialect"]["lineTerminator"] == "\r\n"
    zoe = "Zoe Muller" if form.ascii_only else "Zoë Müller"
    owed = "1200-" if form.negative_sign is NegativeSign.TRAILING else "-1200"
    assert [tuple(row) for row in read(folder / resource["path"], resource["dialect"])] == [
        ("007", "Nadia O'Neill", "01042019", "4250", "1600", ""),
        ("012", 'Owen "Digger" Price, jnr', "29022024", owed, "", "two sheds and a pond"),
        ("101", zoe, "", "0", "50", ""),
    ]


@given(
    rows=RECORDS.filter(bool),
    delimiter=st.sampled_from([None, *DELIMITERS]),
    headings=st.booleans(),
    characters=st.sampled_from(CharacterSet),
)
def test_nasty_text_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[object, ...]],
    delimiter: str | None,
    headings: bool,
    characters: CharacterSet,
) -> None:
    form = written_form(delimiter=delimiter, headings=headings, characters=characters)
    batch = records(rows)
    file = planned(ALLOTMENTS, surveyed(batch, form), form)
    path = tmp_path_factory.mktemp("nasty") / "allotments.csv"
    path.write_bytes(b"".join(file.content([batch])))
    dialect = {
        "delimiter": file.delimiter,
        "quoteChar": '"',
        "doubleQuote": True,
        "skipInitialSpace": False,
        "header": headings,
    }
    sent = records_as_sent(batch, ALLOTMENTS, form)
    expected = in_text([tuple(row.values()) for row in sent.to_pylist()])
    for read in (by_csv, by_pandas, by_duckdb):
        assert [tuple(row) for row in read(path, dialect)] == expected, read.__name__


@pytest.mark.parametrize("headings", [False, True])
def test_pandas_reads_fixed_width_by_the_layout_that_comes_along(tmp_path: Path, headings: bool) -> None:
    form = written_form(FileLayout.FIXED_WIDTH, headings=headings)
    package_of(allotments(tmp_path / "work"), tmp_path / "package.zip", form=form)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    layout = pd.read_csv(folder / "layouts" / "allotments.csv")
    read = pd.read_fwf(
        folder / "allotments.txt",
        colspecs=[(start - 1, start - 1 + width) for _, start, width in layout.itertuples(index=False)],
        header=0 if headings else None,
        names=list(layout["heading"]),
        dtype=str,
        keep_default_na=False,
    )
    assert list(read.columns) == NAMES
    expected = in_text([(*row[:5], "two sheds and a pond" if row[5] else None) for row in ROWS])
    assert [tuple(row) for row in read.itertuples(index=False)] == [
        tuple(value.replace("ë", "e").replace("ü", "u") for value in row) for row in expected
    ]


def test_pandas_reads_look_up_tables_and_transliterations(tmp_path: Path) -> None:
    package_of(allotments(tmp_path / "work", lookups={"plot": SITES}), tmp_path / "package.zip")
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    sites = pd.read_csv(folder / "lookups" / "allotments-plot.csv", dtype=str)
    assert dict(zip(sites["code"], sites["meaning"], strict=True)) == SITES.meanings
    (changed,) = pd.read_csv(folder / "transliterations.csv", dtype=str).to_dict("records")
    assert changed == {
        "file": "allotments.csv",
        "row": "4",
        "field": "Tenant",
        "before": "Zoë Müller",
        "after": "Zoe Muller",
    }


# --- the cover workbook: LibreOffice ---


@needs_libreoffice
def test_libreoffice_opens_the_cover_workbook(tmp_path: Path) -> None:
    summary = package_of(
        [allotments(tmp_path / "a", TWO_FAULTS), pensions(tmp_path / "p")],
        tmp_path / "package.zip",
        acceptances=TRACED,
    )
    (workbook,) = (path for path in summary.cover_sheets if path.suffix == ".xlsx")
    sheets = as_shown(workbook)
    assert len(sheets) > 1
    words = {name: " ".join(cell for row in rows for cell in row) for name, rows in sheets.items()}
    assert all(words.values())
    assert any(BODY in each for each in words.values())
    assert not any(error in each for each in words.values() for error in ("#REF!", "#NAME?", "Err:"))
