"""Sort code and account number: Pay.UK's worked cases where at hand, and an invented table always."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import Terms
from specs.checks.modulus import MODULUS, passes_modulus
from specs.modulus_tables import ModulusTables, read_modulus_tables

REFERENCE = Path(__file__).parents[3].parent / "shared" / "data" / "reference"
TODAY = date(2026, 10, 1)

ACCOUNT_ONLY = "0 0 0 0 0 0 8 7 6 5 4 3 2 1"
DOUBLE = "2 1 2 1 2 1 2 1 2 1 2 1 2 1"
INVENTED = [
    f"100000 100000 MOD11 {ACCOUNT_ONLY}",
    f"100001 100001 MOD10 {ACCOUNT_ONLY}",
    f"100002 100002 DBLAL {DOUBLE}",
    f"100003 100003 MOD11 {ACCOUNT_ONLY}",  # both lines must pass
    f"100003 100003 DBLAL {DOUBLE}",
    f"100004 100004 MOD11 {ACCOUNT_ONLY} 10",  # either line will do
    f"100004 100004 DBLAL {DOUBLE} 11",
    f"100005 100005 DBLAL {DOUBLE} 1",
    f"100006 100006 DBLAL {DOUBLE} 6",
    f"100007 100007 MOD11 {ACCOUNT_ONLY} 4",
    f"100008 100008 MOD11 {ACCOUNT_ONLY} 14",
    "100009 100009 MOD11 0 0 0 0 0 0 128 0 0 0 0 0 0 -1",
]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> ModulusTables:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "valacdos.txt").write_text("\n".join(INVENTED), encoding="ascii")
    return read_modulus_tables(folder)


def passes(tables: ModulusTables | None, sort_code: str | None, account: str | None) -> Any:
    values = [pa.array([sort_code], pa.string()), pa.array([account], pa.string())]
    return MODULUS.passes(values, Terms(today=TODAY, modulus=tables)).to_pylist()[0]


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="Pay.UK's tables are not at hand (../shared/data/reference)"
)
def test_all_worked_cases_of_the_specification_come_out_right() -> None:
    tables = read_modulus_tables(REFERENCE)
    with (REFERENCE / "vocalink_modulus_test_cases.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    assert len(cases) == 34
    wrong = [
        case["spec_case"]
        for case in cases
        if passes(tables, case["sort_code"], case["account_number"]) is not (case["expected_valid"] == "1")
    ]
    assert wrong == []


# Worked out by hand: MOD11 of 12345675 is 8+14+18+20+20+18+14+5 = 117; DBLAL of sort code 100002 is 2 and 2.
@pytest.mark.parametrize(
    ("sort_code", "account", "expected"),
    [
        pytest.param("100000", "12345679", True, id="MOD11: 121 is 11 times 11"),
        pytest.param("100000", "12345675", False, id="MOD11: 117 is not"),
        pytest.param("100001", "12345678", True, id="MOD10: 120"),
        pytest.param("100001", "12345679", False, id="MOD10: 121"),
        pytest.param("100002", "00000006", True, id="DBLAL: 4 and 6"),
        pytest.param("100002", "00000009", False, id="DBLAL: 4 and 9"),
        pytest.param(
            "100002", "00000052", False, id="DBLAL: the digits of 5 times 2 are added up: 4, 1 and 2"
        ),
        pytest.param("100002", "00000055", True, id="DBLAL: 4, 1 and 5"),
        pytest.param("100003", "12345679", True, id="both lines: 121 by MOD11, 40 by DBLAL"),
        pytest.param("100003", "00000140", False, id="both lines: 11 by MOD11, but 14 by DBLAL"),
        pytest.param("100004", "00000140", True, id="either line: 11 by MOD11"),
        pytest.param("100004", "00000004", True, id="either line: 10 by DBLAL"),
        pytest.param("100004", "00000001", False, id="neither line: 1 and 7"),
        pytest.param("100005", "00000006", True, id="exception 1 adds 27: 7, 6 and 27"),
        pytest.param("100005", "00000008", False, id="exception 1: 7, 8 and 27"),
        pytest.param("100006", "41234566", True, id="exception 6: foreign currency is not checked"),
        pytest.param("100006", "31234566", False, id="exception 6: not a foreign currency"),
        pytest.param(
            "100007", "00000010", False, id="exception 4: the remainder is 2, the last digits are 10"
        ),
        pytest.param("100007", "00000000", True, id="exception 4: both are nought"),
        pytest.param("100008", "12345679", True, id="exception 14: passes as it is"),
        pytest.param("100008", "23456790", False, id="exception 14: shifted to 02345679, whose sum is 113"),
        pytest.param("100009", "10000007", True, id="a large and a negative weight: 128 - 7 is 121"),
        pytest.param("100009", "00000001", False, id="a negative sum: -1"),
        pytest.param("999999", "12345678", True, id="in no line of the table"),
    ],
)
def test_an_invented_table_gives_what_can_be_worked_out_by_hand(
    invented: ModulusTables, sort_code: str, account: str, expected: bool
) -> None:
    assert passes(invented, sort_code, account) is expected


@pytest.mark.parametrize(
    ("sort_code", "account"),
    [
        pytest.param("10-00-00", "12345675", id="hyphens"),
        pytest.param("100000", "12345675", id="digits only"),
    ],
)
def test_a_sort_code_may_have_hyphens(invented: ModulusTables, sort_code: str, account: str) -> None:
    assert passes(invented, sort_code, account) is False


@pytest.mark.parametrize(
    ("sort_code", "account"),
    [("100000", "1234567"), ("10000", "12345675"), (None, "12345675"), ("100000", None), ("x", "y")],
)
def test_what_has_not_the_form_is_another_checks_to_report(
    invented: ModulusTables, sort_code: str | None, account: str | None
) -> None:
    assert passes(invented, sort_code, account) is None


def test_without_tables_there_is_nothing_to_say() -> None:
    assert passes(None, "100000", "12345675") is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(range(100000, 100009)), st.integers(0, 99_999_999)), min_size=2))
def test_a_pair_is_judged_alike_whatever_stands_beside_it(
    invented: ModulusTables, pairs: list[tuple[int, int]]
) -> None:
    together = np.array(pairs)
    answers = passes_modulus(together[:, 0], together[:, 1], invented)
    alone = [passes_modulus(pair[:1], pair[1:], invented)[0] for pair in together]
    assert answers.tolist() == alone
