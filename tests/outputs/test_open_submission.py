"""Packages that were changed, damaged or swapped. Every value here is invented."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pyzipper

from outputs.datapackage import ManifestUnreadable
from outputs.open_submission import SubmissionUnreadable, open_submission
from outputs.spec_format import TYPES
from outputs.submission import SubmissionPart, build_submission
from specs.check_record import CheckRecord, ExtractFile
from specs.specification import read_specification

ALLOTMENTS = read_specification(Path(__file__).parents[1] / "golden" / "submission" / "specification.yaml")
PASSPHRASE = "orbit-lantern-velvet-moss"

Files = dict[str, bytes]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    columns = [pa.field(field.column, TYPES[field.format]) for field in ALLOTMENTS.fields]
    names = [field.column for field in ALLOTMENTS.fields]
    rows = [
        ("007", "Nadia O'Neill", date(2019, 4, 1), 4250, 1600, None),
        ("012", "B, jnr", None, -1, None, "x"),
    ]
    records = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], pa.schema(columns))
    checked = tmp_path / "allotments.parquet"
    pq.write_table(records, checked)
    record = CheckRecord(
        dataset="allotments",
        exercise=ALLOTMENTS.exercise,
        specification=ALLOTMENTS.label,
        specification_digest=ALLOTMENTS.digest,
        files=(
            ExtractFile(
                name="allotments.csv",
                sha256="e" * 64,
                bytes=1,
                format="comma-separated, UTF-8",
                records=2,
                blank_rows=0,
                rows_before=0,
            ),
        ),
        records_sha256="0" * 64,
        mapping_sha256=None,
        rows=2,
        findings=(),
        version="0.1.0",
    )
    target = tmp_path / "package.zip"
    part = SubmissionPart(ALLOTMENTS, checked, record)
    build_submission([part], target, passphrase=PASSPHRASE, body="Anytown")
    return target


def repacked(
    package: Path, change: Callable[[Files], None], *, encryption: str | None = pyzipper.WZ_AES
) -> Path:
    """The package again, its files changed by someone who knows the passphrase."""
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(PASSPHRASE.encode())
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    target = package.with_name("changed.zip")
    with pyzipper.AESZipFile(target, "w", encryption=encryption) as archive:
        if encryption:
            archive.setpassword(PASSPHRASE.encode())
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def problems(package: Path) -> tuple[str, ...]:
    with open_submission(package, passphrase=PASSPHRASE) as submission:
        return submission.problems()


def described_anew(files: Files) -> None:
    """Correct size and hash in the manifest, as a careful forger would."""
    manifest = json.loads(files["datapackage.json"])
    content = files["allotments.csv"]
    manifest["resources"][0] |= {"bytes": len(content), "hash": "sha256:" + sha256(content).hexdigest()}
    files["datapackage.json"] = json.dumps(manifest).encode()


def with_data(old: bytes, new: bytes, *, describe: bool = False) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files["allotments.csv"]
        files["allotments.csv"] = files["allotments.csv"].replace(old, new)
        if describe:
            described_anew(files)

    return change


def add_a_file(files: Files) -> None:
    files["notes.txt"] = b"look here"


def take_the_data_away(files: Files) -> None:
    del files["allotments.csv"]


def change_the_cover_note(files: Files) -> None:
    files["read-me.txt"] += b"PS"


def test_a_package_as_it_was_made_has_no_problems(package: Path) -> None:
    assert problems(package) == ()
    assert problems(repacked(package, lambda files: None)) == ()


def test_its_records_are_typed_as_before(package: Path) -> None:
    with open_submission(package, passphrase=PASSPHRASE) as submission:
        (batch,) = submission.batches("allotments")
        assert submission.manifest.body == "Anytown"
    assert batch.to_pylist()[0] == {
        "plot": "007",
        "tenant": "Nadia O'Neill",
        "let_since": date(2019, 4, 1),
        "rent": 4250,
        "water": 1600,
        "remarks": None,
    }


HASH = "allotments.csv: size or hash is not that of the manifest"
UNLIKE = "allotments.csv: headings, dates or amounts are not as the manifest describes them"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(
            with_data(b"4250", b"4251"),
            (HASH, "allotments.csv, Rent: control totals are not those of the manifest"),
            id="a rent was changed",
        ),
        pytest.param(
            with_data(b"4250", b"4251", describe=True),
            ("allotments.csv, Rent: control totals are not those of the manifest",),
            id="a rent was changed and the hash with it",
        ),
        pytest.param(
            with_data(b"01042019", b"01042018", describe=True),
            ("allotments.csv, Let since: control totals are not those of the manifest",),
            id="a date was changed",
        ),
        pytest.param(
            with_data(b'"012"|"B, jnr"||-1||"x"\r\n', b"", describe=True),
            (
                "allotments.csv, Let since: control totals are not those of the manifest",
                "allotments.csv, Hours of water: control totals are not those of the manifest",
                "allotments.csv, Rent: control totals are not those of the manifest",
                "allotments.csv: 1 records, 2 in the manifest",
            ),
            id="a record was taken out",
        ),
        pytest.param(with_data(b"Plot|", b"Site|"), (HASH, UNLIKE), id="a heading was changed"),
        pytest.param(with_data(b"4250", b"42.50"), (HASH, UNLIKE), id="a sum with a decimal point"),
        pytest.param(with_data(b"01042019", b"31022019"), (HASH, UNLIKE), id="a day that does not exist"),
        pytest.param(with_data(b'|"x"', b'|"x"|"y"'), (HASH, UNLIKE), id="one field too many"),
        pytest.param(
            add_a_file, ("notes.txt: is in the package, not in the manifest",), id="one file too many"
        ),
        pytest.param(
            take_the_data_away, ("allotments.csv: is in the manifest, not in the package",), id="no data"
        ),
        pytest.param(
            change_the_cover_note, ("read-me.txt: size or hash is not that of the manifest",), id="cover note"
        ),
    ],
)
def test_a_change_is_found_and_told_without_values(
    package: Path, change: Callable[[Files], None], found: tuple[str, ...]
) -> None:
    assert problems(repacked(package, change)) == tuple(sorted(found))


def test_a_package_that_lost_its_encryption_is_told(package: Path) -> None:
    assert problems(repacked(package, lambda files: None, encryption=None)) == (
        "allotments.csv: is not encrypted with AES-256",
        "datapackage.json: is not encrypted with AES-256",
        "read-me.txt: is not encrypted with AES-256",
    )


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        pytest.param(b"", "datapackage.json: ", id="empty"),
        pytest.param(b"[]", "datapackage.json: ", id="not an object"),
        pytest.param(b'{"name": "other"}', "datapackage.json: .* more", id="another program's manifest"),
    ],
)
def test_a_manifest_that_is_not_one_of_ours_is_named(package: Path, manifest: bytes, reason: str) -> None:
    changed = repacked(package, lambda files: files.update({"datapackage.json": manifest}))
    with pytest.raises(ManifestUnreadable, match=reason), open_submission(changed, passphrase=PASSPHRASE):
        pass


def test_a_zip_without_a_manifest_is_named(package: Path) -> None:
    changed = repacked(package, lambda files: files.clear())
    with (
        pytest.raises(SubmissionUnreadable, match="not a package"),
        open_submission(changed, passphrase=PASSPHRASE),
    ):
        pass


def test_another_passphrase_does_not_open_it_and_is_not_quoted(package: Path) -> None:
    with (
        pytest.raises(SubmissionUnreadable, match="another passphrase") as raised,
        open_submission(package, passphrase="harvest-piano-gravel-nine"),
    ):
        pass
    assert "harvest" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_byte_changed_in_the_archive_is_noticed(package: Path) -> None:
    content = bytearray(package.read_bytes())
    content[120] ^= 1
    package.write_bytes(content)
    with open_submission(package, passphrase=PASSPHRASE) as submission:
        with pytest.raises(SubmissionUnreadable, match=r"allotments\.csv is damaged"):
            submission.problems()
        with pytest.raises(SubmissionUnreadable, match=r"allotments\.csv is damaged"):
            list(submission.batches("allotments"))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("missing.zip", None, "no such file", id="missing"),
        pytest.param("empty.zip", b"", "not a ZIP", id="empty"),
        pytest.param("letter.zip", b"Dear auditor, " * 99, "not a ZIP", id="a letter"),
    ],
)
def test_what_is_no_package_is_named(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with (
        pytest.raises(SubmissionUnreadable, match=reason),
        open_submission(tmp_path / name, passphrase=PASSPHRASE),
    ):
        pass


def test_a_folder_and_an_unknown_data_set_are_named(package: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(SubmissionUnreadable, match="is a folder"),
        open_submission(tmp_path, passphrase=PASSPHRASE),
    ):
        pass
    with (
        open_submission(package, passphrase=PASSPHRASE) as submission,
        pytest.raises(SubmissionUnreadable, match=r"no data set 'payroll'\. It holds: allotments"),
    ):
        list(submission.batches("payroll"))
