"""Makes a sample: payroll and creditor extracts of no existing body, and the key of what was planted."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from nfi.sample.addresses import Area
from nfi.sample.creditors import make_creditors
from nfi.sample.dates import Timeline
from nfi.sample.draft import HISTORY, PAYROLL, STANDING, Draft, make_draft
from nfi.sample.draw import IntArray, stream
from nfi.sample.payments import Ledger
from nfi.sample.people import make_people
from nfi.sample.plant import plant_all
from nfi.sample.planted import ANSWER_HEADINGS, Answers, Kind
from nfi.sample.records import Records, RowsUsedUp
from nfi.sample.reserved import bank_accounts, branches
from nfi.sample.words import load_words
from nfi.sample.write import write_columns, write_line
from specs.catalogues import load_specification
from specs.errors import NfiError
from specs.private_files import written_whole
from specs.specification import Specification

LEAST: Final = {"employees": 150, "creditors": 400, "payments": 1_000}
"""The smallest sample that has room for a handful of everything."""
MOST: Final = {"employees": 1_000_000, "creditors": 500_000, "payments": 80_000_000}
"""The largest: above, the numbers that belong to no one run out."""
ANSWERS: Final = "answers"


class SampleRefused(NfiError):
    """A sample cannot be made as asked: too small, too large, or in place of files that are there."""

    exit_code = 2


@dataclass(frozen=True)
class SampleSummary:
    """What a sample holds."""

    folder: Path
    seed: int
    files: dict[str, Path]
    """By data set, and 'answers'."""
    rows: dict[str, int]
    """Records in each file, headings not counted."""
    groups: dict[Kind, int]
    """Planted groups of each kind."""
    planted: dict[str, int]
    """Planted groups by name (as in planted.yaml)."""


def make_sample(
    folder: Path, *, employees: int, creditors: int, payments: int, seed: int, force: bool = False
) -> SampleSummary:
    """Write payroll, creditors-standing, creditors-history and answers as CSV into a folder.

    The numbers asked for are those of the records in each file, planted ones included; a creditor with two
    sites is two records. The same numbers and seed give the same bytes on every day: all was extracted on
    30 September 2026, with the payments of three years. (numpy may draw other numbers in a later version.)
    The files hold no real person, firm or account. What answers.csv does not name is ordinary, chance
    likenesses such as two small firms' invoice 1 of one round sum included.

    Raises:
        SampleRefused: a number is too small or too large, or a file is there already and `force` is not set.
        OutputUnwritable: the folder or a file cannot be written.
    """
    sizes = {"employees": employees, "creditors": creditors, "payments": payments}
    _refuse_impossible(sizes, seed)
    files = {name: folder / f"{name}.csv" for name in (PAYROLL, STANDING, HISTORY, ANSWERS)}
    if not force and (there := [path for path in files.values() if path.exists()]):
        raise SampleRefused(
            f"{there[0]}: is there already. Choose another folder, or replace it with --force."
        )
    draft = unplanted(sizes, seed)
    try:
        answers = plant_all(draft, seed, sizes)
    except RowsUsedUp as fault:
        raise SampleRefused(
            f"{employees:,} employees, {creditors:,} creditors and {payments:,} payments do not go together: "
            "too few of one for the number of another. Ask for more of the smallest."
        ) from fault
    with contextlib.ExitStack() as stack:
        opened: dict[str, IO[bytes]] = {
            name: stack.enter_context(stack.enter_context(written_whole(path)).open("wb"))
            for name, path in files.items()
        }
        _write_records(opened[PAYROLL], draft.people)
        _write_records(opened[STANDING], draft.creditors.records)
        rows_of_lines = _write_history(opened[HISTORY], draft, payments)
        write_line(opened[ANSWERS], ANSWER_HEADINGS)
        for row in answers.table(HISTORY, rows_of_lines):
            write_line(opened[ANSWERS], row)
    return _summary(folder, seed, files, sizes, answers)


def _refuse_impossible(sizes: dict[str, int], seed: int) -> None:
    for what, least in LEAST.items():
        if sizes[what] < least:
            raise SampleRefused(f"{sizes[what]:,} {what} are too few for a sample: at least {least:,}.")
        if sizes[what] > MOST[what]:
            raise SampleRefused(f"{sizes[what]:,} {what} are too many for a sample: at most {MOST[what]:,}.")
    if seed < 0:
        raise SampleRefused(f"the seed is {seed}: it has to be 0 or a whole number above.")


def unplanted(sizes: dict[str, int], seed: int) -> Draft:
    """People and creditors with nothing planted in them, and a ledger that is still to be written."""
    words = load_words()
    rng = stream(seed, "area")
    local, national = (
        Area(rng, places, words.streets) for places in (words.places.local, words.places.national)
    )
    its_branches = branches(rng, words.reserved)
    employees = sizes["employees"]
    accounts = bank_accounts(rng, employees + sizes["creditors"])
    people = make_people(
        stream(seed, "people"),
        words,
        load_specification(PAYROLL),
        area=local,
        branches=its_branches,
        accounts=accounts[:employees],
    )
    creditors = make_creditors(
        stream(seed, "creditors"),
        words,
        load_specification(STANDING),
        areas=(local, national),
        branches=its_branches,
        accounts=accounts[employees:],
        payments=sizes["payments"],
    )
    ledger = Ledger(seed, words.payments, load_specification(HISTORY), creditors, Timeline())
    return make_draft(seed, words, people=people, creditors=creditors, ledger=ledger, lines=sizes["payments"])


def _write_records(file: IO[bytes], records: Records) -> None:
    _write_headings(file, records.specification)
    write_columns(file, records.as_arrow())


def _write_history(file: IO[bytes], draft: Draft, payments: int) -> IntArray:
    """Write the history; gives back, for each planted line, its place among the records (from 0)."""
    _write_headings(file, draft.ledger.specification)
    places = np.full(len(draft.lines), -1, dtype=np.int64)
    written = 0
    for chunk in draft.ledger.chunks(payments, draft.lines):
        write_columns(file, chunk.columns)
        here = np.flatnonzero(chunk.planted >= 0)
        places[chunk.planted[here]] = written + here
        written += len(chunk.planted)
    return places


def _write_headings(file: IO[bytes], specification: Specification) -> None:
    write_line(file, (field.name for field in specification.fields))


def _summary(
    folder: Path, seed: int, files: dict[str, Path], sizes: dict[str, int], answers: Answers
) -> SampleSummary:
    rows = {PAYROLL: sizes["employees"], STANDING: sizes["creditors"], HISTORY: sizes["payments"]}
    rows[ANSWERS] = sum(len(involved) for _, involved in answers.groups)
    kinds = Counter(kind.kind for kind, _ in answers.groups)
    names = Counter(kind.name for kind, _ in answers.groups)
    return SampleSummary(folder, seed, files, rows, dict(kinds), dict(names))
