"""Which records of a checked data set go into which of the files that its specification asks for.

Some data sets are sent as several files, such as pensions in payment, gratuities and deferred pensions. They
are checked together, each file from an extract or several of its own; a person says which extract is which
file, for nothing in an extract says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Self

from specs.check_record import CheckRecord
from specs.errors import NfiError
from specs.field_table import files_in_words
from specs.headings import nearest, shown
from specs.specification import Specification

LAST_ROW = 2**63 - 1
"""The end of the last extract: no row of a data set comes after it."""

Rows = tuple[int, int]
"""The first and the last of consecutive rows, as `source_row` counts them."""

_FORM = re.compile(r"\s*(?P<dataset>[^:=]+?)\s*:\s*(?P<number>\d{1,6})\s*=\s*(?P<extract>.*\S)\s*")


class PartsInvalid(NfiError):
    """What was said of the files of a data set cannot be followed."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class SaidPart:
    """That an extract is one of the files of a data set, as a person says it."""

    dataset: str
    number: int
    extract: str
    """Name of the extract, with or without its folder."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 'pensions:1=current.csv'.

        Raises:
            PartsInvalid: it is not written so.
        """
        if (said := _FORM.fullmatch(text)) is None:
            raise PartsInvalid(
                f"--part '{shown(text)}': write data set, number of the file and extract, such as "
                '--part "pensions:1=current.csv"'
            )
        return cls(said["dataset"], int(said["number"]), said["extract"])


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a data set, and the records that it consists of."""

    number: int | None
    """As the specification numbers its files; None where it asks for one."""
    title: str
    name: str
    """Of the file, without ending: 'pensions-1'; 'payroll' where the specification asks for one file."""
    rows: tuple[Rows, ...]
    """Which records, by their `source_row`: in rising order, apart from each other, both ends included."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a data set, in the order of the specification, each with records."""

    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()
    """What a person should look at, such as a file without records, one sentence each."""


def assign_parts(specification: Specification, record: CheckRecord, said: Iterable[SaidPart]) -> Parts:
    """Divide the records of a checked data set among the files that its specification asks for.

    Args:
        specification: of the data set.
        record: of its check: which rows came out of which extract.
        said: which extract is which file; what is said of other data sets is passed over.

    Raises:
        PartsInvalid: an extract is not said to be any file, or twice; there is no such extract or file; or
            the specification asks for one file only.
    """
    ours = [each for each in said if each.dataset == specification.dataset]
    if not specification.files:
        if ours:
            raise PartsInvalid(f"{specification.dataset} is sent as one file. Leave its --part out.")
        return Parts((Part(None, specification.title, specification.dataset, ((1, LAST_ROW),)),))
    number_of = _numbers(specification, record, ours)
    rows = _rows_of_extracts(record)
    parts = tuple(
        Part(
            file.number,
            file.title,
            f"{specification.dataset}-{file.number}",
            _joined(rows[name] for name, number in number_of.items() if number == file.number),
        )
        for file in specification.files
        if file.number in number_of.values()
    )
    there = {part.number for part in parts}
    words = files_in_words(specification)
    return Parts(
        parts,
        tuple(
            f"{specification.dataset}: no extract is file {file.number}, {words[file.number]}."
            for file in specification.files
            if file.needed and file.number not in there
        ),
    )


def refuse_other_datasets(said: Iterable[SaidPart], datasets: Collection[str]) -> None:
    """Refuse what is said of a data set that is not among these.

    Raises:
        PartsInvalid: names the first, with the nearest of these.
    """
    for each in said:
        if each.dataset not in datasets:
            near = nearest(each.dataset, datasets)
            hint = f"; did you mean '{near}'?" if near else "."
            raise PartsInvalid(
                f"--part: no data set '{shown(each.dataset)}' is checked here{hint} "
                f"Checked: {', '.join(sorted(datasets))}."
            )


def _numbers(specification: Specification, record: CheckRecord, said: Sequence[SaidPart]) -> dict[str, int]:
    """The number of the file that each extract is, by the extract's name, in the order of the extracts."""
    names = [file.name for file in record.files]
    numbers: dict[str, int] = {}
    for each in said:
        name = _extract(each.extract, names, specification)
        if each.number not in {file.number for file in specification.files}:
            raise PartsInvalid(
                f"{specification.dataset} has no file {each.number}. {_what_there_is(specification)}"
            )
        if name in numbers:
            raise PartsInvalid(
                f"--part: '{shown(name)}' is named twice for {specification.dataset}. An extract is one "
                "file: name it once, or check its records as two extracts."
            )
        numbers[name] = each.number
    if unsaid := [name for name in names if name not in numbers]:
        options = " ".join(f'--part "{specification.dataset}:N={name}"' for name in unsaid)
        raise PartsInvalid(
            f"{_what_there_is(specification)} Say which of them each extract is, with its number in place "
            f"of N: {options}"
        )
    return {name: numbers[name] for name in names}


def _extract(typed: str, names: Sequence[str], specification: Specification) -> str:
    """The name of the extract that a person means."""
    for name in (typed, PurePath(typed).name):
        if name in names:
            return name
    near = nearest(PurePath(typed).name, names)
    hint = f"; did you mean '{near}'?" if near else "."
    raise PartsInvalid(
        f"--part: {specification.dataset} was not checked from '{shown(typed)}'{hint} "
        f"Its extracts: {', '.join(names)}."
    )


def _what_there_is(specification: Specification) -> str:
    files = "; ".join(f"{number} {words}" for number, words in files_in_words(specification).items())
    return f"{specification.dataset} is sent as {len(specification.files)} files: {files}."


def _rows_of_extracts(record: CheckRecord) -> dict[str, Rows]:
    """The rows of each extract, counted on over all of them."""
    before = [*(file.rows_before for file in record.files), LAST_ROW]
    return {
        file.name: (first + 1, last)
        for file, (first, last) in zip(record.files, pairwise(before), strict=True)
    }


def _joined(rows: Iterable[Rows]) -> tuple[Rows, ...]:
    """The same rows, with what follows without a gap in one."""
    joined: list[Rows] = []
    for first, last in sorted(rows):
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)
