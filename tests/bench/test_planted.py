"""What is planted can be found again, and is the same every time."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from bench.planted import (
    AMOUNT,
    CREDITOR,
    INTERNAL,
    KINDS,
    LINES,
    NAME,
    NUMBER,
    WHEN,
    Found,
    Planted,
    Row,
    answered,
    by_kind,
    found,
    pence,
    plant,
    read,
    recall,
    told,
)

ROWS = 400


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """An invented ledger in the headings of the published one."""
    file = tmp_path / "invented.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [WHEN, INTERNAL, NUMBER, AMOUNT, CREDITOR, NAME])
        writer.writeheader()
        for row in range(ROWS):
            writer.writerow(
                {
                    WHEN: (date(2024, 1, 1) + timedelta(days=row)).isoformat(),
                    INTERNAL: str(17_000_000 + 40 * row),
                    NUMBER: f"INV-{10_203 + 7 * row}",
                    AMOUNT: f"{60 + 3 * row}.{row % 100:02d}",
                    CREDITOR: f"S{row % 20}",
                    NAME: f"Larkspur Design {'ABCDEFGHIJKLMNOPQRST'[row % 20]} Ltd",
                }
            )
    return file


def test_every_kind_is_planted_as_often_and_told(ledger: Path, tmp_path: Path) -> None:
    planted = plant(ledger, tmp_path / "out", copies=90, seed=7)
    assert Counter(each.kind for each in planted) == dict.fromkeys(KINDS, 10)
    assert answered(tmp_path / "out" / "answers.csv") == planted
    _, rows = read(tmp_path / "out" / "ledger.csv")
    assert len(rows) == ROWS + sum(len(each.copies) for each in planted)
    assert len({row[INTERNAL] for row in rows}) == len(rows)
    assert len({each.original for each in planted}) == len(planted)


def test_a_copy_differs_in_what_its_slip_changes_and_is_later(ledger: Path, tmp_path: Path) -> None:
    planted = plant(ledger, tmp_path / "out", copies=90, seed=7)
    _, rows = read(tmp_path / "out" / "ledger.csv")
    changes: dict[str, list[set[str]]] = {
        "exact": [set()],
        "affix": [{NUMBER}],
        "punctuation": [{NUMBER}],
        "transposed": [{NUMBER}, {AMOUNT}],
        "lookalike": [{NUMBER}],
        "second supplier": [{CREDITOR}, {CREDITOR, NAME}],
        "decimal": [{AMOUNT}],
        "swapped date": [set()],
        LINES: [{AMOUNT}],
    }
    for each in planted:
        for row in each.copies:
            original, copy = rows[each.original - 2], rows[row - 2]
            differs = {name for name in original if original[name] != copy[name]} - {WHEN, INTERNAL}
            assert differs in changes[each.kind], each
            days = (date.fromisoformat(copy[WHEN]) - date.fromisoformat(original[WHEN])).days
            assert each.kind == "swapped date" or 3 <= days <= 60


def test_the_lines_of_a_copy_add_up_to_the_original(ledger: Path, tmp_path: Path) -> None:
    planted = [each for each in plant(ledger, tmp_path / "out", copies=90, seed=7) if each.kind == LINES]
    _, rows = read(tmp_path / "out" / "ledger.csv")
    assert {len(each.copies) for each in planted} == {2, 3}
    for each in planted:
        lines = [rows[row - 2] for row in each.copies]
        assert sum(map(pence, lines)) == pence(rows[each.original - 2])
        assert len({(line[WHEN], line[NUMBER]) for line in lines}) == 1


def test_an_invoice_on_several_rows_is_not_entered_again_as_lines(ledger: Path, tmp_path: Path) -> None:
    headings, rows = read(ledger)
    for row in rows[1::2]:
        row |= {name: rows[0][name] for name in (NUMBER, CREDITOR)}
    with ledger.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, headings)
        writer.writeheader()
        writer.writerows(rows)
    planted = plant(ledger, tmp_path / "out", copies=90, seed=7)
    assert all(each.original % 2 == 0 for each in planted if each.kind == LINES)


def test_the_same_seed_plants_the_same_bytes(ledger: Path, tmp_path: Path) -> None:
    for folder, seed in (("one", 7), ("again", 7), ("other", 8)):
        plant(ledger, tmp_path / folder, copies=18, seed=seed)
    one, again, other = ((tmp_path / name / "ledger.csv").read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_slip_that_does_not_suit_a_row_is_not_forced(kind: str) -> None:
    import random  # noqa: PLC0415  the only place that draws by itself

    row: Row = {WHEN: "2024-03-03", NUMBER: "SEVENTY", AMOUNT: "77.77", CREDITOR: "S1", NAME: "Short"}
    unsuited = {"transposed", "lookalike", "second supplier", "swapped date"}
    slips = [KINDS[kind](row, random.Random(seed)) for seed in range(20)]
    assert all(each is None for each in slips) == (kind in unsuited)


def test_found_means_in_one_case() -> None:
    records = pa.table(
        {
            "rank": [1, 1, 2, 3, 4, 4, 5, 5, 5, 3],
            "dataset": ["creditors-history"] * 9 + ["creditors-standing"],
            "source_row": [2, 9, 3, 10, 4, 11, 4, 11, 12, 3],
        }
    )
    planted = [Planted("exact", 2, (9,)), Planted("affix", 3, (10,)), Planted(LINES, 4, (11, 12))]
    fared = found(records, planted)
    assert fared == [Found(planted[0], 1), Found(planted[1], None), Found(planted[2], 5)]
    assert (recall(fared[:2]), recall(fared, 1)) == (0.5, 1 / 3)
    assert list(by_kind(fared)) == ["exact", "affix", LINES]
    assert told(fared[:2])[-1].split() == ["all", "2", "0.500", "0.500", "1"]
