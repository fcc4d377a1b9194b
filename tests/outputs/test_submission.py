"""Packages of an invented data set, opened with other people's tools. Every value here is invented.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_submission.py rewrites tests/golden/submission: read the diff.
"""

import csv
import io
import json
import logging
import os
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import frictionless
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.open_submission import open_submission
from outputs.passphrase import PassphraseUnfit
from outputs.spec_format import TYPES, NegativeSign
from outputs.submission import (
    CheckedRecordsUnusable,
    ErrorsOpen,
    SubmissionPart,
    SubmissionRefused,
    SubmissionSummary,
    build_submission,
)
from specs.catalogues import load_specification
from specs.check_record import CheckRecord, ExtractFile, FindingCount, NotChecked
from specs.errors import NfiError, OutputUnwritable
from specs.specification import Severity, Specification, read_specification

GOLDEN = Path(__file__).parents[1] / "golden" / "submission"
ALLOTMENTS = read_specification(GOLDEN / "specification.yaml")
PASSPHRASE = "orbit-lantern-velvet-moss"
BODY = "Anytown Parish Council"

Row = tuple[object, ...]
ROWS: list[Row] = [
    ("007", "Nadia O'Neill", date(2019, 4, 1), 4250, 1600, None),
    ("012", 'Owen "Digger" Price, jnr', date(2024, 2, 29), -1200, None, "two sheds\nand a pond"),
    ("101", "Zoë Müller", None, 0, 50, ""),
]
BLANK_ROW: Row = (None, None, None, None, None, None)

ERROR = FindingCount(code="required", severity=Severity.ERROR, field="Tenant", count=2, first_row=3)
WARNING = FindingCount(code="required", severity=Severity.WARNING, field="Let since", count=1, first_row=4)


def schema_of(specification: Specification) -> pa.Schema:
    return pa.schema(
        [
            pa.field("source_row", pa.int64()),
            *(pa.field(field.column, TYPES[field.format]) for field in specification.fields),
        ]
    )


def records_of(rows: Sequence[Row], specification: Specification = ALLOTMENTS) -> pa.Table:
    schema = schema_of(specification)
    numbered = ((number, *row) for number, row in enumerate(rows, start=2))
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in numbered], schema)


def part_of(
    records: pa.Table,
    folder: Path,
    specification: Specification = ALLOTMENTS,
    findings: Sequence[FindingCount] = (),
) -> SubmissionPart:
    """What a check of these records would have left behind."""
    checked = folder / f"{specification.dataset}.parquet"
    pq.write_table(records, checked, row_group_size=2)
    record = CheckRecord(
        dataset=specification.dataset,
        exercise=specification.exercise,
        specification=specification.label,
        specification_digest=specification.digest,
        files=(
            ExtractFile(
                name=f"{specification.dataset}-extract.csv",
                sha256="e" * 64,
                bytes=1234,
                format="comma-separated, UTF-8",
                records=records.num_rows,
                blank_rows=1,
                rows_before=0,
            ),
        ),
        records_sha256="0" * 64,
        mapping_sha256="f" * 64,
        rows=records.num_rows,
        findings=tuple(findings),
        not_checked=(NotChecked(code="unknown-reference", reason="the other data set was not checked"),),
        columns_absent=("Remarks",),
        columns_unused=("Shoe size",),
        version="0.1.0",
    )
    return SubmissionPart(specification, checked, record)


@pytest.fixture
def part(tmp_path: Path) -> SubmissionPart:
    return part_of(records_of(ROWS), tmp_path)


def package_of(part: SubmissionPart, target: Path, **settings: object) -> SubmissionSummary:
    return build_submission([part], target, **({"passphrase": PASSPHRASE, "body": BODY} | settings))  # type: ignore[arg-type]


