"""The submission: checked records as the specification asks for them, in one sealed package.

Files of records are written from the checked records straight into the package. Then they are checked as
they are sent, and the manifest says what was found, so that whoever opens the package can find it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from outputs.cover.page import cover_page
from outputs.cover.workbook import cover_workbook
from outputs.declared.declaration import Declaration
from outputs.one_line import unbroken
from outputs.sealed.age_keys import Recipients
from outputs.sealed.encrypted_zip import WrittenFile
from outputs.sealed.passphrase import require_fit_passphrase
from outputs.sealed.sealing import sealed_archive
from outputs.submitted.acceptance import (
    Acceptance,
    accepted_errors,
    errors_as_sent,
    open_errors,
    refuse_open_errors,
)
from outputs.submitted.checked_data_set import CheckedDataSet, CheckedRecordsUnusable
from outputs.submitted.describe import describe_data_set, notes
from outputs.submitted.manifest import (
    MANIFEST,
    SIGNATURE,
    AcceptedErrors,
    Contributor,
    Manifest,
    SentCheck,
    manifest_text,
)
from outputs.submitted.package_writer import PackageWriter
from outputs.submitted.recheck import SentFile, SentTerms, check_as_sent, in_order_of_reference
from outputs.submitted.table_schema import sentences
from outputs.written.written_form import WrittenForm
from specs.engine import Engine
from specs.errors import NfiError, OutputUnwritable
from specs.formats.fixed_layout import LayoutFile
from specs.private_files import OutputExists, working_folder, written_whole

COVER_SHEETS = ("cover-sheet.html", "cover-sheet.xlsx")
LIBRARIES = ("anyascii", "duckdb", "openpyxl", "pandera", "pyarrow")
"""Those whose version can decide a byte of the package."""

Progress = Callable[[str], None]
Seal = str | Recipients
"""A passphrase, or those for whom the package is encrypted with age."""


class SubmissionRefused(NfiError):
    """What was asked for cannot become one submission."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionTerms:
    """What a person decides about a submission; it and the data sets decide every file inside."""

    body: str
    """Name of the body that submits."""
    form: WrittenForm = field(default_factory=WrittenForm)
    layouts: Mapping[str, LayoutFile] = field(default_factory=dict)
    """For fixed width: the layout of a data set, by name; else the specification's or the data's."""
    acceptances: tuple[Acceptance, ...] = ()
    """Why errors that the check found are sent all the same."""
    declaration: Declaration | None = None
    not_declared: tuple[str, ...] = ()
    """What is warned of: no declaration, or fields that the privacy notice does not list."""
    remarks: tuple[str, ...] = ()
    """What else the receiver should know, such as a payment date that the ledger forces."""
    tool_version: str | None = None
    """Version of nfi that stands in the manifest; the installed one if None."""


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One file of records as it went into the package."""

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
    manifest: Manifest
    manifest_sha256: str
    """Of datapackage.json; worth noting down, since it vouches for every file through its hash."""
    cover_sheets: tuple[Path, ...]
    """Beside the package; they hold no records."""

    @property
    def accepted_errors(self) -> int:
        """How many errors are sent on purpose."""
        return self.manifest.errors_sent

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be said wherever the package is mentioned, such as that a layout is unconfirmed."""
        return self.manifest.notices


