"""Small invented bodies and the cases they make: tests/golden/match/<case>/{records.yaml,expected.json}.

NFI_REWRITE_GOLDEN=1 pytest tests/matching/test_golden.py rewrites what is expected: read the diff.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from matching.result import MatchResult

GOLDEN = Path(__file__).parents[1] / "golden" / "match"


def as_text(result: MatchResult) -> str:
    """The cases and the reports, as JSON that a person can read and compare."""
    rows: dict[int, list[str]] = {}
    for record in result.records.to_pylist():
        rows.setdefault(record["rank"], []).append(f"{record['dataset']} row {record['source_row']}")
    cases: list[dict[str, Any]] = result.cases.drop_columns(["title"]).to_pylist()
    told = [case | {"records": rows[case["rank"]], "priority": round(case["priority"], 6)} for case in cases]
    reports = [
        {name: value for name, value in asdict(report).items() if name not in {"title", "nfi_report"}}
        for report in result.reports
    ]
    return json.dumps({"cases": told, "reports": reports}, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("folder", sorted(GOLDEN.iterdir()), ids=lambda folder: str(folder.name))
def test_cases_are_the_golden_ones(folder: Path, matched: Callable[..., MatchResult]) -> None:
    datasets = yaml.safe_load((folder / "records.yaml").read_text(encoding="utf-8"))
    found = as_text(matched(datasets))
    expected = folder / "expected.json"
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