def contents(package: Path, passphrase: str = PASSPHRASE) -> dict[str, bytes]:
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(passphrase.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def lines_of(package: Path, name: str = "allotments.csv") -> list[str]:
    return contents(package)[name].decode().split("\r\n")


def test_a_package_holds_the_data_the_manifest_and_a_cover_note(part: SubmissionPart, tmp_path: Path) -> None:
    package_of(part, tmp_path / "package.zip")
    assert list(contents(tmp_path / "package.zip")) == ["allotments.csv", "read-me.txt", "datapackage.json"]


def test_records_leave_as_the_specification_asks(part: SubmissionPart, tmp_path: Path) -> None:
    package_of(part, tmp_path / "package.zip")
    assert lines_of(tmp_path / "package.zip") == [
        "Plot|Tenant|Let since|Rent|Hours of water|Remarks",
        '"007"|"Nadia O\'Neill"|"01042019"|4250|1600|',
        '"012"|"Owen ""Digger"" Price, jnr"|"29022024"|-1200||"two sheds and a pond"',
        '"101"|"Zoë Müller"||0|50|',
        "",
    ]


def test_the_minus_can_stand_after_the_digits_and_the_manifest_says_so(
    part: SubmissionPart, tmp_path: Path
) -> None:
    package_of(part, tmp_path / "package.zip", negative_sign=NegativeSign.TRAILING)
    assert '"1200-"' in lines_of(tmp_path / "package.zip")[2]
    manifest = json.loads(contents(tmp_path / "package.zip")["datapackage.json"])
    assert manifest["nfi:negative_sign"] == "trailing-minus"
    assert "a minus after the digits" in manifest["nfi:notes"][0]
    assert "not confirmed" in manifest["nfi:notes"][0]


@pytest.mark.parametrize("name", ["allotments.csv", "read-me.txt", "datapackage.json"])
def test_the_package_is_as_the_golden_one(part: SubmissionPart, tmp_path: Path, name: str) -> None:
    findings = (ERROR, WARNING)
    golden = SubmissionPart(
        part.specification, part.checked, part.record.model_copy(update={"findings": findings})
    )
    package_of(
        golden,
        tmp_path / "package.zip",
        accepted_errors="tenants of two plots are being traced",
        notes=["Rents from before 2019 are not held."],
        tool_version="0.0.0",
    )
    made = contents(tmp_path / "package.zip")[name]
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        (GOLDEN / name).write_bytes(made)
    assert made.decode() == (GOLDEN / name).read_bytes().decode()


def test_the_manifest_says_plainly_that_a_specification_is_provisional(
    part: SubmissionPart, tmp_path: Path
) -> None:
    summary = package_of(part, tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    manifest = json.loads(inside["datapackage.json"])
    assert "Unconfirmed: an invented layout" in manifest["description"]
    assert manifest["resources"][0]["nfi:specification"]["status"] == "provisional"
    assert "Unconfirmed: an invented layout" in inside["read-me.txt"].decode()
    assert summary.notices == ("Unconfirmed: an invented layout for tests.",)


def test_the_manifest_ties_the_files_to_the_extract_the_mapping_and_the_specification(
    part: SubmissionPart, tmp_path: Path
) -> None:
    package_of(part, tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    (resource,) = json.loads(inside["datapackage.json"])["resources"]
    assert resource["hash"] == "sha256:" + sha256(inside["allotments.csv"]).hexdigest()
    assert resource["bytes"] == len(inside["allotments.csv"])
    assert resource["nfi:specification"]["sha256"] == ALLOTMENTS.digest
    assert [file["sha256"] for file in resource["nfi:extract"]["files"]] == [part.record.extract_sha256]
    assert resource["nfi:extract"]["mapping_sha256"] == part.record.mapping_sha256
    assert resource["nfi:not_checked"] == [
        {"code": "unknown-reference", "reason": "the other data set was not checked"}
    ]


def test_the_summary_vouches_for_the_manifest_and_shows_no_secret(
    part: SubmissionPart, tmp_path: Path
) -> None:
    summary = package_of(part, tmp_path / "package.zip")
    inside = contents(tmp_path / "package.zip")
    assert summary.manifest_sha256 == sha256(inside["datapackage.json"]).hexdigest()
    (file,) = summary.files
    assert (file.dataset, file.path, file.rows) == ("allotments", "allotments.csv", 3)
    assert file.sha256 == sha256(inside["allotments.csv"]).hexdigest()
    assert PASSPHRASE not in repr(summary)


def test_nothing_in_the_package_names_the_machine_or_holds_an_unspecified_column(
    part: SubmissionPart, tmp_path: Path
) -> None:
    package_of(part, tmp_path / "package.zip")
    whole = b"".join(contents(tmp_path / "package.zip").values()).decode()
    assert str(tmp_path) not in whole
    assert "source_row" not in whole


def test_a_data_set_without_records_is_packaged_with_its_headings(tmp_path: Path) -> None:
    package_of(part_of(records_of([]), tmp_path), tmp_path / "package.zip")
    assert lines_of(tmp_path / "package.zip") == ["Plot,Tenant,Let since,Rent,Hours of water,Remarks", ""]


def test_the_order_in_which_data_sets_are_given_changes_nothing(tmp_path: Path) -> None:
    payroll = load_specification("payroll")
    parts = [
        part_of(records_of(ROWS), tmp_path),
        part_of(schema_of(payroll).empty_table(), tmp_path, payroll),
    ]
    made = []
    for number, order in enumerate([parts, parts[::-1]]):
        build_submission(order, tmp_path / f"{number}.zip", passphrase=PASSPHRASE, body=BODY)
        made.append(contents(tmp_path / f"{number}.zip"))
    assert made[0] == made[1]
    assert list(made[0]) == ["allotments.csv", "payroll.csv", "read-me.txt", "datapackage.json"]


def unpacked(package: Path, folder: Path) -> Path:
    folder.mkdir()
    for name, content in contents(package).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("sign", NegativeSign)
def test_frictionless_finds_every_file_valid(
    part: SubmissionPart, tmp_path: Path, sign: NegativeSign
) -> None:
    package_of(part, tmp_path / "package.zip", negative_sign=sign)
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    assert report.valid
    assert [task.stats["rows"] for task in report.tasks] == [3]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_reads_the_same_values(part: SubmissionPart, tmp_path: Path) -> None:
    package_of(part, tmp_path / "package.zip")
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    package = frictionless.Package(str(folder / "datapackage.json"))
    read = [tuple(row.to_dict().values()) for row in package.get_table_resource("allotments").read_rows()]
    assert read == [
        ("007", "Nadia O'Neill", date(2019, 4, 1), 4250, 1600, None),
        ("012", 'Owen "Digger" Price, jnr', date(2024, 2, 29), -1200, None, "two sheds and a pond"),
        ("101", "Zoë Müller", None, 0, 50, None),
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_notices_a_file_that_was_changed_and_the_errors_that_were_accepted(
    tmp_path: Path,
) -> None:
    two_alike: list[Row] = [("1", None, None, None, None, None), ("1", "B", None, None, None, None)]
    part = part_of(records_of(two_alike), tmp_path, findings=[ERROR])
    package_of(part, tmp_path / "package.zip", accepted_errors="being traced")
    folder = unpacked(tmp_path / "package.zip", tmp_path / "unpacked")
    found = {kind for (kind,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}
    assert found == {"constraint-error", "primary-key"}
    data = folder / "allotments.csv"
    data.write_bytes(data.read_bytes().replace(b'"B"', b'"C"'))
    found = {kind for (kind,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}
    assert "hash-count" in found


CONTROLS = re.compile("\r\n|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
TEXT = st.none() | st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(',"|~\r\n\t\0\x85\u2028é\ufeff'), max_size=12
)
AMOUNT = st.none() | st.integers(-(2**63), 2**63 - 1)
ANY_ROWS = st.lists(st.tuples(TEXT, TEXT, st.none() | st.dates(), AMOUNT, AMOUNT, TEXT), max_size=6)


def clean(value: object) -> object:
    """What should come back: written apart from the code under test, one value at a time."""
    if not isinstance(value, str):
        return value
    spaced = CONTROLS.sub(" ", value)
    return (spaced if spaced == value else spaced.strip()) or None


def written(value: object) -> str:
    """A clean value as text, blank for what is not known."""
    if isinstance(value, date):
        return f"{value.day:02}{value.month:02}{value.year:04}"
    return "" if value is None else str(value)


@settings(deadline=None)
@given(rows=ANY_ROWS, sign=st.sampled_from(NegativeSign))
def test_any_typed_records_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], sign: NegativeSign
) -> None:
    folder = tmp_path_factory.mktemp("round-trip")
    package_of(part_of(records_of(rows), folder), folder / "package.zip", negative_sign=sign)
    with open_submission(folder / "package.zip", passphrase=PASSPHRASE) as submission:
        read = pa.Table.from_batches(
            submission.batches("allotments"), pa.schema([*schema_of(ALLOTMENTS)][1:])
        )
        assert submission.problems() == ()
    assert [tuple(row.values()) for row in read.to_pylist()] == [tuple(map(clean, row)) for row in rows]


@settings(deadline=None, max_examples=50)
@given(rows=ANY_ROWS)
def test_csv_pandas_and_duckdb_read_the_same_values(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("others")
    package_of(part_of(records_of(rows), folder), folder / "package.zip")
    inside = contents(folder / "package.zip")
    delimiter = json.loads(inside["datapackage.json"])["resources"][0]["dialect"]["delimiter"]
    data = folder / "allotments.csv"
    data.write_bytes(inside["allotments.csv"])
    expected = [tuple(written(clean(value)) for value in row) for row in rows]

    text = io.StringIO(data.read_bytes().decode(), newline="")
    by_csv = list(csv.reader(text, delimiter=delimiter, strict=True))
    assert [tuple(row) for row in by_csv[1:]] == expected

    by_pandas = pd.read_csv(data, sep=delimiter, dtype=str, keep_default_na=False, skip_blank_lines=False)
    assert [tuple(row) for row in by_pandas.itertuples(index=False)] == expected
    assert list(by_pandas.columns) == [field.name for field in ALLOTMENTS.fields]

    with duckdb.connect() as connection:
        by_duckdb = connection.execute(
            "select * from read_csv($file, delim = $delimiter, quote = '\"', escape = '\"', header = true, "
            "all_varchar = true, auto_detect = false, null_padding = false, columns = $columns)",
            {
                "file": str(data),
                "delimiter": delimiter,
                "columns": {field.column: "varchar" for field in ALLOTMENTS.fields},
            },
        ).fetchall()
    assert [tuple(value or "" for value in row) for row in by_duckdb] == expected


SCRIPT = """
import sys
from pathlib import Path
from outputs.submission import SubmissionPart, build_submission
from specs.check_record import ExtractFile, read_check_record
from specs.specification import read_specification

specification, checked, record, target, passphrase = sys.argv[1:]
part = SubmissionPart(read_specification(Path(specification)), Path(checked), read_check_record(Path(record)))
print(build_submission([part], Path(target), passphrase=passphrase, body="Anytown").manifest_sha256)
"""


def test_the_files_inside_are_the_same_in_any_time_zone_locale_and_process(
    part: SubmissionPart, tmp_path: Path
) -> None:
    record = tmp_path / "record.json"
    record.write_text(part.record.model_dump_json())
    hashes = set()
    for number, (zone, language, seed) in enumerate(
        [("UTC", "C", "1"), ("Pacific/Kiritimati", "de_DE.UTF-8", "2"), ("America/Adak", "tr_TR.UTF-8", "3")]
    ):
        run = subprocess.run(
            [
                *(sys.executable, "-c", SCRIPT, str(GOLDEN / "specification.yaml"), str(part.checked)),
                *(str(record), str(tmp_path / f"{number}.zip"), PASSPHRASE),
            ],
            env=os.environ | {"TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        hashes.add(run.stdout)
    assert len(hashes) == 1
    assert contents(tmp_path / "0.zip") == contents(tmp_path / "2.zip")


def test_the_archive_around_them_differs_since_its_salt_is_new(part: SubmissionPart, tmp_path: Path) -> None:
    package_of(part, tmp_path / "1.zip")
    package_of(part, tmp_path / "2.zip")
    assert contents(tmp_path / "1.zip") == contents(tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() != (tmp_path / "2.zip").read_bytes()


def test_open_errors_stop_a_package_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    part = part_of(records_of(ROWS), tmp_path, findings=[ERROR, WARNING])
    with pytest.raises(
        ErrorsOpen, match=r"errors are open: allotments 2\..*nfi check.*--accept-errors"
    ) as raised:
        package_of(part, tmp_path / "package.zip")
    assert raised.value.exit_code == 1
    assert not (tmp_path / "package.zip").exists()


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_blank_reason_is_no_reason(tmp_path: Path, reason: str) -> None:
    part = part_of(records_of(ROWS), tmp_path, findings=[ERROR])
    with pytest.raises(ErrorsOpen):
        package_of(part, tmp_path / "package.zip", accepted_errors=reason)


def test_accepted_errors_stand_in_the_manifest_with_reason_and_counts(tmp_path: Path) -> None:
    part = part_of(records_of(ROWS), tmp_path, findings=[ERROR, WARNING])
    summary = package_of(part, tmp_path / "package.zip", accepted_errors=" being\ntraced ")
    manifest = json.loads(contents(tmp_path / "package.zip")["datapackage.json"])
    assert manifest["nfi:accepted_errors"] == {
        "reason": "being traced",
        "counts": {"allotments": {"required": 2}},
    }
    assert [finding["count"] for finding in manifest["resources"][0]["nfi:findings"]] == [2, 1]
    assert summary.accepted_errors == 2


def test_warnings_do_not_stop_a_package(tmp_path: Path) -> None:
    part = part_of(records_of(ROWS), tmp_path, findings=[WARNING])
    assert package_of(part, tmp_path / "package.zip").accepted_errors == 0
    manifest = json.loads(contents(tmp_path / "package.zip")["datapackage.json"])
    assert "nfi:accepted_errors" not in manifest


def test_a_package_is_never_written_over_by_accident(part: SubmissionPart, tmp_path: Path) -> None:
    target = tmp_path / "package.zip"
    target.write_bytes(b"the one that was sent")
    with pytest.raises(SubmissionRefused, match=r"exists already.*--overwrite"):
        package_of(part, target)
    assert target.read_bytes() == b"the one that was sent"
    package_of(part, target, overwrite=True)
    assert "allotments.csv" in contents(target)


def refused_calls(part: SubmissionPart, folder: Path) -> Iterator[tuple[type[NfiError], dict[str, object]]]:
    """Every way in which a package is refused, with what has to be changed in a sound call."""
    other_digest = part.record.model_copy(update={"specification_digest": "0" * 64})
    fewer_rows = part.record.model_copy(update={"rows": 2})
    old = load_specification("payroll", "2012-13")
    damaged = folder / "damaged.parquet"
    damaged.write_bytes(part.checked.read_bytes()[:-30])
    not_parquet = folder / "not-parquet.parquet"
    not_parquet.write_bytes(b"Plot,Tenant\n007,Nadia O'Neill\n")
    file_in_the_way = folder / "file"
    file_in_the_way.write_bytes(b"")

    def with_parts(*parts: SubmissionPart) -> dict[str, object]:
        return {"parts": parts}

    yield SubmissionRefused, with_parts()
    yield SubmissionRefused, with_parts(part, part)
    yield SubmissionRefused, with_parts(part, part_of(schema_of(old).empty_table(), folder, old))
    yield SubmissionRefused, {"body": "  "}
    yield SubmissionRefused, {"destination": folder}
    yield PassphraseUnfit, {"passphrase": "short-secret"[:11]}
    yield OutputUnwritable, {"destination": file_in_the_way / "package.zip"}
    yield CheckedRecordsUnusable, with_parts(SubmissionPart(ALLOTMENTS, part.checked, other_digest))
    yield CheckedRecordsUnusable, with_parts(SubmissionPart(ALLOTMENTS, part.checked, fewer_rows))
    for checked in (folder / "missing.parquet", folder, damaged, not_parquet):
        yield CheckedRecordsUnusable, with_parts(SubmissionPart(ALLOTMENTS, checked, part.record))


def test_every_refusal_is_one_line_with_what_to_do_and_no_secret(
    part: SubmissionPart, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    calls = [*refused_calls(part, tmp_path)]
    before = sorted(tmp_path.iterdir())
    for kind, change in calls:
        sound = {
            "parts": [part],
            "destination": tmp_path / "package.zip",
            "passphrase": PASSPHRASE,
            "body": BODY,
        }
        call = sound | change
        with pytest.raises(kind) as raised:
            build_submission(**call)  # type: ignore[arg-type]
        message = str(raised.value)
        assert "\n" not in message
        assert re.search(r"(Check|Choose|Give|Name|Package|Four words|Use)\b", message), message
        shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + caplog.text
        for secret in (str(call["passphrase"]), "Nadia", "Digger"):
            assert secret not in shown
    assert sorted(tmp_path.iterdir()) == before


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
def test_records_that_a_check_would_not_have_left_are_refused(tmp_path: Path, change: object) -> None:
    records = change(records_of(ROWS))  # type: ignore[operator]
    with pytest.raises(CheckedRecordsUnusable, match="Check the extract again"):
        package_of(part_of(records, tmp_path), tmp_path / "package.zip")
    assert not (tmp_path / "package.zip").exists()


def test_records_damaged_in_the_middle_are_named_rather_than_the_package(tmp_path: Path) -> None:
    part = part_of(records_of(ROWS * 2000), tmp_path)
    pq.write_table(records_of(ROWS * 2000), part.checked, write_page_checksum=True)
    content = bytearray(part.checked.read_bytes())
    tenants = content.index(b"Nadia")
    content[tenants : tenants + 5] = b"Nadja"
    part.checked.write_bytes(content)
    with pytest.raises(CheckedRecordsUnusable, match=r"allotments\.parquet: is damaged"):
        package_of(part, tmp_path / "package.zip")
    assert not (tmp_path / "package.zip").exists()
