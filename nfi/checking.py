"""The check of a data set: extracts, the mapping that fits them, and what is written into the workspace."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from nfi.checked_sources import CheckSources
from nfi.engines import THIS_MACHINE, EngineChoice, reads_extracts, running
from nfi.run_record import write_run_record
from nfi.workspace import Workspace
from specs.amounts import MoneyFormat
from specs.check import CheckResult, CheckTerms, check_extracts
from specs.check_batches import Progress
from specs.check_descriptions import check_descriptions
from specs.check_record import CheckRecord, read_check_record
from specs.data_set import ControlTotals
from specs.engine import Engine
from specs.engine_extract import ExtractEngine, HeldExtract, open_held_extract, refuse_options
from specs.errors import ExtractUnreadable, MappingInvalid, NfiError
from specs.formats.fixed_layout import LayoutFile, read_layout
from specs.loading import load_ahead
from specs.lookups import LookupTable, read_lookup, specified_field
from specs.mapped import told_apart
from specs.mapping import Mapping as FieldMapping
from specs.mapping import matching_mapping, own_headings, read_mapping
from specs.modulus_tables import read_modulus_tables
from specs.private_files import begun, digest_of, working_folder
from specs.read import Extract, ReadingOptions, open_extract
from specs.specification import CURRENT_EXERCISE, Specification
from specs.specified_layout import SPECIFIED, with_layout

AS_DETECTED = ReadingOptions()
WORKBOOK = "workbook and page"
"""The last step of a check."""


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
    extracts: Sequence[Path | str],
    dataset: str,
    *,
    folder: Path,
    mapping: Path | None = None,
    exercise: str = CURRENT_EXERCISE,
    reading: ReadingOptions = AS_DETECTED,
    lookups: Mapping[str, Path] | None = None,
    money: MoneyFormat | None = None,
    correct: bool = False,
    expected: ControlTotals | None = None,
    previous: Path | None = None,
    modulus_tables: Path | None = None,
    day: date | None = None,
    engine: EngineChoice | Engine = THIS_MACHINE,
    at: datetime,
    progress: Progress = lambda _step, _rows: None,
) -> CheckRun:
    """Check a data set, and write its typed records and findings into a folder.

    What the check was made from is kept beside the records: the catalogue file, the mapping, the layout and
    the look-up tables.

    Args:
        extracts: the file that the source system gave, or several that are one data set; see `open_extract`.
            For an engine that reads extracts itself: paths, addresses or names of tables; see
            `open_held_extract`.
        dataset: which data set it is, such as 'payroll'.
        folder: the workspace.
        mapping: YAML that says which heading is which field; None: the saved one that was made for these
            headings, or else the headings are the specification's.
        exercise: whose specification to check against.
        reading: instead of what is detected.
        lookups: look-up tables by published name of the field, instead of all that the mapping names.
        money: 'pounds' or 'pence', instead of what the mapping or the values say.
        correct: correct what is safe to correct, and log every change.
        expected: what the data set comes to, by the source system.
        previous: what to compare with: the folder or the check record of an earlier check, or an extract of
            the same layout.
        modulus_tables: folder with Pay.UK's tables, or the table of weights itself.
        day: dates after it are in the future; None: the day of the run.
        engine: where large work runs.
        at: the time of the run, for the trail.
        progress: told what is being done, and how many records have been checked.

    Raises:
        SpecificationNotFound: no such data set or exercise.
        ExtractUnreadable: a file cannot be read as an extract; nothing is written.
        MappingInvalid: the mapping does not fit the specification or the extract; a look-up table is faulty.
        LookupNotUsable: a look-up table of a field that cannot have one.
        ControlTotalsInvalid, ModulusTablesInvalid: what was given to compare with cannot be used.
        OutputUnwritable: the results cannot be written.
    """
    workspace = Workspace(folder)
    day = day or at.date()
    specification = workspace.catalogue.load(dataset, exercise)
    if expected:
        tuple(expected.of_fields(specification))  # what cannot be compared is refused before anything is read
    reading = _with_layout_read(reading)
    options = with_layout(reading, specification) or AS_DETECTED
    if reads_extracts(engine):
        refuse_options(str(extracts[0]), options)  # before a session is begun, which takes long
    with ExitStack() as stack:
        stack.enter_context(begun(folder))
        temporary = stack.enter_context(working_folder(folder))
        runs_on = stack.enter_context(running(engine, temporary)) if reads_extracts(engine) else None
        opened = _opened(extracts, options, runs_on)
        mapping, said = _mapping(mapping, opened, specification, workspace)
        sources = CheckSources(
            specification=workspace.catalogue.content(specification),
            mapping=said.content,
            layout=reading.layout.content if isinstance(reading.layout, LayoutFile) else None,
            lookups=_tables(said.lookups if lookups is None else lookups, specification),
        )
        referred = {reference.dataset for reference in specification.references}
        others = {name: path for name, path in workspace.checked_datasets().items() if name in referred}
        tables = read_modulus_tables(modulus_tables) if modulus_tables else None
        work_on = runs_on or stack.enter_context(running(engine, temporary))  # its library is loaded by now

        def checked_now(extract: Path) -> CheckRecord:
            return check_extracts(
                _opened([extract], options, runs_on),
                specification,
                said,
                CheckTerms(today=day),
                workspace=temporary / "previous",
                engine=work_on,
            ).record

        terms = CheckTerms(
            today=day,
            money=money,
            others=others,
            lookups={column: table.codes for column, table in sources.lookups.items()} or None,
            modulus=tables,
            expected=expected,
            previous=_earlier_record(previous, dataset, checked_now) if previous else None,
            correct=correct,
        )
        result = check_extracts(
            opened, specification, said, terms, workspace=folder, engine=work_on, progress=progress
        )
    run = CheckRun(
        result=result,
        specification=specification,
        mapping=mapping,
        workbook=workspace.findings / f"{dataset}.xlsx",
        page=workspace.findings / f"{dataset}.html",
    )
    progress(WORKBOOK, result.record.rows)
    _write(run, sources, workspace, made_from=_made_from(result.record, sources, terms, reading), at=at)
    return run


def _opened(
    extracts: Sequence[Path | str], options: ReadingOptions, engine: Engine | None
) -> Sequence[Extract] | Sequence[HeldExtract]:
    """The extracts, each once: files of this machine, or what an engine reads itself."""
    if isinstance(engine, ExtractEngine):
        return told_apart([open_held_extract(engine, str(extract)) for extract in extracts])
    load_ahead(map(Path, extracts))
    return told_apart([open_extract(Path(extract), options) for extract in extracts])


def _with_layout_read(reading: ReadingOptions) -> ReadingOptions:
    """The same options, with the layout file read once, so that what is kept is what was read with."""
    if not isinstance(reading.layout, Path) or reading.layout == SPECIFIED:
        return reading
    return replace(reading, layout=read_layout(reading.layout))


def _tables(lookups: Mapping[str, Path], specification: Specification) -> dict[str, LookupTable]:
    """Look-up tables by column name, in the specification's order."""
    read = {specified_field(name, specification).column: read_lookup(path) for name, path in lookups.items()}
    return {column: read[column] for column in specification.by_column if column in read}


