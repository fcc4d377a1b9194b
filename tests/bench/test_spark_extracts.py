"""Extracts for a comparison of engines."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from bench.ledger import HISTORY
from bench.spark_extracts import extracts_of_sample

ALIKE = ("Creditor reference", "Total invoice amount")


def test_so_many_payments_are_alike_and_the_others_are_as_before(tmp_path: Path) -> None:
    for name in ("usual", "alike"):
        (tmp_path / name).mkdir()
    usual = pq.read_table(extracts_of_sample(tmp_path / "usual", 2_000)[HISTORY])
    alike = pq.read_table(extracts_of_sample(tmp_path / "alike", 2_000, 1_500)[HISTORY])
    assert alike.schema == usual.schema
    for name in ALIKE:
        assert set(alike[name][:1_500].to_pylist()) == {usual[name][0].as_py()}
        assert alike[name][1_500:] == usual[name][1_500:]
    others = [
        name for name in usual.column_names if name not in {"Creditor reference", "Total invoice amount"}
    ]
    assert alike.select(others) == usual.select(others)
