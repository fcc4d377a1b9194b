"""Packages opened and read again. Every value here is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest

from outputs.sealed.archive import ArchiveUnreadable
from outputs.submitted.manifest import ManifestUnreadable
from outputs.submitted.open_submission import Submission, SubmissionUnreadable, open_submission
from tests.outputs.verify.tampered import PASSPHRASE, Change, Files, Made, changed, contents, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A package. Read it; do not change it."""
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def submission(made: Made) -> Iterator[Submission]:
    with open_submission(made.package, PASSPHRASE) as opened:
        yield opened


def test_its_records_are_typed_as_before(submission: Submission) -> None:
    (resource,) = submission.manifest.resources_of("payroll")
    table = pa.Table.from_batches(submission.batches(resource))
    assert table.num_rows == resource.rows
    assert isinstance(table["date_started"][0].as_py(), date)
    assert table["gross_pay_to_date"].type == pa.int64()


def test_its_records_can_be_read_as_text_again_and_again(submission: Submission) -> None:
    (resource,) = submission.manifest.resources_of("payroll")
    sent = submission.sent_file(resource)
    first, again = ([*sent.batches()] for _ in range(2))
    assert first == again
    assert first[0].schema.names == ["source_row", *(field.name for field in resource.fields)]
    assert first[0].column(0)[0].as_py() == 2  # the headings stand in row 1


def test_files_are_measured_read_and_listed(submission: Submission, made: Made) -> None:
    plain = contents(made.package)
    assert submission.files == tuple(plain)
    for name, content in plain.items():
        assert submission.content(name) == content
        with submission.lines(name) as lines:
            assert b"".join(lines) == content
        measured = submission.measured(name)
        assert (measured.bytes, measured.hash) == (
            len(content),
            f"sha256:{sha256(content).hexdigest()}",
        )
    assert submission.manifest_sha256 == sha256(plain["datapackage.json"]).hexdigest()
    assert submission.signature == plain["datapackage.json.sig"]


def test_a_file_that_is_not_there_is_named(submission: Submission) -> None:
    with pytest.raises(SubmissionUnreadable, match=r"lacks audit/none\.yaml"):
        submission.content("audit/none.yaml")
    with pytest.raises(SubmissionUnreadable, match="lacks other"):
        submission.measured("other")


def test_another_passphrase_does_not_open_it_and_is_not_quoted(made: Made) -> None:
    with (
        pytest.raises(ArchiveUnreadable, match="another passphrase") as raised,
        open_submission(made.package, "harvest-piano-gravel-nine"),
    ):
        pass
    assert "harvest" not in str(raised.value)


def with_manifest_text(text: bytes) -> Change:
    return lambda files: files.update({"datapackage.json": text})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(b"", "is no JSON", id="empty"),
        pytest.param(b"[]", "is not one of nfi's", id="not an object"),
        pytest.param(b'{"name": "other"}', "is not one of nfi's", id="another program's"),
        pytest.param(b'{"nfi:manifest_version": 3}', "written by a later version", id="later"),
        pytest.param(b'{"nfi:manifest_version": 2}', "Field required", id="incomplete"),
    ],
)
def test_a_manifest_that_is_not_one_of_ours_is_named(
    text: bytes, says: str, made: Made, tmp_path: Path
) -> None:
    package = changed(made.package, tmp_path / "package.zip", with_manifest_text(text))
    with pytest.raises(ManifestUnreadable, match=says), open_submission(package, PASSPHRASE):
        pass


def test_a_zip_without_a_manifest_is_named(made: Made, tmp_path: Path) -> None:
    def without_manifest(files: Files) -> None:
        del files["datapackage.json"]

    package = changed(made.package, tmp_path / "package.zip", without_manifest)
    with (
        pytest.raises(SubmissionUnreadable, match=r"holds no datapackage\.json"),
        open_submission(package, PASSPHRASE),
    ):
        pass
