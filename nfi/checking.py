"""The check of a data set: extracts, the mapping that fits them, and what is written into the workspace."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from matching.engines.duckdb import DuckDBEngine
from nfi.run_record import write_run_record
from nfi.workspace import Workspace
from outputs.findings_page import write_findings_page
from outputs.findings_workbook import write_findings_workbook
from specs.amounts import MoneyFormat
from specs.check import CheckResult, CheckTerms, check_extracts
from specs.check_descriptions import check_descriptions
from specs.check_record import CheckRecord, read_check_record
from specs.data_set import ControlTotals
from specs.errors import ExtractUnreadable, MappingInvalid, NfiError
from specs.lookups import read_lookup
from specs.mapped import told_apart
from specs.mapping import Mapping, matching_mapping, own_headings, read_mapping
from specs.modulus_tables import read_modulus_tables
from specs.private_files import digest_of, private_folder, working_folder
from specs.read import Extract, ReadingOptions, open_extract
from specs.specification import CURRENT_EXERCISE, Specification
from specs.specified_layout import with_layout

AS_DETECTED = ReadingOptions()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What a check found, and the workbook and the page that say so."""

    result: CheckResult
    specification: Specification
    mapping: Path | None
    """The mapping that was used; None where the headings are the specification's own."""
    workbook: Path
    page: Path


def check(
    extracts: Sequence[Path],
    dataset: str,
    *,
    folder: Path,
    mapping: Path | None = None,
    exercise: str = CURRENT_EXERCISE,
    reading: ReadingOptions = AS_DETECTED,
    money: MoneyFormat | None = None,
    correct: bool = False,
    expected: ControlTotals | None = None,
    previous: Path | None = None,
    modulus_tables: Path | None = None,
    day: date | None = None,
    at: datetime,
    progress: Callable[[int], None] | None = None,
) -> CheckRun:
    """Check a data set, and write its typed records and findings into a folder.

    Args:
        extracts: the file that the source system gave, or several that are one data set; see `open_extract`.
        dataset: which data set it is, such as 'payroll'.
        folder: the workspace.
        mapping: YAML that says which heading is which field; None: the saved one that was made for these
            headings, or else the headings are the specification's.
        exercise: whose specification to check against.
        reading: instead of what is detected.
        money: 'pounds' or 'pence', instead of what the mapping or the values say.
        correct: correct what is safe to correct, and log every change.
        expected: what the data set comes to, by the source system.
        previous: what to compare with: the folder or the check record of an earlier check, or an extract of
            the same layout.
        modulus_tables: folder with Pay.UK's tables, or the table of weights itself.
        day: dates after it are in the future; None: the day of the run.
        at: the time of the run, for the trail.
        progress: told how many records have been checked.

    Raises:
        SpecificationNotFound: no such data set or exercise.
        ExtractUnreadable: a file cannot be read as an extract; nothing is written.
        MappingInvalid: the mapping does not fit the specification or the extract.
        ControlTotalsInvalid, ModulusTablesInvalid: what was given to compare with cannot be used.
        OutputUnwritable: the results cannot be written.
    """
    workspace = Workspace(folder)
    day = day or at.date()
    specification = workspace.catalogue.load(dataset, exercise)
    if expected:
        tuple(expected.of_fields(specification))  # what cannot be compared is refused before anything is read
    options = with_layout(reading, specification)
    opened = told_apart([open_extract(extract, options) for extract in extracts])
    mapping, said = _mapping(mapping, opened, specification, workspace)
    referred = {reference.dataset for reference in specification.references}
    others = {name: path for name, path in workspace.checked_datasets().items() if name in referred}
    lookups = {specification.by_name[name].column: read_lookup(path) for name, path in said.lookups.items()}
    tables = read_modulus_tables(modulus_tables) if modulus_tables else None
    private_folder(folder)
    with working_folder(folder) as temporary:
        engine = DuckDBEngine(temporary=temporary)

        def checked_now(extract: Path) -> CheckRecord:
            return check_extracts(
                [open_extract(extract, options)],
                specification,
                said,
                CheckTerms(today=day),
                workspace=temporary / "previous",
                engine=engine,
            ).record

        earlier = _earlier_record(previous, dataset, checked_now) if previous else None
        result = check_extracts(
            opened,
            specification,
            said,
            CheckTerms(
                today=day,
                money=money,
                others=others,
                lookups=lookups or None,
                modulus=tables,
                expected=expected,
                previous=earlier,
                correct=correct,
            ),
            workspace=folder,
            engine=engine,
            progress=progress,
        )
    workbook = workspace.findings / f"{dataset}.xlsx"
    page = workbook.with_suffix(".html")
    for write, path in ((write_findings_workbook, workbook), (write_findings_page, page)):
        write(
            path,
            result.record,
            result.findings,
            check_descriptions(),
            specification,
            records=result.records,
        )
    write_run_record(
        workspace,
        f"check-{dataset}",
        made_from={
            "extract_sha256": result.record.extract_sha256,
            "specification_sha256": specification.digest,
            "mapping_sha256": result.record.mapping_sha256,
            "referred_to": {name: digest_of(path) for name, path in others.items()},
            "lookups": {name: digest_of(path) for name, path in said.lookups.items()},
            "modulus_tables": tables.digest if tables else None,
            "expected": expected.model_dump(mode="json") if expected else None,
            "previous": earlier.records_sha256 if earlier else None,
            "day": day.isoformat(),
            "reading": {key: str(value) for key, value in asdict(reading).items() if value is not None},
            "money": money,
            "correct": correct,
        },
        outputs=[*result.files, workbook, page],
        at=at,
    )
    return CheckRun(result=result, specification=specification, mapping=mapping, workbook=workbook, page=page)


