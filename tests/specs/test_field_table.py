"""A specification in words."""

from __future__ import annotations

import pytest

from specs.catalogues import datasets, load_specification
from specs.field_table import (
    characters_in_words,
    check_in_words,
    checks_in_words,
    codes_in_words,
    field_rows,
    files_in_words,
    longest,
    rules_in_words,
)
from specs.specification import CheckUse, RecordRule

PAYROLL = load_specification("payroll", "2012-13")
HISTORY = load_specification("creditors-history", "2012-13")


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (CheckUse(name="nino"), "nino"),
        (CheckUse(name="one_of", allowed=("F", "P")), "one_of F/P"),
        (CheckUse(name="longest", limit=35), "longest 35"),
    ],
)
def test_a_check_says_what_it_takes(use: CheckUse, words: str) -> None:
    assert check_in_words(use) == words


def test_a_field_says_its_checks_codes_and_length() -> None:
    field = PAYROLL.fields[2].model_copy(
        update={
            "checks": (CheckUse(name="longest", limit=35), CheckUse(name="nino")),
            "exempt_from": ("placeholder",),
            "coded": True,
            "plain_codes": ("HR",),
        }
    )
    assert checks_in_words(field) == "longest 35, nino, not placeholder"
    assert codes_in_words(field) == "look-up table needed, except HR"
    assert longest(field) == 35
    assert (
        codes_in_words(PAYROLL.fields[5]),
        longest(PAYROLL.fields[5].model_copy(update={"checks": ()})),
    ) == ("", None)


def test_the_files_and_the_characters_are_told_with_their_evidence() -> None:
    pensions = load_specification("pensions", "2012-13")
    assert files_in_words(pensions) == {
        1: "current pensioners (published 2012/13)",
        2: "gratuities, if there are any (optional; published 2012/13)",
        3: "deferred pensions (optional; published 2012/13)",
    }
    assert files_in_words(PAYROLL) == {}
    assert characters_in_words(PAYROLL) == "ASCII (published 2012/13)"


def test_rows_are_numbered_in_the_specifications_order() -> None:
    rows = field_rows(PAYROLL)
    assert [row.number for row in rows] == list(range(1, 31))
    assert (rows[21].name, rows[21].column, rows[21].source) == (
        "National insurance number",
        "ni_number",
        "main",
    )


def test_rules_over_several_fields_are_told_with_their_names_severity_and_evidence() -> None:
    rule = RecordRule(
        check="not_greater",
        columns=("vat_amount", "total_invoice_amount"),
        severity="error",
        evidence="inferred",
    )
    words = rules_in_words(HISTORY.model_copy(update={"record_checks": (rule,)}))
    assert words["key"] == "Internal/system invoice number (error; published 2012/13)"
    assert words["record_checks"] == "not_greater; VAT amount, Total invoice amount (error; inferred)"
    assert words["references"].startswith("Creditor reference; dataset creditors-standing")


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_no_column_name_is_left_where_a_published_name_can_stand(dataset: str) -> None:
    specification = load_specification(dataset)
    columns = {field.column for field in specification.fields if "_" in field.column}
    words = " ".join(rules_in_words(specification).values()).replace(";", " ").replace(",", " ").split()
    assert columns.isdisjoint(words)
