"""Plant duplicates in a real ledger, and tell how many of them a match finds, and how high they stand.

    python -m bench.planted [--ledger FILE.csv.gz] [--folder FOLDER] [--seed N] [--misses]

Copies ordinary payments under the slips that pay an invoice twice, in equal parts of each kind: eight that
change one value or none, and an invoice on one row that is entered again as two or three lines. Each copy has
internal numbers of its own and, but for the swapped dates, a date 3 to 60 days later. Prints, per kind, the
share whose payments all stand together in one case, and the share that does so in the first 1,000 cases. The
ledger's own oddities are left where they are: they compete for those places.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.ledger import HISTORY, LEDGER, checked_from_ledger, run_match

COPIES = 450
SEED = 20_261
FIRST = 1_000
"""How many cases a body may look at in an exercise, as a measure: what stands below is found, but late."""
ORDINARY = 50_00
"""Pence above which an original is drawn."""
SHARED_BY = 3
"""An invoice number on more payments than this stands for an interface or a batch, and is not ordinary."""

WHEN, INTERNAL, NUMBER, AMOUNT, CREDITOR, NAME = (
    "Date",
    "Internal Ref Number",
    "Invoice Number",
    "Net Amount",
    "Supplier ID",
    "Supplier(Beneficiary) Name",
)

Row = dict[str, str]
Slip = Callable[[Row, random.Random], Row | None]
"""What a slip changes in a row; None where the row cannot have it."""
Copies = Callable[[Row, random.Random], list[Row] | None]
"""What each copy of a row has of its own; None where the row cannot be copied so."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One copy and what it was copied from, by source row: headings are row 1."""

    kind: str
    original: int
    copies: tuple[int, ...]
    """One row, or those of its lines."""


@dataclass(frozen=True, slots=True)
class Found:
    """How one planted copy fared."""

    planted: Planted
    rank: int | None
    """Of the first case that holds the original and the whole copy; None: no case does."""


def exact(row: Row, rng: random.Random) -> Row | None:
    """Keyed a second time, as it is."""
    return {}


def affix(row: Row, rng: random.Random) -> Row | None:
    """A letter, a number or a channel's name before or after the invoice number."""
    if rng.random() < 0.5:
        return {NUMBER: rng.choice(("INV", "INV-", "SI", "S", "APP", "WEB", "A")) + row[NUMBER]}
    return {NUMBER: row[NUMBER] + rng.choice(("A", "B", "R", "/A", "-1", "/1", "/2", " COPY"))}


def punctuation(row: Row, rng: random.Random) -> Row | None:
    """Zeros before the number, a mark within it, its marks left out."""
    number = row[NUMBER]
    bare = "".join(each for each in number if each.isalnum())
    inside = rng.randrange(2, len(number) - 1)
    changed = [
        "0" * rng.randint(1, 3) + number,
        number[:inside] + rng.choice("-/. ") + number[inside:],
        "." + number,
        number + ".",
    ]
    if bare != number:
        changed.append(bare)
    return {NUMBER: rng.choice(changed)}


def transposed(row: Row, rng: random.Random) -> Row | None:
    """Two neighbouring digits exchanged, in two of three in the invoice number, else in the amount."""
    if rng.random() < 2 / 3:
        number = _exchanged(row[NUMBER], rng)
        return {NUMBER: number} if number else None
    amount = _exchanged(str(pence(row)), rng)
    return {AMOUNT: pounds(int(amount))} if amount and amount[0] != "0" else None


def _exchanged(text: str, rng: random.Random) -> str | None:
    places = [
        place
        for place, (left, right) in enumerate(pairwise(text))
        if left.isdigit() and right.isdigit() and left != right
    ]
    if not places:
        return None
    place = rng.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def lookalike(row: Row, rng: random.Random) -> Row | None:
    """O for 0, I for 1, or the other way round, in one place or in all."""
    other = {"0": "O", "O": "0", "1": "I", "I": "1"}
    places = [place for place, each in enumerate(row[NUMBER]) if each in other]
    if not places:
        return None
    changed = {rng.choice(places)} if rng.random() < 0.7 else set(places)
    letters = (other[each] if place in changed else each for place, each in enumerate(row[NUMBER]))
    return {NUMBER: "".join(letters)}


def second_supplier(row: Row, rng: random.Random) -> Row | None:
    """Paid through a second record of the supplier: its name alike, with another ending or with a slip."""
    name = row[NAME]
    if len(name) < 6 or name.upper().startswith("REDACTED"):
        return None
    how = rng.choice(("alike", "ending", "slip"))
    if how == "ending":
        words = name.split()
        last = words[-1].upper().strip(".")
        swaps = {"LTD": "Limited", "LIMITED": "Ltd", "PLC": ""}
        name = " ".join([*words[:-1], swaps[last]]).strip() if last in swaps else f"{name} Ltd"
    if how == "slip":
        place = rng.choice([at for at, each in enumerate(name) if at > 1 and each.isalpha()])
        name = name[:place] + (name[place] if rng.random() < 0.5 else "") * 2 + name[place + 1 :]
    return {NAME: name, CREDITOR: f"P{rng.randrange(10**7, 10**8)}"}


