"""Are the records what the manifest says: lines, headings, types, number and control totals?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

from outputs.sealed.archive import ArchiveUnreadable
from outputs.submitted.manifest import Resource
from outputs.submitted.open_submission import Measured, Metered, Submission
from outputs.submitted.read_records import RecordsUnlike
from outputs.verify.inventory import CHANGED, as_described, damaged
from outputs.verify.verdict import Area, State, Verdict, same_or_differs
from outputs.written.control_totals import ControlTotals, CountedField, FieldTotals, survey


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What one reading of a file of records showed."""

    readable: bool
    """Whether its records can be checked again."""
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    measured: Measured
    totals: ControlTotals | None
    fault: RecordsUnlike | None


def records_read_back(submission: Submission, resource: Resource) -> ReadBack:
    """Read a file of records once: its size and hash, the form of every value, and its control totals."""
    if resource.path not in submission.files:
        return ReadBack(readable=False, verdicts=())
    try:
        found = _found(submission, resource)
    except ArchiveUnreadable:
        return ReadBack(readable=False, verdicts=(damaged(resource.path),))
    counted = tuple(_counted(found, resource))
    unchanged = all(each.state is State.SAME for each in counted)
    changed = (
        f"{CHANGED}: its number of records and totals are the same, so the order of rows or "
        "single values differ"
        if unchanged
        else CHANGED
    )
    return ReadBack(
        readable=found.fault is None,
        verdicts=(*as_described(resource.path, found.measured, submission, changed), *counted),
    )


def _found(submission: Submission, resource: Resource) -> _Found:
    fields = [CountedField(each.column, each.name, each.field_format) for each in resource.fields]
    totals, fault = None, None
    with submission.plain(resource.path) as plain:
        metered = Metered(plain)
        try:
            totals = survey(submission.typed(cast(IO[bytes], metered), resource), fields).totals
        except RecordsUnlike as unlike:
            fault = unlike
        except (OverflowError, ValueError):
            fault = RecordsUnlike(resource.path, None, "holds a date outside the years 1 to 9999")
        metered.drain()
    return _Found(metered.measured, totals, fault)


def _counted(found: _Found, resource: Resource) -> Iterator[Verdict]:
    yield same_or_differs(
        Area.RECORDS,
        resource.path,
        "lines, headings and the form of each value",
        same=found.fault is None,
        where=found.fault.where if found.fault else None,
        detail=found.fault.what if found.fault else None,
    )
    if found.totals is None:
        return
    yield same_or_differs(
        Area.RECORDS,
        resource.path,
        "number of records",
        same=found.totals.records == resource.rows == resource.control_totals.records,
        detail=f"{found.totals.records:,}, and {resource.rows:,} in the manifest",
    )
    yield from _totals(found.totals, resource)


def _totals(counted: ControlTotals, resource: Resource) -> Iterator[Verdict]:
    described = {each.field: each for each in resource.control_totals.fields}
    unlike = [each for each in counted.fields if _comparable(each) != _comparable(described.get(each.field))]
    for each in unlike:
        yield same_or_differs(
            Area.RECORDS,
            resource.path,
            "control totals",
            same=False,
            where=each.field,
            detail=_difference(each, described.get(each.field)),
        )
    others = len(counted.fields) - len(unlike)
    if others:
        yield same_or_differs(
            Area.RECORDS,
            resource.path,
            f"control totals of {'the other ' if unlike else ''}{others:,} field{'' if others == 1 else 's'}",
            same=True,
        )


def _comparable(totals: FieldTotals | None) -> FieldTotals | None:
    """Without what can be counted only before packaging."""
    return totals and totals.model_copy(update={"replaced": None, "transliterated": None})


def _difference(counted: FieldTotals, described: FieldTotals | None) -> str:
    """Which of the totals differ, by name; the figures stand in the manifest, and one could be a person's."""
    if described is None:
        return "the manifest has none for this field"
    keys = [key for key in FieldTotals.model_fields if key not in {"field", "replaced", "transliterated"}]
    unlike = [key for key in keys if getattr(counted, key) != getattr(described, key)]
    return f"other than in the manifest: {', '.join(unlike).replace('_', ' ')}"
