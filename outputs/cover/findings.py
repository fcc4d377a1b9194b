"""The part of a cover sheet about the data's state: what was accepted, found, left out and changed."""

from __future__ import annotations

from collections.abc import Iterator

from matching.wording import counted
from outputs.cover.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Lines,
    Section,
    Shown,
    Table,
    Words,
    only,
)
from outputs.findings_words import place_of
from outputs.submitted.manifest import DataSet, Manifest, SentFinding
from specs.check_descriptions import check_descriptions
from specs.check_record import FindingCount
from specs.corrections.descriptions import correction_descriptions
from specs.specification import Severity

_FOUND = (
    Column("Check"),
    Column("Severity"),
    Column("Field"),
    Column("In the extract", Shown.NUMBER),
    Column("In the files as sent", Shown.NUMBER),
)


def findings_section(manifest: Manifest) -> Section:
    """Errors that are sent on purpose first, then the rest, data set by data set."""
    return Section(
        "Accepted and open",
        "What was accepted, and what is still open",
        only(
            _accepted(manifest),
            (block for data_set in manifest.data_sets for block in _state_of(data_set)),
            _changed(manifest),
        ),
    )


def _accepted(manifest: Manifest) -> Block:
    rows: list[tuple[Cell, ...]] = [
        (_title(code), title, count, accepted.reason, accepted.by)
        for accepted in manifest.accepted_errors
        for data_set, counts in accepted.counts.items()
        for title in [_title_of(manifest, data_set)]
        for code, count in counts.items()
    ]
    if not rows:
        return Words("No errors are sent on purpose.", strong=True)
    columns = (
        Column("Check"),
        Column("Data set"),
        Column("Errors", Shown.NUMBER),
        Column("Why they are sent"),
        Column("Who says so"),
    )
    return Table("Errors sent on purpose", columns, tuple(rows))


def _title_of(manifest: Manifest, data_set: str) -> str:
    found = manifest.by_data_set.get(data_set)
    return found.title if found else data_set


def _title(code: str) -> str:
    """What a check is called for people, with the code by which to find it in the findings."""
    described = check_descriptions().get(code)
    return f"{described.title} [{code}]" if described else code


def _state_of(data_set: DataSet) -> Iterator[Block]:
    counts = ", ".join(counted(data_set.open_findings(severity), severity.value) for severity in Severity)
    facts = [Fact("Open in the extract", f"{counts}. Notes say what was assumed; they are not listed here.")]
    extract = data_set.extract
    absent = [name for name in extract.columns_absent if name not in extract.columns_not_held]
    for label, names in (
        ("Not held by the source system, sent blank", extract.columns_not_held),
        ("Not in the extract, sent blank", absent),
        ("Columns of the extract that stayed behind", extract.columns_unused),
    ):
        facts.append(Fact(label, "; ".join(names) or "none"))
    yield Facts(data_set.title, tuple(facts))
    rows = tuple(_found(data_set))
    if rows:
        yield Table(f"{data_set.title}: open errors and warnings", _FOUND, rows)
    if data_set.not_checked:
        reasons = tuple(f"{_title(each.code)}: {each.reason}" for each in data_set.not_checked)
        yield Lines(f"{data_set.title}: not checked", reasons)


def _found(data_set: DataSet) -> Iterator[tuple[Cell, ...]]:
    """Each check on each field with its counts, in the order of the check; then what only the files have."""
    found = {_key(each): each for each in data_set.findings}
    sent = {_key(each): each for each in data_set.sent.findings}
    for key in dict.fromkeys((*found, *sent)):
        severity, code, field = key
        each = found.get(key) or sent[key]
        if severity is not Severity.NOTE:
            where = place_of(field, whole_file=each.first_row is None)
            counts = (side[key].count if key in side else 0 for side in (found, sent))
            yield _title(code), severity.value, where, *counts


def _key(found: FindingCount | SentFinding) -> tuple[Severity, str, str | None]:
    return found.severity, found.code, found.field


def _changed(manifest: Manifest) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    for data_set in manifest.data_sets:
        for made in data_set.extract.corrections:
            described = correction_descriptions().get(made.code)
            rows.append((described.title if described else made.code, data_set.title, made.field, made.count))
    if rows:
        columns = (
            Column("Correction"),
            Column("Data set"),
            Column("Field"),
            Column("Values changed", Shown.NUMBER),
        )
        yield Table("Corrected before the check, as --fix asks", columns, tuple(rows))
    changed = sum(each.control_totals.transliterated for each in manifest.resources)
    listed = "; transliterations.csv in the package lists each of them" if changed else ""
    facts = [Fact("Values changed to fit ASCII", f"{changed:,}{listed}")] if manifest.form.ascii_only else []
    replaced = sum(each.control_totals.replaced for each in manifest.resources)
    facts.append(Fact("Values that lost a line break or control character", f"{replaced:,}"))
    if not rows:
        facts.insert(0, Fact("Corrected before the check", "nothing"))
    yield Facts("Changed on the way", tuple(facts))