def _write(
    run: CheckRun, sources: CheckSources, workspace: Workspace, *, made_from: Mapping[str, Any], at: datetime
) -> None:
    """Write the findings for people, what the check was made from, and the record of the run."""
    # What writes workbooks takes long to load, and is of no use to whoever has named the wrong file.
    from outputs.findings_page import write_findings_page  # noqa: PLC0415
    from outputs.findings_workbook import write_findings_workbook  # noqa: PLC0415

    for write, path in ((write_findings_workbook, run.workbook), (write_findings_page, run.page)):
        write(
            path,
            run.result.record,
            run.result.findings,
            check_descriptions(),
            run.specification,
            records=run.result.records,
        )
    dataset = run.specification.dataset
    kept = sources.keep(workspace, dataset)
    outputs = [*run.result.files, run.workbook, run.page, *kept]
    write_run_record(workspace, f"check-{dataset}", made_from=made_from, outputs=outputs, at=at)


def _made_from(
    record: CheckRecord, sources: CheckSources, terms: CheckTerms, reading: ReadingOptions
) -> dict[str, Any]:
    """What decides the outputs of a check: hashes and settings, from which it can be made again."""
    layout = reading.layout
    options = {each.name: getattr(reading, each.name) for each in fields(reading)}
    options["layout"] = layout.name if layout else None  # where it stands decides nothing
    return {
        "extract_sha256": record.extract_sha256,
        "extracts": [{"name": file.name, "sha256": file.sha256} for file in record.files],
        "specification_sha256": record.specification_digest,
        "mapping_sha256": record.mapping_sha256,
        "layout_sha256": sha256(sources.layout).hexdigest() if sources.layout is not None else None,
        "referred_to": {name: digest_of(path) for name, path in terms.others.items()},
        "lookups": {column: sha256(each.as_csv()).hexdigest() for column, each in sources.lookups.items()},
        "modulus_tables": terms.modulus.digest if terms.modulus else None,
        "expected": terms.expected.model_dump(mode="json") if terms.expected else None,
        "previous": terms.previous.records_sha256 if terms.previous else None,
        "day": terms.today.isoformat(),
        "reading": {name: str(value) for name, value in options.items() if value is not None},
        "money": terms.money,
        "correct": terms.correct,
    }


def _mapping(
    given: Path | None,
    extracts: Sequence[Extract] | Sequence[HeldExtract],
    specification: Specification,
    workspace: Workspace,
) -> tuple[Path | None, FieldMapping]:
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
