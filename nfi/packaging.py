"""The package of what was checked in a folder: what a person decides about it, and what is kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from matching.engines.duckdb import DuckDBEngine
from nfi.declaring import declaration_warnings, filled_fields, load_declaration
from nfi.match_run import checked_digests
from nfi.run_record import write_run_record
from nfi.workspace import RecordsChanged, Workspace
from outputs.one_line import unbroken
from outputs.sealed.age_keys import Recipients
from outputs.submitted.acceptance import Acceptance
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.manifest import CheckRun
from outputs.submitted.submission import (
    Progress,
    Seal,
    SubmissionRefused,
    SubmissionSummary,
    SubmissionTerms,
    build_submission,
)
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout, WrittenForm, written_form
from specs.catalogues import Origin
from specs.check_record import CheckRecord
from specs.engine import Engine
from specs.errors import NfiError
from specs.formats.fixed_layout import read_layout
from specs.headings import nearest, shown
from specs.lookups import (
    GivenLookup,
    LookupTable,
    add_lookup,
    coded_without_table,
    read_lookup,
    specified_field,
)
from specs.parts import SaidPart, assign_parts, refuse_other_datasets
from specs.private_files import working_folder
from specs.specification import CharacterSet, Specification


class LookupsMissing(NfiError):
    """Fields hold codes, and nobody has said what they mean, or why they need no table."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageWishes:
    """What a person decides about a package; what is left open follows from specifications and data."""

    layout: FileLayout = FileLayout.DELIMITED
    headings: bool | None = None
    characters: CharacterSet | None = None
    """None: as the specifications say."""
    delimiter: str | None = None
    negative_sign: NegativeSign = NegativeSign.LEADING
    layouts: Mapping[str, Path] = field(default_factory=dict)
    """Layout files for fixed width, by data set."""
    parts: Sequence[SaidPart] = ()
    """Which extract is which of the files that a specification wants."""
    lookups: Sequence[GivenLookup] = ()
    """Look-up tables that the check did not have."""
    without_lookup: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Why a coded field, by data set and name, needs no table."""
    acceptances: Sequence[Acceptance] = ()
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package that was made, and what a person should look at."""

    summary: SubmissionSummary
    warnings: tuple[str, ...]


AskForLookup = Callable[[str, str], GivenLookup | str]
"""Given data set and published name of a field that holds codes: its table, or why it needs none."""


def package(
    folder: Path,
    *,
    body: str,
    seal: Seal | Callable[[], Seal],
    name: str = "submission.zip",
    wishes: PackageWishes | None = None,
    sign: Callable[[bytes], bytes] | None = None,
    ask: AskForLookup | None = None,
    overwrite: bool = False,
    at: datetime,
    placed: Callable[[], None] = lambda: None,
    progress: Progress = lambda _: None,
) -> Packaged:
    """Package the extracts that were checked in a folder, as `submission/<name>` inside it.

    Args:
        folder: the workspace.
        body: name of the body that submits; stands in the manifest.
        seal: a passphrase, or recipients of age; a function is asked once nothing else stands in the way.
        name: file name of the package; where it is sealed with age, '.age' is added.
        wishes: what a person decides.
        sign: makes the signature of the manifest; None: the package is not signed.
        ask: asked for each look-up table that is missing; None: there is nobody to ask.
        overwrite: replace a package of that name.
        at: the time of the run, for the trail.
        placed: called once the package stands under its name, whatever fails after that.
        progress: told what is being done.

    Raises:
        NothingChecked: the folder holds no checked extract.
        LookupsMissing, ErrorsOpen: something is open, and nobody has said why it may stay so.
        PassphraseUnfit: the passphrase is too weak.
        PartsInvalid, LookupNotUsable, FormContradictory, LayoutUnfit: a wish cannot be fulfilled.
        SubmissionRefused: the package exists already, or the body or the package has no fit name.
    """
    wishes = wishes or PackageWishes()
    _refuse_unfit_name(name)
    workspace = Workspace(folder)
    records = workspace.records()
    specifications = {dataset: workspace.specification_of(record) for dataset, record in records.items()}
    _refuse_unknown(wishes, specifications)
    form = _form(wishes, specifications.values())
    with working_folder(folder) as temporary:
        preparation = _Preparation(workspace, wishes, ask, DuckDBEngine(temporary=temporary))
        prepared = [
            preparation.data_set(specifications[dataset], record) for dataset, record in records.items()
        ]
    declaration = load_declaration(workspace)
    not_declared = declaration_warnings(
        declaration,
        {dataset: filled_fields(specifications[dataset], record) for dataset, record in records.items()},
        next(iter(specifications.values())).exercise,
    )
    summary = build_submission(
        [data_set for data_set, _ in prepared],
        workspace.submission / (f"{name}.age" if isinstance(seal, Recipients) else name),
        SubmissionTerms(
            body=body,
            form=form,
            layouts={dataset: read_layout(path) for dataset, path in wishes.layouts.items()},
            acceptances=tuple(wishes.acceptances),
            declaration=declaration,
            not_declared=not_declared,
            remarks=tuple(wishes.remarks),
        ),
        seal=seal,
        engine=lambda temporary: DuckDBEngine(temporary=temporary),
        sign=sign,
        overwrite=overwrite,
        placed=placed,
        progress=progress,
    )
    write_run_record(
        workspace,
        f"package-{summary.package.name}",
        made_from={
            "checked": checked_digests(records),
            "package": summary.package.name,
            "manifest_sha256": summary.manifest_sha256,
            "signed": sign is not None,
        },
        # of these the package alone differs each time: encryption draws new salts
        outputs=[summary.package, *summary.cover_sheets],
        at=at,
    )
    to_look_at = (warning for _, warnings in prepared for warning in warnings)
    return Packaged(summary, (*to_look_at, *not_declared))


