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
    NAME,
    NUMBER,
    SLIPS,
    WHEN,
    Found,
    Planted,
    Row,
    answered,
    by_kind,
    found,
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
    planted = plant(ledger, tmp_path / "out", copies=80, seed=7)
    assert Counter(each.kind for each in planted) == dict.fromkeys(SLIPS, 10)
    assert answered(tmp_path / "out" / "answers.csv") == planted
    _, rows = read(tmp_path / "out" / "ledger.csv")
    assert len(rows) == ROWS + 80
    assert len({row[INTERNAL] for row in rows}) == len(rows)
    assert len({each.original for each in planted}) == len(planted)


def test_a_copy_differs_in_what_its_slip_changes_and_is_later(ledger: Path, tmp_path: Path) -> None:
    planted = plant(ledger, tmp_path / "out", copies=80, seed=7)
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
    }
    for each in planted:
        original, copy = rows[each.original - 2], rows[each.copy - 2]
        differs = {name for name in original if original[name] != copy[name]} - {WHEN, INTERNAL}
        assert differs in changes[each.kind], each
        days = (date.fromisoformat(copy[WHEN]) - date.fromisoformat(original[WHEN])).days
        assert each.kind == "swapped date" or 3 <= days <= 60


def test_the_same_seed_plants_the_same_bytes(ledger: Path, tmp_path: Path) -> None:
    for folder, seed in (("one", 7), ("again", 7), ("other", 8)):
        plant(ledger, tmp_path / folder, copies=16, seed=seed)
    one, again, other = ((tmp_path / name / "ledger.csv").read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


@pytest.mark.parametrize("kind", list(SLIPS))
def test_a_slip_that_does_not_suit_a_row_is_not_forced(kind: str) -> None:
    import random  # noqa: PLC0415  the only place that draws by itself

    row: Row = {WHEN: "2024-03-03", NUMBER: "SEVENTY", AMOUNT: "77.77", CREDITOR: "S1", NAME: "Short"}
    unsuited = {"transposed", "lookalike", "second supplier", "swapped date"}
    slips = [SLIPS[kind](row, random.Random(seed)) for seed in range(20)]
    assert all(each is None for each in slips) == (kind in unsuited)


def test_found_means_in_one_case() -> None:
    records = pa.table(
        {
            "rank": [1, 1, 2, 3, 3],
            "dataset": ["creditors-history"] * 4 + ["creditors-standing"],
            "source_row": [2, 9, 3, 10, 3],
        }
    )
    planted = [Planted("exact", 2, 9), Planted("affix", 3, 10)]
    fared = found(records, planted)
    assert fared == [Found(planted[0], 1), Found(planted[1], None)]
    assert (recall(fared), recall(fared, 1)) == (0.5, 0.5)
    assert list(by_kind(fared)) == ["exact", "affix"]
    assert told(fared)[-1].split() == ["all", "2", "0.500", "0.500", "1"]
