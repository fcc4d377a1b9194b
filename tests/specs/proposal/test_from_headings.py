"""Headings compared word by word with what columns are called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.proposal.from_headings import HeadingWords
from specs.proposal.synonyms import synonyms
from tests.examples import examples

PAYROLL = HeadingWords(load_specification("payroll"), synonyms())
HISTORY = HeadingWords(load_specification("creditors-history"), synonyms())
STANDING = HeadingWords(load_specification("creditors-standing"), synonyms())


def likest(words: HeadingWords, heading: str) -> str | None:
    """The column that a heading speaks for most clearly; None where it speaks for none."""
    scores = {column: words.score(heading, column).score for column in words.columns}
    best = max(scores, key=lambda column: scores[column])
    return best if scores[best] else None


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        pytest.param("National Insurance Number", "ni_number", id="as published"),
        pytest.param("NI No.", "ni_number", id="short forms"),
        pytest.param("NINO", "ni_number", id="short form of three words"),
        pytest.param("N.I. Number", "ni_number", id="initials with full stops"),
        pytest.param("PER_NATIONAL_IDENTIFIER", "ni_number", id="name of a table's column"),
        pytest.param("D.O.B.", "date_of_birth", id="initials at the end"),
        pytest.param("BirthDate", "date_of_birth", id="capitals between words"),
        pytest.param("Emp Ref", "employee_reference", id="two short forms"),
        pytest.param("Surname/Last Name", "surname", id="two names at once"),
        pytest.param("FORENAME(S)", "forenames", id="plural in brackets"),
        pytest.param("Addr1", "address_line_1", id="figure without a space"),
        pytest.param("Home Addr Line 02", "address_line_2", id="leading zero"),
        pytest.param("Pst Code", None, id="a short word with a slip is left alone"),
        pytest.param("Postcoed", "post_code", id="a slip of the keyboard"),
        pytest.param("FT/PT", "full_part_time", id="pairs of letters"),
        pytest.param("F/P/C", "full_part_time", id="single letters"),
        pytest.param("Bank A/C No", "bank_account", id="A/C"),
        pytest.param("E-Mail", "email", id="hyphen"),
        pytest.param("Gross YTD", "gross_pay_to_date", id="short form at the end"),
        pytest.param("Hours p.w.", "standard_hours", id="hours"),
        pytest.param("Ｓｕｒｎａｍｅ", "surname", id="wide letters"),
        pytest.param("Column7", None, id="nothing said"),
        pytest.param("", None, id="empty"),
        pytest.param("££", None, id="no letters"),
    ],
)
def test_a_payroll_heading_speaks_for_its_column(heading: str, column: str | None) -> None:
    assert likest(PAYROLL, heading) == column


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        pytest.param("Transaction Number", "internal_invoice_number", id="transaction"),
        pytest.param("Inv. No", "supplier_invoice_number", id="invoice"),
        pytest.param("Organistion Name", "employer", id="slip in a long word"),
        pytest.param("Supplier Registered Charity Number", "charity_number", id="not the company number"),
        pytest.param("Expense Code", "ledger_code", id="nothing that is asked for"),
        pytest.param("Date Paid", "payment_date", id="words the other way round"),
    ],
)
def test_a_ledger_heading_speaks_for_its_column(heading: str, column: str) -> None:
    assert likest(HISTORY, heading) == column


def test_another_figure_is_another_column() -> None:
    assert STANDING.score("Address 2", "address_line_1").score == 0
    assert STANDING.score("Address 2", "address_line_2").exact


def test_a_heading_that_may_mean_two_columns_speaks_louder_for_the_one_it_says_exactly() -> None:
    exactly = HISTORY.score("Transaction Number", "internal_invoice_number")
    perhaps = HISTORY.score("Transaction Number", "supplier_invoice_number")
    assert exactly.exact
    assert not perhaps.exact
    assert exactly.score > perhaps.score > 0


@settings(deadline=None, max_examples=examples(20))
@given(st.text(max_size=40))
def test_any_heading_has_a_score_between_nought_and_one_whatever_its_case(heading: str) -> None:
    for column in ("surname", "address_line_1", "gross_pay_to_date"):
        assert 0 <= PAYROLL.score(heading, column).score <= 1