def _refuse_unfit_name(name: str) -> None:
    plain = name.isprintable() and not {"/", "\\", ":"}.intersection(name)
    if not plain or name.startswith(".") or not name[:-4].strip(" .") or name[-4:].casefold() != ".zip":
        raise SubmissionRefused(
            f"{shown(name)}: not a file name that ends in .zip. Choose one, such as payroll.zip."
        )


def _refuse_unknown(wishes: PackageWishes, specifications: Mapping[str, Specification]) -> None:
    """Refuse what is said of data sets that are not checked here."""
    refuse_other_datasets(wishes.parts, specifications)
    named = [each.dataset for each in wishes.lookups]
    named += [dataset for dataset, _ in wishes.without_lookup] + [*wishes.layouts]
    for dataset in named:
        if dataset not in specifications:
            near = nearest(dataset, [*specifications])
            hint = f"; did you mean '{near}'?" if near else "."
            raise SubmissionRefused(
                f"no data set '{shown(dataset)}' is checked here{hint} Checked: {', '.join(specifications)}."
            )


def _form(wishes: PackageWishes, specifications: Iterable[Specification]) -> WrittenForm:
    """The form of the files: ASCII where any specification asks for it, and in fixed width."""
    characters = wishes.characters
    if characters is None and wishes.layout is not FileLayout.FIXED_WIDTH:
        sets = {each.characters.set for each in specifications}
        characters = CharacterSet.ASCII if CharacterSet.ASCII in sets else CharacterSet.UTF_8
    return written_form(
        wishes.layout,
        headings=wishes.headings,
        characters=characters,
        negative_sign=wishes.negative_sign,
        delimiter=wishes.delimiter,
    )


@dataclass(frozen=True, slots=True)
class _Preparation:
    """Brings together what the checks left and what a person adds when packaging."""

    workspace: Workspace
    wishes: PackageWishes
    ask: AskForLookup | None
    engine: Engine

    def data_set(
        self, specification: Specification, record: CheckRecord
    ) -> tuple[CheckedDataSet, tuple[str, ...]]:
        """One data set as its check left it, and what a person should look at."""
        workspace, name = self.workspace, specification.dataset
        divided = assign_parts(specification, record, self.wishes.parts)
        kept = {column: read_lookup(path) for column, path in workspace.lookups_of(name).items()}
        late, without = self._explained(specification, record)
        checked = CheckedDataSet(
            specification=specification,
            specification_file=workspace.specification_file(name),
            own_specification=workspace.catalogue.origin(name, specification.exercise) is Origin.OWN,
            records=workspace.checked(name),
            record=record,
            run=run_of_check(workspace, name),
            mapping=workspace.mapping_of(name),
            layout=workspace.layout_of(name),
            lookups=dict(sorted((kept | late).items())),
            lookups_given_late=frozenset(late),
            without_lookup=without,
            parts=divided.parts,
        )
        return checked, divided.warnings

    def _explained(
        self, specification: Specification, record: CheckRecord
    ) -> tuple[dict[str, LookupTable], dict[str, str]]:
        """What is said of coded fields that the check had no table for: tables by column, reasons by name.

        Raises:
            LookupsMissing: nothing is said of some of them.
        """
        name = specification.dataset
        given = {
            specified_field(each.field, specification).name: each
            for each in self.wishes.lookups
            if each.dataset == name
        }
        reasons = {
            specified_field(coded, specification).name: unbroken(reason)
            for (dataset, coded), reason in self.wishes.without_lookup.items()
            if dataset == name
        }
        missing = [each for each in coded_without_table(record) if each not in {**given, **reasons}]
        if missing and self.ask is None:
            raise LookupsMissing(_how_to_explain(name, missing))
        for each in missing:
            answer = self.ask(name, each) if self.ask else ""
            if isinstance(answer, GivenLookup):
                given[each] = answer
            else:
                reasons[each] = unbroken(answer)
        records = self.workspace.checked(name)
        added = [
            add_lookup(each.path, each.field, specification, records, self.engine) for each in given.values()
        ]
        return {coded.column: table for coded, table in added}, reasons


def run_of_check(workspace: Workspace, dataset: str) -> CheckRun:
    """What the check of a data set was made with, as the manifest keeps it.

    Raises:
        RecordsChanged: it is not as the check wrote it.
    """
    path = workspace.runs / f"check-{dataset}.json"
    try:
        run = json.loads(path.read_bytes())
        made = CheckRun(tool=f"nfi {run['nfi']}", libraries=run["libraries"], made_from=run["made_from"])
        date.fromisoformat(made.made_from["day"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        raise RecordsChanged(
            f"{path}: is missing, or not as the check wrote it. Check {dataset} again: nfi check"
        ) from None
    return made


def _how_to_explain(dataset: str, missing: Sequence[str]) -> str:
    names = ", ".join(f"'{each}'" for each in missing)
    hold = "holds codes and has" if len(missing) == 1 else "hold codes and have"
    return (
        f"{dataset}: {names} {hold} no look-up table, which each coded field needs (published 2012/13). Give "
        f'a file of code and meaning, --lookup "{dataset}:{missing[0]}=FILE", or say why none is needed: '
        f'--no-lookup "{dataset}:{missing[0]}=REASON"'
    )