def build_submission(
    data_sets: Sequence[CheckedDataSet],
    destination: Path,
    terms: SubmissionTerms,
    *,
    seal: Seal | Callable[[], Seal],
    engine: Callable[[Path], Engine],
    sign: Callable[[bytes], bytes] | None = None,
    overwrite: bool = False,
    placed: Callable[[], None] = lambda: None,
    progress: Progress = lambda _: None,
) -> SubmissionSummary:
    """Package checked data sets with look-up tables, audit files, manifest and cover sheets.

    The files inside are the same bytes for the same checked records, terms, version of nfi and of the
    libraries that it names, on any day and machine. The archive around them is not: encryption draws
    new salts.

    Args:
        data_sets: all of one exercise, each checked against the specification given.
        destination: the package to write, whole or not at all, readable by its owner alone.
        terms: what a person decides.
        seal: a passphrase (see `require_fit_passphrase`; never logged, stored or quoted) or recipients of
            age. A function is asked for it once nothing else stands in the way.
        engine: makes what runs SQL, given a folder for temporary files.
        sign: makes the signature of the manifest; None: the package is not signed.
        overwrite: write over a package that exists.
        placed: called once the package stands under its name, whatever fails after that.
        progress: told what is being done.

    Raises:
        ErrorsOpen: a check found errors, or writing made some, and no acceptance says why to send them.
        SubmissionRefused: no data sets, a mixture of exercises, no body, or the package exists already.
        PassphraseUnfit: too weak, or not to be typed everywhere.
        LayoutUnfit: a value has no room in the layout of fixed width.
        CheckedRecordsUnusable: records missing, damaged, or not those of the check record.
        OutputUnwritable: no permission, no space; nothing is left behind.
    """
    body = unbroken(terms.body)
    _require_sound(data_sets, body)
    ordered = sorted(data_sets, key=lambda each: each.name)
    refuse_open_errors({each.name: open_errors(each.record.findings) for each in ordered}, terms.acceptances)
    _require_free(destination, overwrite=overwrite)
    secret = seal() if callable(seal) else seal
    if isinstance(secret, str):
        require_fit_passphrase(secret, body=body)

    with ExitStack() as files:  # what is opened first takes its place last: the package comes first
        sheets = [files.enter_context(written_whole(each)) for each in cover_sheets_of(destination)]
        files.enter_context(_when_done(placed))
        files.enter_context(_refused_if_there(destination))
        temporary = files.enter_context(written_whole(destination, new=not overwrite))
        folder = files.enter_context(working_folder(destination.parent))
        with sealed_archive(temporary, secret) as archive:
            package = PackageWriter(archive, terms.form)
            for each in ordered:
                progress(f"writing {each.name}")
                package.write_records(each, terms.layouts.get(each.name))
            package.write_transliterations()
            for each in ordered:
                package.write_sources(each)
            checks = _checks_as_sent(ordered, package.sent, folder, engine(folder), progress)
            errors = {each.name: errors_as_sent(each.record.findings, checks[each.name]) for each in ordered}
            accepted = accepted_errors(errors, terms.acceptances)
            manifest = _manifest(ordered, terms, package, checks, accepted)
            for path, sheet, beside in zip(COVER_SHEETS, _drawn(manifest), sheets, strict=True):
                package.write_other(path, sheet, "cover sheet")
                beside.write_bytes(sheet)
            manifest = manifest.model_copy(update={"files": tuple(package.others)})
            content = manifest_text(manifest)
            written = package.write_text(MANIFEST, content)
            if sign:
                package.write_text(SIGNATURE, sign(content))
    return _summary(destination, manifest, written)


def cover_sheets_of(package: Path) -> tuple[Path, ...]:
    """Where the cover sheets of a package stand: beside it."""
    stem = package.name.removesuffix(".zip").replace(".zip.age", "-age")
    return tuple(package.with_name(f"{stem}-{sheet}") for sheet in COVER_SHEETS)


def _require_sound(data_sets: Sequence[CheckedDataSet], body: str) -> None:
    if not data_sets:
        raise SubmissionRefused("nothing to package. Check an extract first: nfi check")
    if not body:
        raise SubmissionRefused("the name of the body is missing: it stands in the manifest. Give it.")
    exercises = sorted({each.specification.exercise for each in data_sets})
    if len(exercises) > 1:
        raise SubmissionRefused(
            f"data sets of different exercises ({', '.join(exercises)}) cannot go into one submission. "
            "Package each exercise by itself."
        )
    names = Counter(each.name for each in data_sets)
    if twice := [name for name, times in names.items() if times > 1]:
        raise SubmissionRefused(f"{', '.join(twice)}: given more than once. Give each data set once.")
    for each in data_sets:
        _require_same_specification(each)


def _require_same_specification(checked: CheckedDataSet) -> None:
    record, specification = checked.record, checked.specification
    checked_against = (record.dataset, record.exercise, record.specification_digest)
    if checked_against != (specification.dataset, specification.exercise, specification.digest):
        raise CheckedRecordsUnusable(
            f"{checked.name}: was checked against another version of its specification "
            f"({record.specification}). Check the extract again: nfi check"
        )


