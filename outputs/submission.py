"""The submission: checked records as the specification asks for them, in one encrypted package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from outputs.control_totals import CountedField, Survey, survey
from outputs.cover_note import cover_note
from outputs.datapackage import (
    COVER_NOTE,
    MANIFEST,
    AcceptedErrors,
    CoverNote,
    Manifest,
    Resource,
    describe_resource,
    describe_submission,
    manifest_text,
)
from outputs.delimited import heading_line, record_lines, size_at_most, suitable_delimiter
from outputs.encrypted_zip import EncryptedZip, WrittenFile, encrypted_zip
from outputs.passphrase import require_fit_passphrase
from outputs.spec_format import TYPES, NegativeSign
from specs.check_record import CheckRecord
from specs.errors import NfiError, OutputUnwritable
from specs.private_files import written_whole
from specs.specification import Severity, Specification

_BATCH_ROWS = 65_536


class ErrorsOpen(NfiError):
    """The check found errors, and nobody has said why they should be sent all the same."""

    exit_code = 1


class SubmissionRefused(NfiError):
    """What was asked for cannot become one submission."""

    exit_code = 2


class CheckedRecordsUnusable(NfiError):
    """The typed records of a data set are missing, damaged, or not those that the check record describes."""


@dataclass(frozen=True, slots=True)
class SubmissionPart:
    """One data set that goes into a submission."""

    specification: Specification
    checked: Path
    """Parquet of typed records, as the check wrote it."""
    record: CheckRecord


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One data set's file as it went into the package."""

    dataset: str
    specification: str
    """Label with status, such as 'payroll 2026-27 (provisional)'."""
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SubmissionSummary:
    """What was packaged. Holds counts and hashes, no personal data and not the passphrase."""

    package: Path
    files: tuple[SubmittedFile, ...]
    manifest_sha256: str
    """Of datapackage.json; worth noting down, since it vouches for every file through its hash."""
    accepted_errors: int
    notices: tuple[str, ...]
    """What must be said wherever the package is mentioned, such as that a layout is unconfirmed."""


def build_submission(
    parts: Sequence[SubmissionPart],
    destination: Path,
    *,
    passphrase: str | Callable[[], str],
    body: str,
    accepted_errors: str | None = None,
    negative_sign: NegativeSign = NegativeSign.LEADING,
    notes: Sequence[str] = (),
    overwrite: bool = False,
    tool_version: str | None = None,
) -> SubmissionSummary:
    """Package checked data sets as an AES-256 ZIP with manifest and cover note.

    The files inside are the same bytes for the same checked records, body, notes and version of nfi, on
    any day and machine. The ZIP around them is not: AES draws a new salt for each file.

    Args:
        parts: the data sets, all of one exercise, each checked against the specification given.
        destination: the ZIP to write, whole or not at all, readable by its owner alone.
        passphrase: opens the package; see `require_fit_passphrase`. Never logged, stored or quoted. A
            function is asked for it once nothing else stands in the way.
        body: name of the body that submits.
        accepted_errors: why errors that the check found are sent all the same; stands in the manifest,
            with their counts. Not needed, and not recorded, where there are none.
        negative_sign: where the minus of a negative amount stands; stands in the manifest.
        notes: what else the receiver should know, such as a payment date that the ledger forces.
        overwrite: write over a package that exists.
        tool_version: version of nfi that stands in the manifest; the installed one if None.

    Raises:
        ErrorsOpen: a check found errors and `accepted_errors` does not say why to send them.
        SubmissionRefused: no parts, a mixture of exercises, no body, or the package exists already.
        PassphraseUnfit: too weak, or not to be typed everywhere.
        CheckedRecordsUnusable: records missing, damaged, or not those of the check record.
        OutputUnwritable: no permission, no space; nothing is left behind.
    """
    body = _one_line(body)
    reason = _one_line(accepted_errors or "")
    _require_sound(parts, body)
    parts = sorted(parts, key=lambda part: part.specification.dataset)
    accepted = _accepted(parts, reason)
    _require_free(destination, overwrite=overwrite)
    secret = passphrase() if callable(passphrase) else passphrase
    require_fit_passphrase(secret, body=body)

    with written_whole(destination) as temporary, encrypted_zip(temporary, secret) as package:
        resources = [_write_dataset(package, part, negative_sign) for part in parts]
        manifest = describe_submission(
            resources,
            body=body,
            exercise=parts[0].specification.exercise,
            tool=f"nfi {tool_version or version('nfi')}",
            negative_sign=negative_sign,
            accepted_errors=accepted,
            notes=[_one_line(note) for note in notes],
        )
        manifest = _with_cover_note(package, manifest)
        written = _write_text(package, MANIFEST, manifest_text(manifest))
    return _summary(destination, manifest, written)


