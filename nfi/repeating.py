"""A package made again from its extracts: mapping, corrections, check and packaging, byte by byte."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from matching.engines.duckdb import DuckDBEngine
from nfi.checking import CheckRun
from nfi.checks_repeated import Given, Progress, Repeated, checks_repeated
from nfi.packaging import run_of_check
from nfi.recognising import recognised
from nfi.workspace import Workspace
from outputs.submitted.acceptance import Acceptance, AcceptanceUnfit, ErrorsOpen
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.manifest import MANIFEST, SIGNATURE, DataSet, Manifest, ManifestUnreadable
from outputs.submitted.open_submission import Submission, open_submission
from outputs.submitted.package_writer import TRANSLITERATIONS
from outputs.submitted.submission import COVER_SHEETS, SubmissionTerms, build_submission
from outputs.verify import (
    Area,
    Opened,
    State,
    Verdict,
    in_bytes,
    in_json,
    in_records,
    same_or_differs,
)
from specs.errors import NfiError
from specs.formats.fixed_layout import FixedColumn, FixedLayout, LayoutFile
from specs.parts import SaidPart, assign_parts
from specs.private_files import private_folder

_OF_ALL = {MANIFEST, TRANSLITERATIONS, *COVER_SHEETS}
"""Files that say something of every data set."""

_MADE_AGAIN = "made again from the extracts"


def repeated(opened: Opened, given: Given, folder: Path, progress: Progress) -> Iterator[Verdict]:
    """Make a package again, as far as its extracts are given, and compare every file inside.

    Args:
        opened: the package.
        given: its extracts, and what else its checks were made with.
        folder: private; gets all that a workspace gets.
        progress: told what is being done.

    Raises:
        ExtractUnreadable: a file that is given cannot be read.
        OutputUnwritable: no space.
    """
    manifest = opened.submission.manifest
    found = recognised(manifest, given.extracts, private_folder(folder / "extracts"))
    yield from found.verdicts
    workspace = Workspace(private_folder(folder / "repeated"))
    checks = checks_repeated(opened, found.extracts, given, workspace, progress)
    yield from checks.verdicts
    if not checks.runs:
        return
    progress("packaging again")
    secret = secrets.token_hex(16)
    try:
        made, verdicts = _packaged(opened, checks, workspace, secret)
    except NfiError as fault:
        said = str(fault).replace(f"{workspace.folder}/", "")
        yield same_or_differs(Area.REPEATED, "all files", "packaging", same=False, detail=said)
        return
    yield from verdicts
    with open_submission(made, secret) as again:
        yield from _compared(opened.submission, again, complete=checks.complete)


def _packaged(
    opened: Opened, checks: Repeated, workspace: Workspace, secret: str
) -> tuple[Path, tuple[Verdict, ...]]:
    """The package made again, under a passphrase that nobody learns."""
    manifest = opened.submission.manifest
    made = workspace.submission / "again.zip"
    data_sets = [
        _checked(opened, manifest.by_data_set[name], run, workspace) for name, run in checks.runs.items()
    ]

    terms = SubmissionTerms(
        body=manifest.body,
        form=manifest.form,
        layouts=_layouts(manifest),
        declaration=manifest.declaration,
        not_declared=manifest.not_declared,
        remarks=manifest.remarks,
    )

    def build(*acceptances: Acceptance) -> None:
        build_submission(
            data_sets,
            made,
            replace(terms, acceptances=acceptances),
            seal=secret,
            engine=lambda temporary: DuckDBEngine(temporary=temporary),
        )

    try:
        build(*(Acceptance(each.reason, each.by, each.code) for each in manifest.accepted_errors))
    except (ErrorsOpen, AcceptanceUnfit):
        build(Acceptance("package made again to compare it", "nobody"))
        if checks.complete:
            said = "they are others than the reasons in the manifest are for"
            unlike = same_or_differs(Area.REPEATED, MANIFEST, "errors that are open", same=False, detail=said)
            return made, (unlike,)
    return made, ()


def _checked(opened: Opened, data_set: DataSet, run: CheckRun, workspace: Workspace) -> CheckedDataSet:
    name, specification, record = data_set.name, run.specification, run.result.record
    said = [SaidPart(name, file.part, file.name) for file in data_set.extract.files if file.part is not None]
    tables = opened.tables[name]
    return CheckedDataSet(
        specification=specification,
        specification_file=workspace.specification_file(name),
        own_specification=data_set.specification.own,
        records=run.result.records,
        record=record,
        run=run_of_check(workspace, name),
        mapping=workspace.mapping_of(name),
        layout=workspace.layout_of(name),
        lookups=dict(sorted(tables.coded.items())),
        lookups_given_late=frozenset(
            specification.by_name[each.field].column for each in data_set.lookups if each.given_when_packaging
        ),
        without_lookup={each.field: each.reason for each in data_set.lookups if each.reason},
        parts=assign_parts(specification, record, said).parts,
    )


def _layouts(manifest: Manifest) -> dict[str, LayoutFile]:
    """For fixed width: where the fields stand, if that is the same in all files of a data set."""
    layouts = {}
    for name in manifest.by_data_set:
        places = {each.places for each in manifest.resources_of(name)}
        if len(places) == 1 and (fields := places.pop()):
            try:
                columns = tuple(FixedColumn(heading=p.field, start=p.start, width=p.width) for p in fields)
                layouts[name] = LayoutFile("of the package", FixedLayout(columns=columns))
            except ValidationError:
                raise ManifestUnreadable(
                    f"{MANIFEST}: {name}: nfi:places: fields cannot stand there. Ask for the package again."
                ) from None
    return layouts


def _compared(then: Submission, now: Submission, *, complete: bool) -> Iterator[Verdict]:
    """Every file of the package with the same file of the one that was made again."""
    files = [name for name in then.files if name != SIGNATURE]
    for name in sorted(files, key=lambda name: (name in COVER_SHEETS, name == MANIFEST, name)):
        if not complete and (name in _OF_ALL or name not in now.files):
            yield _verdict(name, State.NOT_REPEATED, "not all that it holds was repeated")
        elif name not in now.files:
            yield _verdict(name, State.DIFFERS, "no such file is made")
        else:
            yield _file(then, now, name)
    for name in sorted({*now.files} - {*then.files}) if complete else ():
        yield _verdict(name, State.DIFFERS, "is made now, and is not in the package")


def _file(then: Submission, now: Submission, name: str) -> Verdict:
    try:
        if then.measured(name) == now.measured(name):
            return _verdict(name, State.SAME)
    except NfiError:
        return _verdict(name, State.DIFFERS, "is damaged in the package")
    resource = next((each for each in then.manifest.resources if each.path == name), None)
    if resource or name.endswith(".csv"):
        with then.lines(name) as left, now.lines(name) as right:
            place = in_records(left, right, resource)
    elif name.endswith(".json"):
        place = in_json(then.content(name), now.content(name))
    else:
        place = in_bytes(then.content(name), now.content(name))
    return _verdict(name, State.DIFFERS, place.detail, place.where)


def _verdict(name: str, state: State, detail: str | None = None, where: str | None = None) -> Verdict:
    return Verdict(
        area=Area.REPEATED, subject=name, what=_MADE_AGAIN, state=state, where=where, detail=detail
    )
