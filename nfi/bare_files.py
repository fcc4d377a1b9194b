"""The match of bare files, without a workspace: what is made on the way is in a folder that goes again."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.known_reports import known_reports
from matching.records import enrichments
from nfi.engines import THIS_MACHINE, EngineChoice
from nfi.long_run import SHORT, LongRun
from nfi.match_run import Chosen, MatchRun, Outputs, Ready, Side, run_match, told_apart
from nfi.workspace import Workspace
from specs.catalogues import Catalogue
from specs.check import CheckResult, CheckTerms, check_extracts
from specs.engine import Engine
from specs.errors import ExtractEmpty, MappingInvalid, NfiError
from specs.mapping import Mapping, own_headings, read_mapping
from specs.plain_yaml import NotPlain, read_plain_yaml
from specs.read import Extract, ReadingOptions, open_extract
from specs.specification import CURRENT_EXERCISE, FieldFormat, Specification

Progress = Callable[[str], None]

_BODIES = 2
_UNREADABLE = {
    FieldFormat.DATE: "dates",
    FieldFormat.MONEY: "sums of money",
    FieldFormat.HOURS: "hours",
}


class FilesUnclear(NfiError):
    """It is not clear which file is what: which data set, which mapping, which body."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file, and which data set it holds."""

    dataset: str
    path: Path


def parse_data_file(text: str) -> DataFile:
    """What 'payroll=people.csv' says.

    Raises:
        FilesUnclear: no such form.
    """
    dataset, equals, path = text.partition("=")
    if not (equals and dataset.strip() and path.strip()):
        raise FilesUnclear(f"--data {text}: write DATASET=FILE, such as payroll=people.csv.")
    return DataFile(dataset.strip(), Path(path.strip()))


def match_files(
    files: Sequence[DataFile],
    *,
    mappings: Sequence[Path] = (),
    reports: Sequence[str] = (),
    own_reports: Path | None = None,
    pairs: Path | None = None,
    out: Path | None = None,
    exercise: str = CURRENT_EXERCISE,
    engine: EngineChoice | Engine = THIS_MACHINE,
    long: LongRun = SHORT,
    at: datetime,
    progress: Progress = lambda _: None,
) -> MatchRun:
    """Match files as they are, and write pairs, cases, or both.

    Files are read, mapped and checked as ever, in a private folder that is removed however the match ends.
    What the check finds stops nothing: a value that cannot be read agrees with nothing, and is counted in the
    notes.

    Args:
        files: one per data set; a data set that comes twice is that of two bodies, and then only what is
            found between the two makes a case.
        mappings: one per data set, or one per file in the same order; a data set without one has the headings
            that are published for it.
        reports: ids of the reports to run; none: all.
        own_reports: folder of the body's own reports.
        pairs: where to write the pairs of records, as CSV.
        out: folder that gets workbook, case files and run record, as a workspace does; None: not written.
        exercise: whose specifications the files are read by.
        engine: where the match runs; files are read and checked on this machine.
        long: who is told the time left; of bare files nothing is kept.
        at: the time of the run; its day is that of the check.
        progress: told each step as it begins.

    Raises:
        FilesUnclear: a data set three times, a mapping too many, or the same file twice.
        SpecificationNotFound: no such data set.
        ExtractUnreadable, MappingInvalid: a file or a mapping cannot be used.
        ReportNotFound, ReportInvalid: a report that is named is not there, or cannot be used.
        PairsMisplaced, OutputUnwritable: the results cannot be written.
    """
    chosen = Chosen.of(known_reports(own_reports), reports)
    outputs = Outputs(Workspace(out) if out else None, pairs, (*(each.path for each in files), *mappings))
    bodies = _bodies(files)
    specifications = {each.dataset: Catalogue.of().load(each.dataset, exercise) for each in files}
    given = _mapping_of_each(files, mappings)

    def read(folder: Path) -> Ready:
        checks: list[dict[str, _Checked]] = [{} for _ in bodies]
        notes = [
            f"{each.path.name}: no report looks at {each.dataset}."
            for each in files
            if each.dataset not in enrichments()
        ]
        empty: list[ExtractEmpty] = []
        for place, body in enumerate(bodies):
            for each in body:
                progress(f"Reading {each.path.name}")
                specification = specifications[each.dataset]
                where = folder / str(place)
                try:
                    checked = _check(each, given.get(each), specification, where, at.date())
                except ExtractEmpty as fault:
                    empty.append(fault)
                    continue
                checks[place][each.dataset] = checked
                notes += _unread(each, checked)
        if len(empty) == len(files):
            raise empty[0]
        sides = [_side(name, each) for name, each in zip(_names(bodies), checks, strict=True)]
        return Ready(sides, (*map(str, empty), *notes))

    return run_match(
        read,
        chosen,
        outputs,
        temporary=Path(tempfile.gettempdir()),
        engine=engine,
        long=long,
        at=at,
        progress=progress,
    )