def _mapping(
    given: Path | None, extracts: Sequence[Extract], specification: Specification, workspace: Workspace
) -> tuple[Path | None, Mapping]:
    """The mapping that a person gave, or the saved one that fits, or that of the published headings.

    Raises:
        MappingInvalid: the files have saved mappings of their own, and none for all of them.
    """
    if given is None:
        each = {
            extract.path.name: matching_mapping(workspace.mappings, extract.headings, specification)
            for extract in extracts
        }
        if len(set(each.values())) > 1:
            found = ", ".join(f"{name}: {path.name if path else 'none'}" for name, path in each.items())
            raise MappingInvalid(
                f"the files have not one saved mapping between them ({found}). Make one for all: nfi map "
                f"{shlex.join(str(extract.path) for extract in extracts)} --dataset {specification.dataset}"
            )
        given = next(iter(each.values()))
    if given is not None:
        return given, read_mapping(given, specification, workspace.catalogue)
    headings = dict.fromkeys(heading for extract in extracts for heading in extract.headings)
    return None, own_headings(tuple(headings), specification, workspace.catalogue)


def _earlier_record(previous: Path, dataset: str, check_it: Callable[[Path], CheckRecord]) -> CheckRecord:
    """The record of the previous exercise's extract: as an earlier check wrote it, or by checking it now.

    Raises:
        NfiError: a folder without a check of this data set, or a record that cannot be read.
        ExtractUnreadable, MappingInvalid: neither a record, nor an extract of the same layout.
    """
    record = previous / "checked" / f"{dataset}.json" if previous.is_dir() else previous
    if record.suffix.casefold() != ".json":
        try:
            return check_it(previous)
        except (ExtractUnreadable, MappingInvalid) as fault:
            raise type(fault)(f"the extract to compare with: {fault}") from fault
    try:
        return read_check_record(record)
    except (OSError, ValueError) as fault:
        raise NfiError(
            f"{previous}: holds no check of {dataset} to compare with. Name the folder of an earlier check, "
            f"its checked/{dataset}.json, or the earlier extract."
        ) from fault
