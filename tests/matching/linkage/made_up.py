"""Invented people for the tests of linkage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from matching.linkage.tables import Linked

COLUMNS = (
    "surname",
    "forenames",
    "middle_names",
    "sex",
    "date_of_birth_given",
    "address_line_1",
    "address_line_2",
    "address_line_3",
    "address_line_4",
    "post_code",
    "email",
    "mobile_telephone",
    "home_telephone",
    "ni_number",
)
People = Sequence[dict[str, Any]]
Link = Callable[..., Linked]


def prepared(people: People) -> pa.Table:
    """Prepared payroll records of people."""
    texts = {name: pa.array([its.get(name) for its in people], pa.string()) for name in COLUMNS}
    born = [its.get("date_of_birth") for its in people]
    return pa.table(
        {
            "record": pa.array([its.get("record", row) for row, its in enumerate(people, 2)], pa.int64()),
            "body": pa.array([its.get("body", 0) for its in people], pa.int8()),
            "employee_reference": pa.array([its.get("employee_reference") for its in people], pa.string()),
            "date_of_birth": pa.array(born, pa.date32()),
            **texts,
        }
    )


_SYLLABLES = ("BAN", "COR", "DEL", "FIN", "GOR", "HAL", "JEN", "KIP", "LOM", "MER", "NOR", "PEL")


def somebody(number: int, **its: Any) -> dict[str, Any]:
    """One of many invented people, no two alike; of whom some columns are set."""
    a, b, c = number % 12, number // 12 % 12, number // 144 % 12
    born = date(1950 + number * 7 % 50, 1 + number * 5 % 12, 1 + number * 11 % 28)
    return {
        "surname": _SYLLABLES[a] + _SYLLABLES[b] + _SYLLABLES[c],
        "forenames": _SYLLABLES[(b + 5) % 12] + _SYLLABLES[(a * 7 + c) % 12],
        "sex": "MF"[number % 2],
        "date_of_birth": born,
        "address_line_1": f"{number % 90 + 1} {_SYLLABLES[(a + c) % 12]}{_SYLLABLES[b]} Road",
        "post_code": f"ZA{number % 9 + 1} {number // 9 % 9 + 1}{_SYLLABLES[a][:2]}",
    } | its


def crowd(size: int, *, start: int = 0) -> list[dict[str, Any]]:
    """Invented people of whom no two are one."""
    return [somebody(number) for number in range(start, start + size)]


def found(result: Linked) -> set[tuple[int, int]]:
    """The pairs of a result, by record."""
    return set(zip(result.pairs["first"].to_pylist(), result.pairs["second"].to_pylist(), strict=True))
