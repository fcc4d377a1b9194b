"""Where two files that should be the same begin to differ: row and field, key, or byte; never the value."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from outputs.submitted.manifest import Resource
from outputs.written.delimited import QUALIFIER
from specs.formats.delimited import long_fields

_NAMES = ("name", "path", "field", "code", "id")
"""Keys that tell one entry of a list in a manifest from another."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place in which two files differ, and what can be said of the rest."""

    where: str
    detail: str


def in_records(then: Iterable[bytes], now: Iterable[bytes], resource: Resource | None) -> Difference:
    """Where two files of lines differ first.

    Args:
        then: the lines in the package.
        now: those made again; they are not all the same.
        resource: what the manifest says of the file; None: only the row can be named.
    """
    first: str | None = None
    counts, sums = [0, 0], [0, 0]
    for row, lines in enumerate(zip_longest(then, now), start=1):
        for side, line in enumerate(lines):
            if line is not None:
                counts[side] += 1
                sums[side] += hash(line)  # of one process only; the sum is the same in any order
        left, right = lines
        if left != right and first is None:
            first = f"row {row:,}{_field(left, right, resource)}"
    return Difference(first or "its end", _of_lines(counts, sums))


def _of_lines(counts: Sequence[int], sums: Sequence[int]) -> str:
    then, now = counts
    if then != now:
        return f"{then:,} lines in the package, {now:,} when made again"
    return "the same lines in another order" if sums[0] == sums[1] else "another value when made again"


def _field(left: bytes | None, right: bytes | None, resource: Resource | None) -> str:
    """The first field in which two lines differ, as ', Surname'; nothing where no field can be named."""
    if left is None or right is None or resource is None:
        return ""
    values = [_values(line, resource) for line in (left, right)]
    if len(values[0]) != len(values[1]):
        return ""
    for field, then, now in zip(resource.fields, *values, strict=False):
        if then != now:
            return f", {field.name}"
    return ""


def _values(line: bytes, resource: Resource) -> list[str]:
    text = line.decode(errors="replace")
    if dialect := resource.dialect:
        try:
            with long_fields(max(len(text), 1)):
                return next(csv.reader([text], delimiter=dialect.delimiter, quotechar=QUALIFIER), [])
        except csv.Error:
            return []
    return [text[place.start - 1 : place.start - 1 + place.width] for place in resource.places or ()]


def in_json(then: bytes, now: bytes) -> Difference:
    """The first key of two JSON texts under which they differ, with names in place of numbers in lists."""
    try:
        path = _path(json.loads(then), json.loads(now))
    except (ValueError, RecursionError):
        path = None
    if path is None:
        return in_bytes(then, now)
    return Difference(" > ".join(path) or "its top", "another entry when made again")


def _path(then: Any, now: Any) -> list[str] | None:
    """The keys that lead to the first difference; None where there is none."""
    if isinstance(then, dict) and isinstance(now, dict):
        pairs = [(key, then.get(key), now.get(key)) for key in dict.fromkeys((*then, *now))]
    elif isinstance(then, list) and isinstance(now, list):
        pairs = [
            (_named(left if left is not None else right, at), left, right)
            for at, (left, right) in enumerate(zip_longest(then, now), start=1)
        ]
    else:
        return None if then == now and type(then) is type(now) else []
    for key, left, right in pairs:
        if (deeper := _path(left, right)) is not None:
            return [key, *deeper]
    return None


def _named(entry: Any, number: int) -> str:
    """What tells an entry of a list from the others: its names, or else its number, from 1."""
    names = [str(entry[key]) for key in _NAMES if entry.get(key)] if isinstance(entry, dict) else []
    return " ".join(names) or str(number)


def in_bytes(then: bytes, now: bytes) -> Difference:
    """The first byte in which two files differ."""
    at = next(
        (at for at, (left, right) in enumerate(zip(then, now, strict=False), start=1) if left != right),
        min(len(then), len(now)) + 1,
    )
    return Difference(f"byte {at:,}", "other bytes when made again")
