"""The checks of a package made again from its extracts, with the settings that its manifest keeps."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from nfi.checking import CheckRun, check
from nfi.workspace import Workspace
from outputs.submitted.manifest import DataSet
from outputs.verify import Area, CheckSettings, Opened, State, Verdict, check_settings, same_or_differs
from specs.check_record import CheckRecord, FindingCount
from specs.errors import NfiError
from specs.formats.fixed_layout import read_layout
from specs.read import ReadingOptions
from specs.specified_layout import SPECIFIED

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody has besides a package."""

    extracts: Sequence[Path]
    """Files that the package was made from."""
    modulus_tables: Path | None = None
    """Folder with Pay.UK's tables, or the table of weights."""
    previous: Path | None = None
    """The earlier check, or the extract, that the package's check was compared with."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The checks that could be made again."""

    runs: Mapping[str, CheckRun]
    """By data set."""
    complete: bool
    """Whether every check of the package was made again, with all that it was made with."""
    verdicts: tuple[Verdict, ...]


def checks_repeated(
    opened: Opened,
    extracts: Mapping[str, tuple[Path, ...]],
    given: Given,
    workspace: Workspace,
    progress: Progress,
) -> Repeated:
    """Check extracts as they were checked for the package.

    Args:
        opened: the package.
        extracts: by data set, under their recorded names.
        given: what else there is.
        workspace: a private folder.
        progress: told what is being done.
    """
    shutil.copytree(opened.specified.own, workspace.folder / "catalogue")
    runs: dict[str, CheckRun] = {}
    verdicts: list[Verdict] = []
    complete = True
    for name in _in_order(opened):
        data_set = opened.submission.manifest.by_data_set[name]
        if name not in extracts or name not in opened.tables or not opened.tables[name].usable:
            complete = False
            verdicts.append(_not_repeated(name, _why_not(name, extracts)))
            continue
        progress(f"checking {name} again")
        try:
            runs[name] = run = _checked(opened, data_set, extracts[name], given, workspace)
        except NfiError as fault:
            complete = False
            said = str(fault).replace(f"{workspace.folder}/", "")
            verdicts.append(same_or_differs(Area.REPEATED, name, "check", same=False, detail=said))
            continue
        lacking = _lacking(data_set, given, runs)
        complete = complete and lacking is None
        verdicts += _compared(data_set, run.result.record, lacking)
    return Repeated(runs, complete, tuple(verdicts))


def _in_order(opened: Opened) -> list[str]:
    """The data sets in an order in which each finds those checked that its own check found."""
    manifest = opened.submission.manifest
    before: dict[str, set[str]] = {name: set() for name in sorted(manifest.by_data_set)}
    for name, specification in opened.specified.by_data_set.items():
        found = check_settings(manifest.by_data_set[name]).referred_to
        for other in {each.dataset for each in specification.references} & {*before} - {name}:
            first, then = (other, name) if other in found else (name, other)
            before[then].add(first)
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError:  # checked one by one, and again; what cannot be as it was will be told as a difference
        return list(before)


def _checked(
    opened: Opened, data_set: DataSet, extracts: tuple[Path, ...], given: Given, workspace: Workspace
) -> CheckRun:
    settings, tables = check_settings(data_set), opened.tables[data_set.name]
    late = {each.field for each in data_set.lookups if each.given_when_packaging}
    return check(
        extracts,
        data_set.name,
        folder=workspace.folder,
        mapping=tables.mapping,
        exercise=opened.submission.manifest.exercise,
        reading=_reading(settings, tables.layout),
        lookups={field: path for field, path in tables.lookups.items() if field not in late},
        money=settings.money,
        correct=settings.correct,
        expected=settings.expected,
        previous=given.previous if settings.previous else None,
        modulus_tables=given.modulus_tables if settings.modulus_tables else None,
        day=settings.day,
        at=datetime.now(UTC),  # of a trail that goes with the folder
    )


def _reading(settings: CheckSettings, layout: Path | None) -> ReadingOptions:
    """How the extract was read, with the layout out of the package."""
    said = settings.reading
    kept = replace(read_layout(layout), name=said.layout) if layout and said.layout else None
    return ReadingOptions(
        encoding=said.encoding,
        delimiter=said.delimiter,
        quote=said.quote,
        sheet=said.sheet,
        heading_row=said.heading_row,
        layout=kept or (SPECIFIED if said.layout else None),
        member=said.member,
    )


def _why_not(name: str, extracts: Mapping[str, tuple[Path, ...]]) -> str:
    if name not in extracts:
        return "not all of its extracts were given"
    return "its specification or its tables cannot be used, as said above"


def _lacking(data_set: DataSet, given: Given, runs: Mapping[str, CheckRun]) -> str | None:
    """What the first check had and this one has not, in words."""
    settings = check_settings(data_set)
    if settings.modulus_tables and not given.modulus_tables:
        return "it was made with Pay.UK's tables: give them with --modulus-tables"
    if settings.previous and not given.previous:
        return "it compared with the exercise before: give that check or extract with --previous"
    if missing := sorted({*settings.referred_to} - {*runs}):
        return f"it refers to {', '.join(missing)}, which was not repeated"
    return None


def _compared(data_set: DataSet, record: CheckRecord, lacking: str | None) -> Iterator[Verdict]:
    name, extract = data_set.name, data_set.extract
    read = [(each.records, each.blank_rows, each.format) for each in record.files]
    yield same_or_differs(
        Area.REPEATED,
        name,
        "reading: format, records and blank rows",
        same=read == [(each.records, each.blank_rows, each.format) for each in extract.files],
        detail="the extract is read otherwise",
    )
    yield same_or_differs(
        Area.REPEATED,
        name,
        "corrections",
        same=record.corrections == extract.corrections,
        detail="other corrections are made, or another number of them",
    )
    if lacking:
        yield _not_repeated(name, lacking)
        return
    yield from _findings(name, data_set.findings, record.findings)
    yield same_or_differs(
        Area.REPEATED,
        name,
        "what could not be checked",
        same=data_set.not_checked == record.not_checked,
        detail="other checks cannot be made, or for other reasons",
    )


def _findings(name: str, then: Sequence[FindingCount], now: Sequence[FindingCount]) -> Iterator[Verdict]:
    recorded, found = ({(each.code, each.field): each for each in findings} for findings in (then, now))
    unlike = [kind for kind in dict.fromkeys((*recorded, *found)) if recorded.get(kind) != found.get(kind)]
    for kind in unlike:
        counts = [each[kind].count if kind in each else 0 for each in (recorded, found)]
        first = found.get(kind) or recorded.get(kind)
        yield same_or_differs(
            Area.REPEATED,
            name,
            f"findings in the extract: {', '.join(part for part in kind if part)}",
            same=False,
            where=f"row {first.first_row:,}" if first and first.first_row else None,
            detail=f"{counts[1]:,} found, and {counts[0]:,} in the manifest",
        )
    yield same_or_differs(
        Area.REPEATED, name, f"{'all other' if unlike else 'all'} findings in the extract", same=True
    )


def _not_repeated(name: str, why: str) -> Verdict:
    return Verdict(
        area=Area.REPEATED, subject=name, what="check of the extract", state=State.NOT_REPEATED, detail=why
    )
