"""Does the list of values that were changed to fit ASCII have as many as the control totals say?"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator

from outputs.sealed.archive import ArchiveUnreadable
from outputs.submitted.open_submission import Submission
from outputs.submitted.package_writer import TRANSLITERATIONS
from outputs.verify.verdict import Area, Verdict, same_or_differs
from outputs.written.transliterations import HEADINGS
from specs.formats.delimited import MAX_RECORD_BYTES, long_fields

_LONGEST_VALUE = 16 * MAX_RECORD_BYTES
"""Plain letters can be more than the one that they stand for."""

_WHAT = "number of changed values in each field"


def transliterated(submission: Submission) -> Iterator[Verdict]:
    """One verdict where values were changed or are said to be; nothing where none were."""
    expected = Counter(
        {
            (resource.path, totals.field): totals.transliterated
            for resource in submission.manifest.resources
            for totals in resource.control_totals.fields
            if totals.transliterated
        }
    )
    try:
        listed = _listed(submission) if TRANSLITERATIONS in submission.files else Counter[tuple[str, str]]()
    except csv.Error:
        yield same_or_differs(
            Area.RECORDS, TRANSLITERATIONS, _WHAT, same=False, detail="it is no list as nfi writes it"
        )
        return
    if listed is None or (not expected and not listed):
        return
    unlike = next((kind for kind in (*expected, *listed) if expected[kind] != listed[kind]), None)
    yield same_or_differs(
        Area.RECORDS,
        TRANSLITERATIONS,
        _WHAT,
        same=unlike is None,
        where=", ".join(unlike) if unlike and unlike in expected else None,
        detail=f"{listed[unlike]:,} listed, {expected[unlike]:,} in the manifest" if unlike else None,
    )


def _listed(submission: Submission) -> Counter[tuple[str, str]] | None:
    """How many values the list has of each file and field; None where it cannot be decrypted."""
    try:
        with submission.lines(TRANSLITERATIONS) as lines, long_fields(_LONGEST_VALUE):
            return Counter((row["file"], row["field"]) for row in _rows(lines))
    except ArchiveUnreadable:
        return None


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, str]]:
    text = (line.decode(errors="replace") for line in lines)
    for values in csv.reader(text):
        row = dict(zip(HEADINGS, values, strict=False))
        if tuple(values) != HEADINGS and {"file", "field"} <= row.keys():
            yield row