def _require_sound(parts: Sequence[SubmissionPart], body: str) -> None:
    if not parts:
        raise SubmissionRefused("nothing to package. Check an extract first: nfi check")
    if not body:
        raise SubmissionRefused("the name of the body is missing: it stands in the manifest. Give it.")
    exercises = sorted({part.specification.exercise for part in parts})
    if len(exercises) > 1:
        raise SubmissionRefused(
            f"data sets of different exercises ({', '.join(exercises)}) cannot go into one submission. "
            "Package each exercise by itself."
        )
    datasets = Counter(part.specification.dataset for part in parts)
    if twice := [dataset for dataset, times in datasets.items() if times > 1]:
        raise SubmissionRefused(f"{', '.join(twice)}: given more than once. Give each data set once.")
    for part in parts:
        _require_same_specification(part)


def _require_same_specification(part: SubmissionPart) -> None:
    checked_against = (part.record.dataset, part.record.exercise, part.record.specification_digest)
    given = (part.specification.dataset, part.specification.exercise, part.specification.digest)
    if checked_against != given:
        raise CheckedRecordsUnusable(
            f"{part.specification.dataset}: was checked against another version of its specification "
            f"({part.record.specification}). Check the extract again: nfi check"
        )


def _accepted(parts: Sequence[SubmissionPart], reason: str) -> AcceptedErrors | None:
    """The errors that are sent on purpose, or None where there are none."""
    counts = {part.specification.dataset: _errors(part.record) for part in parts}
    counts = {dataset: errors for dataset, errors in counts.items() if errors}
    if not counts:
        return None
    if not reason:
        each = ", ".join(f"{dataset} {sum(errors.values()):,}" for dataset, errors in counts.items())
        raise ErrorsOpen(
            f"errors are open: {each}. Correct them and check again with nfi check, or send them as they "
            'are and say why: --accept-errors "reason"'
        )
    return AcceptedErrors(reason=reason, counts=counts)


def _errors(record: CheckRecord) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for finding in record.findings:
        if finding.severity is Severity.ERROR:
            counts[finding.code] += finding.count
    return dict(sorted(counts.items()))


def _require_free(destination: Path, *, overwrite: bool) -> None:
    try:
        is_folder, exists = destination.is_dir(), destination.exists()
    except OSError as fault:
        raise OutputUnwritable(
            f"{destination}: cannot be reached ({fault.strerror}). Choose another place."
        ) from None
    if is_folder:
        raise SubmissionRefused(f"{destination}: is a folder. Name a file in it, such as submission.zip.")
    if exists and not overwrite:
        raise SubmissionRefused(
            f"{destination}: exists already. Choose another name with --name, or replace it with --overwrite."
        )