def decimal(row: Row, rng: random.Random) -> Row | None:
    """The decimal point one or two places off."""
    amounts = [pence(row) * 10, pence(row) * 100]
    amounts += [pence(row) // by for by in (10, 100) if pence(row) % by == 0]
    return {AMOUNT: pounds(rng.choice(amounts))}


def swapped_date(row: Row, rng: random.Random) -> Row | None:
    """Keyed again under the same number with day and month exchanged."""
    year, month, day = row[WHEN].split("-")
    return {WHEN: f"{year}-{day}-{month}"} if int(day) <= 12 and day != month else None


def split(row: Row, rng: random.Random) -> list[Row] | None:
    """Entered again as two or three lines of different amounts."""
    left = pence(row)
    lines = []
    for _ in range(rng.randint(1, 2)):
        lines.append(rng.randrange(left // 10, left // 2))
        left -= lines[-1]
    lines.append(left)
    return [{AMOUNT: pounds(each)} for each in lines] if len(set(lines)) == len(lines) else None


def _one(slip: Slip) -> Copies:
    def copied(row: Row, rng: random.Random) -> list[Row] | None:
        changed = slip(row, rng)
        return None if changed is None else [changed]

    return copied


LINES = "split into lines"
KINDS: Mapping[str, Copies] = {
    "exact": _one(exact),
    "affix": _one(affix),
    "punctuation": _one(punctuation),
    "transposed": _one(transposed),
    "lookalike": _one(lookalike),
    "second supplier": _one(second_supplier),
    "decimal": _one(decimal),
    "swapped date": _one(swapped_date),
    LINES: split,
}


def pence(row: Row) -> int:
    """A row's amount in pence."""
    whole, _, part = row[AMOUNT].partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole or 0) * 100 + sign * int(f"{part}00"[:2])


def pounds(amount: int) -> str:
    """Pence as the ledger writes pounds: 123450 is '1234.50'."""
    return f"{amount // 100}.{amount % 100:02d}"


def plant(ledger: Path, folder: Path, *, copies: int = COPIES, seed: int = SEED) -> list[Planted]:
    """Write `ledger.csv`, the ledger with copies of some payments after its end, and `answers.csv`.

    Args:
        ledger: CSV, may be compressed, with the headings of `bench.match`.
        folder: where to write.
        copies: how many, in equal parts of each kind.
        seed: of all that is drawn.
    """
    rng = random.Random(seed)
    headings, rows = read(ledger)
    drawn = [number for number, row in enumerate(rows) if row]
    ordinary = set(_ordinary(rows))
    drawn = [number for number in drawn if number in ordinary]
    rng.shuffle(drawn)
    internal = _InternalNumbers(rows)
    planted: list[Planted] = []
    added: list[Row] = []
    last = len(rows) + 1
    whole = _on_one_row(rows)
    left = iter(drawn)
    for kind, copied in KINDS.items():
        wanted = copies // len(KINDS)
        while wanted:
            number = next(left)
            if kind == LINES and number not in whole:
                continue
            changed = copied(rows[number], rng)
            if changed is None:
                continue
            day = later(rows[number][WHEN], rng.randint(3, 60))
            first = last + len(added) + 1
            for each in changed:
                copy = rows[number] | {WHEN: day} | each
                added.append(copy | {INTERNAL: internal.next(copy[WHEN])})
            planted.append(Planted(kind, number + 2, tuple(range(first, first + len(changed)))))
            wanted -= 1
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "ledger.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, headings)
        writer.writeheader()
        writer.writerows(rows)
        writer.writerows(added)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as out:
        plain = csv.writer(out)
        plain.writerow(("kind", "original_row", "copy_rows"))
        plain.writerows((each.kind, each.original, " ".join(map(str, each.copies))) for each in planted)
    return planted


def read(ledger: Path) -> tuple[Sequence[str], list[Row]]:
    """The headings of a ledger and its rows, every value as text."""
    opened = gzip.open if ledger.suffix == ".gz" else open
    with opened(ledger, "rt", encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        rows = list(reader)
    return reader.fieldnames or (), rows


def _ordinary(rows: Sequence[Row]) -> Iterator[int]:
    """The places of payments over £50 to a known creditor, under a number that tells invoices apart."""
    used = Counter(row[NUMBER].strip() for row in rows)
    for place, row in enumerate(rows):
        number = row[NUMBER].strip()
        digits = sum(each.isdigit() for each in number)
        if pence(row) > ORDINARY and digits > 3 and used[number] <= SHARED_BY and row[CREDITOR].strip():
            yield place


def _on_one_row(rows: Sequence[Row]) -> set[int]:
    """The places of rows whose creditor and number stand on no other row: invoices that are no lines."""
    used = Counter((row[CREDITOR], row[NUMBER].strip()) for row in rows)
    return {place for place, row in enumerate(rows) if used[row[CREDITOR], row[NUMBER].strip()] == 1}


class _InternalNumbers:
    """Internal numbers that no row has yet, near those of the same day."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._used: set[int] = set()
        self._of_day: dict[str, int] = defaultdict(int)
        for row in rows:
            number = int(row[INTERNAL])
            self._used.add(number)
            self._of_day[row[WHEN]] = max(self._of_day[row[WHEN]], number)
        self._days = sorted(self._of_day)

    def next(self, when: str) -> str:
        day = max((each for each in self._days if each <= when), default=self._days[0])
        number = self._of_day[day]
        while number in self._used:
            number += 1
        self._used.add(number)
        return str(number)


def later(when: str, days: int) -> str:
    """An ISO date so many days later."""
    return (date.fromisoformat(when) + timedelta(days=days)).isoformat()


def answered(file: Path) -> list[Planted]:
    """What `plant` wrote into answers.csv."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text)
        return [
            Planted(row["kind"], int(row["original_row"]), tuple(map(int, row["copy_rows"].split())))
            for row in rows
        ]


def found(records: pa.Table, planted: Iterable[Planted]) -> list[Found]:
    """Where each planted copy stands in a queue.

    Args:
        records: the records of the cases (`case-records.parquet`): `rank`, `dataset`, `source_row`.
        planted: what was planted.
    """
    planted = list(planted)
    payments = records.filter(pc.equal(records["dataset"], HISTORY))
    rows = {row for each in planted for row in (each.original, *each.copies)}
    payments = payments.filter(pc.is_in(payments["source_row"], pa.array(sorted(rows), pa.int64())))
    ranks: dict[int, set[int]] = defaultdict(set)
    for row, rank in zip(payments["source_row"].to_pylist(), payments["rank"].to_pylist(), strict=True):
        ranks[row].add(rank)
    together = (
        (each, set.intersection(*(ranks[row] for row in (each.original, *each.copies)))) for each in planted
    )
    return [Found(each, min(its, default=None)) for each, its in together]


def recall(fared: Sequence[Found], first: int | None = None) -> float:
    """The share of copies in a case, or in one of the first so many."""
    return sum(each.rank is not None and each.rank <= (first or each.rank) for each in fared) / len(fared)


def by_kind(fared: Sequence[Found]) -> dict[str, list[Found]]:
    """What was planted, by kind, in the order of the kinds."""
    kinds: dict[str, list[Found]] = {}
    for each in fared:
        kinds.setdefault(each.planted.kind, []).append(each)
    return kinds


def told(fared: Sequence[Found]) -> list[str]:
    """The figures as lines for a person."""
    lines = [f"{'planted':<18}{'number':>7}{'in queue':>10}{f'in first {FIRST:,}':>16}{'middle rank':>13}"]
    for kind, some in [*by_kind(fared).items(), ("all", list(fared))]:
        ranks = sorted(each.rank for each in some if each.rank)
        middle = f"{ranks[len(ranks) // 2]:,}" if ranks else "-"
        lines.append(f"{kind:<18}{len(some):>7}{recall(some):>10.3f}{recall(some, FIRST):>16.3f}{middle:>13}")
    return lines


def main() -> None:
    """Plant, match, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ledger", type=Path, default=LEDGER, help="published payments, CSV")
    parser.add_argument(
        "--folder", type=Path, help="where to work and leave everything; default: a temporary one"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--misses", action="store_true", help="source rows of what stands in no early case")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        planted = plant(chosen.ledger, folder, seed=chosen.seed)
        checked_from_ledger(folder / "ledger.csv", folder)
        figures = run_match(folder)
        fared = found(pq.read_table(folder / "case-records.parquet"), planted)
    print("\n".join(told(fared)))
    print(f"matched in {figures['seconds']:.1f} s, {figures['cases']:,} cases")
    if chosen.misses:
        for each in fared:
            if each.rank is None or each.rank > FIRST:
                rows = f"rows {each.planted.original} and {', '.join(map(str, each.planted.copies))}"
                print(f"{each.planted.kind:<18} {rows}: {each.rank}")


if __name__ == "__main__":
    main()
