"""What a specification says of a data set as a whole, and what it may not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from specs.catalogues import load_specification
from specs.data_set import Code
from specs.errors import SpecificationInvalid
from specs.specification import Severity, Specification, read_specification

CATALOGUE = Path(__file__).parents[3] / "specs" / "catalogue"
CHECKED = ["payroll", "creditors-history", "creditors-standing"]
PLAIN = {"severity": "warning", "evidence": "inferred"}


def broken(tmp_path: Path, across: dict[str, Any]) -> Path:
    raw = yaml.safe_load((CATALOGUE / "2012-13" / "creditors-history.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "creditors-history.yaml"
    path.write_text(yaml.safe_dump(raw | {"across": across}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("across", "says"),
    [
        pytest.param({"colour": 1}, "across.colour: Extra inputs", id="unknown key"),
        pytest.param(
            {"months": PLAIN | {"columns": ["paid_on"]}},
            "across.months: no such column: paid_on",
            id="unknown column",
        ),
        pytest.param(
            {"signs": PLAIN | {"columns": ["remarks"]}},
            "across.signs: remarks is character, which it cannot be here",
            id="format that does not fit",
        ),
        pytest.param(
            {"agreements": [PLAIN | {"check": "person_twice", "same": ["remarks"], "different": ["name"]}]},
            "across.agreements: no such column: name",
            id="unknown column of an agreement",
        ),
        pytest.param(
            {"vat": PLAIN | {"amount": "vat_amount", "total": "gross", "percent": 20}},
            "across.vat: no such column: gross",
            id="unknown column of VAT",
        ),
        pytest.param(
            {"period": PLAIN | {"columns": ["payment_date"], "end": "2026-09-30"}},
            "give either start or months",
            id="a period without a beginning",
        ),
        pytest.param(
            {"filled": [PLAIN | {"columns": ["remarks"], "percent": 101}]},
            "across.filled.0.percent",
            id="more than all",
        ),
        pytest.param({"varied": [PLAIN | {"columns": []}]}, "across.varied.0.columns", id="no column"),
        pytest.param({"months": {"columns": ["payment_date"]}}, "across.months.severity", id="no severity"),
    ],
)
def test_a_careless_rule_is_refused_with_the_key(tmp_path: Path, across: dict[str, Any], says: str) -> None:
    with pytest.raises(SpecificationInvalid) as caught:
        read_specification(broken(tmp_path, across))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("exercise", ["2012-13", "2026-27"])
@pytest.mark.parametrize("dataset", CHECKED)
def test_every_agreement_names_a_code(dataset: str, exercise: str) -> None:
    for rule in load_specification(dataset, exercise).across.agreements:
        assert rule.check in set(Code)


def rules_of(specification: Specification) -> list[tuple[str, Any]]:
    """Every rule on the data set as a whole, with its key."""
    found = []
    for key in type(specification.across).model_fields:
        rules = getattr(specification.across, key)
        found += [(key, rule) for rule in (rules if isinstance(rules, tuple) else (rules,)) if rule]
    return found


@pytest.mark.parametrize("exercise", ["2012-13", "2026-27"])
@pytest.mark.parametrize("dataset", CHECKED)
def test_only_what_is_published_is_an_error(dataset: str, exercise: str) -> None:
    for key, rule in rules_of(load_specification(dataset, exercise)):
        assert rule.severity is not Severity.ERROR or rule.evidence.startswith("published"), key


@pytest.mark.parametrize("dataset", CHECKED)
def test_2026_27_carries_all_but_the_period_over(dataset: str) -> None:
    older, newer = (
        [each for each in rules_of(load_specification(dataset, year)) if each[0] != "period"]
        for year in ("2012-13", "2026-27")
    )
    assert older
    assert older == newer