def _require_free(destination: Path, *, overwrite: bool) -> None:
    try:
        is_folder = destination.is_dir()
        there = [each for each in (destination, *cover_sheets_of(destination)) if each.exists()]
    except OSError as fault:
        raise OutputUnwritable(
            f"{destination}: cannot be reached ({fault.strerror}). Choose another place."
        ) from None
    if is_folder:
        raise SubmissionRefused(f"{destination}: is a folder. Name a file in it, such as submission.zip.")
    if there and not overwrite:
        raise _exists_already(there[0])


def _exists_already(path: Path) -> SubmissionRefused:
    return SubmissionRefused(
        f"{path}: exists already. Choose another name with --name, or replace it with --overwrite."
    )


@contextmanager
def _refused_if_there(destination: Path) -> Iterator[None]:
    """The same of a package that somebody else has made in the meantime."""
    try:
        yield
    except OutputExists:
        raise _exists_already(destination) from None


@contextmanager
def _when_done(call: Callable[[], None]) -> Iterator[None]:
    """Call when the block has ended well."""
    yield
    call()


def _checks_as_sent(
    data_sets: Sequence[CheckedDataSet],
    sent: Mapping[str, Sequence[SentFile]],
    folder: Path,
    engine: Engine,
    progress: Progress,
) -> dict[str, SentCheck]:
    """Every data set checked once more, as its files are sent, by name."""
    by_name = {each.name: each for each in data_sets}
    records: dict[str, Path] = {}
    checks: dict[str, SentCheck] = {}
    for name in in_order_of_reference({each.name: each.specification for each in data_sets}):
        progress(f"checking {name} as it is sent")
        checked = by_name[name]
        terms = SentTerms(
            specification=checked.specification,
            day=checked.day,
            absent=checked.record.columns_absent,
            not_held=checked.record.columns_not_held,
            lookups=checked.lookups,
            expected=checked.expected,
        )
        found = check_as_sent(sent[name], terms, others=records, folder=folder, engine=engine)
        records[name], checks[name] = found.records, found.check
    return checks


def _manifest(
    data_sets: Sequence[CheckedDataSet],
    terms: SubmissionTerms,
    package: PackageWriter,
    checks: Mapping[str, SentCheck],
    accepted: tuple[AcceptedErrors, ...],
) -> Manifest:
    """The manifest, but for the cover sheets, which are made from it."""
    body, exercise = unbroken(terms.body), data_sets[0].specification.exercise
    described = tuple(describe_data_set(each, checks[each.name]) for each in data_sets)
    return Manifest(
        name=f"nfi-{exercise}",
        title=f"National Fraud Initiative {exercise}: {body}",
        description=sentences(
            f"Data sets of {body} for the National Fraud Initiative {exercise}.",
            *dict.fromkeys(each.specification.notice for each in described),
        ),
        contributors=(Contributor(title=body),),
        tool=f"nfi {terms.tool_version or version('nfi')}",
        libraries={name: version(name) for name in LIBRARIES},
        body=body,
        exercise=exercise,
        form=terms.form,
        accepted_errors=accepted,
        declaration=terms.declaration,
        not_declared=terms.not_declared,
        remarks=tuple(unbroken(each) for each in terms.remarks),
        notes=notes(package.resources, described, terms.form, package.transliterated),
        data_sets=described,
        files=tuple(package.others),
        resources=tuple(package.resources),
    )


def _drawn(manifest: Manifest) -> Iterator[bytes]:
    """The cover sheets, in the order of COVER_SHEETS."""
    yield cover_page(manifest)
    yield cover_workbook(manifest)


def _summary(destination: Path, manifest: Manifest, manifest_file: WrittenFile) -> SubmissionSummary:
    return SubmissionSummary(
        package=destination,
        files=tuple(
            SubmittedFile(
                dataset=each.data_set,
                specification=manifest.by_data_set[each.data_set].specification.label,
                path=each.path,
                rows=each.rows,
                bytes=each.bytes,
                sha256=each.hash.removeprefix("sha256:"),
            )
            for each in manifest.resources
        ),
        manifest=manifest,
        manifest_sha256=manifest_file.sha256,
        cover_sheets=cover_sheets_of(destination),
    )