def _write_dataset(package: EncryptedZip, part: SubmissionPart, negative_sign: NegativeSign) -> Resource:
    """Two readings of the records: one to count and choose a delimiter, one to write."""
    specification = part.specification
    with _checked_records(part) as records:
        found = _survey(records, part)
        delimiter = suitable_delimiter(found, tuple(field.name for field in specification.fields))

        def lines() -> Iterator[bytes]:
            yield heading_line(specification, delimiter)
            for batch in _batches(records, part):
                yield record_lines(
                    batch,
                    specification,
                    delimiter=delimiter,
                    negative_sign=negative_sign,
                    bytes_used=found.bytes_used,
                )

        written = package.write(
            f"{specification.dataset}.csv", lines(), size_at_most=size_at_most(found, specification)
        )
    return describe_resource(
        specification,
        part.record,
        written,
        found.totals,
        delimiter=delimiter,
        negative_sign=negative_sign,
    )


def _checked_records(part: SubmissionPart) -> pq.ParquetFile:
    """The records, open, once their columns and their number are as the check left them."""
    try:
        # With pre_buffer, its default, pyarrow would keep every row group it has read: memory without bound.
        records = pq.ParquetFile(part.checked, pre_buffer=False, page_checksum_verification=True)
    except FileNotFoundError:
        raise _unusable(part, "there are no checked records") from None
    except (OSError, pa.ArrowException) as fault:
        # Only an operating system's refusal has `strerror`; pyarrow's own faults can quote values.
        reason = getattr(fault, "strerror", None)
        raise _unusable(part, f"cannot be read ({reason or 'damaged, or not Parquet'})") from None
    for field in part.specification.fields:
        position = records.schema_arrow.get_field_index(field.column)
        if position < 0 or records.schema_arrow.field(position).type != TYPES[field.format]:
            raise _unusable(part, f"its column for '{field.name}' is missing or of another type")
    if records.metadata.num_rows != part.record.rows:
        raise _unusable(
            part,
            f"holds {records.metadata.num_rows:,} records, and the check counted {part.record.rows:,}",
        )
    return records


def _survey(records: pq.ParquetFile, part: SubmissionPart) -> Survey:
    try:
        return survey(
            _batches(records, part),
            [CountedField(each.column, each.name, each.format) for each in part.specification.fields],
        )
    except (OverflowError, ValueError):
        raise _unusable(part, "holds a date outside the years 1 to 9999") from None


def _batches(records: pq.ParquetFile, part: SubmissionPart) -> Iterator[pa.RecordBatch]:
    columns = [field.column for field in part.specification.fields]
    batches = records.iter_batches(batch_size=_BATCH_ROWS, columns=columns)
    while True:
        try:
            batch = next(batches, None)
        except (OSError, pa.ArrowException):  # not the package's disk: the records' own
            raise _unusable(part, "is damaged") from None
        if batch is None:
            return
        yield batch


def _unusable(part: SubmissionPart, what: str) -> CheckedRecordsUnusable:
    return CheckedRecordsUnusable(f"{part.checked}: {what}. Check the extract again: nfi check")


def _with_cover_note(package: EncryptedZip, manifest: Manifest) -> Manifest:
    note = _write_text(package, COVER_NOTE, cover_note(manifest))
    described = CoverNote(path=note.path, bytes=note.bytes, hash=f"sha256:{note.sha256}")
    return manifest.model_copy(update={"cover_note": described})


def _write_text(package: EncryptedZip, name: str, text: bytes) -> WrittenFile:
    return package.write(name, [text], size_at_most=len(text))


def _summary(destination: Path, manifest: Manifest, manifest_file: WrittenFile) -> SubmissionSummary:
    notices = dict.fromkeys(each.specification.notice for each in manifest.resources)
    return SubmissionSummary(
        package=destination,
        files=tuple(
            SubmittedFile(
                dataset=each.name,
                specification=each.specification.label,
                path=each.path,
                rows=each.rows,
                bytes=each.bytes,
                sha256=each.hash.removeprefix("sha256:"),
            )
            for each in manifest.resources
        ),
        manifest_sha256=manifest_file.sha256,
        accepted_errors=sum(each.open_findings(Severity.ERROR) for each in manifest.resources),
        notices=tuple(notice for notice in notices if notice),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