def _bodies(files: Sequence[DataFile]) -> list[list[DataFile]]:
    """The files of the first body, and those of the second: what comes twice is of both."""
    bodies: list[list[DataFile]] = []
    for each in files:
        place = sum(each.dataset == earlier.dataset for body in bodies for earlier in body)
        if place == _BODIES:
            raise FilesUnclear(
                f"--data {each.dataset}: three files. Two files of one data set are those of two bodies; "
                "months of one body belong together: check them into a folder, nfi check FILE FILE --dataset "
                f"{each.dataset}, and match that."
            )
        if place == len(bodies):
            bodies.append([])
        bodies[place].append(each)
    paths = [each.path.resolve() for each in files]
    for each in files:
        if paths.count(each.path.resolve()) > 1:
            raise FilesUnclear(f"{each.path}: is there twice under --data. Name it once.")
    return bodies


def _names(bodies: Sequence[Sequence[DataFile]]) -> tuple[str, ...]:
    files = [each.path for body in bodies for each in body]
    names = dict(zip(files, told_apart(files), strict=True))
    return tuple(", ".join(names[each.path] for each in body) for body in bodies)


def _mapping_of_each(files: Sequence[DataFile], mappings: Sequence[Path]) -> dict[DataFile, Path]:
    """The mapping of each file that has one."""
    datasets = list(dict.fromkeys(each.dataset for each in files))
    by_dataset: dict[str, list[Path]] = {}
    for path in mappings:
        dataset = _dataset_of(path)
        if dataset not in datasets:
            near = difflib.get_close_matches(dataset, datasets, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else "."
            raise FilesUnclear(
                f"{path}: is a mapping of '{dataset}', and --data names {' and '.join(datasets)}{hint}"
            )
        by_dataset.setdefault(dataset, []).append(path)
    found: dict[DataFile, Path] = {}
    for dataset, paths in by_dataset.items():
        own = [each for each in files if each.dataset == dataset]
        if len(paths) > 1 and len(paths) != len(own):
            raise FilesUnclear(
                f"{paths[1]}: is one more mapping of {dataset} than there are files of it. Give one for all, "
                "or one for each file in the same order."
            )
        found |= dict(zip(own, paths if len(paths) > 1 else paths * len(own), strict=True))
    return found


def _dataset_of(mapping: Path) -> str:
    """The data set that a mapping names."""
    try:
        content, _ = read_plain_yaml(mapping.read_bytes())
    except OSError as fault:
        raise MappingInvalid(f"{mapping}: cannot be read ({fault.strerror}). Check its name.") from fault
    except NotPlain as fault:
        raise MappingInvalid(f"{mapping.name}: {fault}") from fault
    dataset = content.get("dataset") if isinstance(content, dict) else None
    if not isinstance(dataset, str) or not dataset:
        raise MappingInvalid(f"{mapping.name}: does not say which data set it maps: 'dataset: payroll'.")
    return dataset


@dataclass(frozen=True, slots=True)
class _Checked:
    specification: Specification
    result: CheckResult


def _check(
    file: DataFile, mapping: Path | None, specification: Specification, folder: Path, today: date
) -> _Checked:
    extract = open_extract(file.path, ReadingOptions())
    said = read_mapping(mapping, specification) if mapping else _own_headings(extract, file, specification)
    result = check_extracts(
        [extract],
        specification,
        said,
        CheckTerms(today=today),
        workspace=folder,
        engine=DuckDBEngine(temporary=folder),
    )
    return _Checked(specification, result)


def _own_headings(extract: Extract, file: DataFile, specification: Specification) -> Mapping:
    try:
        return own_headings(extract.headings, specification)
    except MappingInvalid as fault:
        raise MappingInvalid(f"{file.path.name}: {fault}, and give it with --mapping.") from fault


def _side(name: str, checks: dict[str, _Checked]) -> Side:
    absent = {
        dataset: frozenset(
            each.specification.by_name[field].column for field in each.result.record.columns_absent
        )
        for dataset, each in checks.items()
    }
    return Side(
        Body(
            records={dataset: each.result.records for dataset, each in checks.items()},
            findings={dataset: each.result.findings for dataset, each in checks.items()},
            without=absent,
            name=name,
        ),
        {dataset: each.result.record for dataset, each in checks.items()},
        {dataset: each.specification for dataset, each in checks.items()},
    )


def _unread(file: DataFile, checked: _Checked) -> list[str]:
    """How many values of each field could not be read, in sentences without a value."""
    return [
        f"{file.path.name}: {found.count:,} of {found.field} could not be read as "
        f"{_UNREADABLE[FieldFormat(found.code)]}; as such they agree with nothing."
        for found in checked.result.record.findings
        if found.code in _UNREADABLE
    ]
