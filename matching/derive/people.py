"""Columns worked out of records of people, and of the standing data of creditors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import any_of, null_where, of_distinct, plain, words
from specs.checks.people import NINO_TEMPORARY_FORM

FULL_TIME = 3000
"""Hundredths of hours a week; more is full time (published 2012/13: F over 30 hours)."""
_POST_BOX = r"(?i)\b(P\.? ?O\.? ?|POST ?OFFICE ?)BOX\b"
_COMPANY = r"\b(?P<ending>LTD|LIMITED|PLC|LLP)$"


def days_between(earlier: pa.Array, later: pa.Array) -> pa.Array:
    """Days from one date to another; negative where the second comes first, null where either is blank."""
    return pc.days_between(earlier, later)


def days_paid_after_leaving(left: pa.Array, started: pa.Array, last_paid: pa.Array) -> pa.Array:
    """Days from leaving to the last pay; null where the day of leaving is before the first day at work.

    Such a day is left over from an earlier post, and says nothing of this one.
    """
    is_of_this_post = pc.fill_null(pc.greater_equal(left, started), True)
    return pc.if_else(is_of_this_post, days_between(left, last_paid), pa.scalar(None, pa.int64()))


def whole_years(born: pa.Array, on: pa.Array) -> pa.Array:
    """How old somebody is on a day, in whole years."""
    years = pc.subtract(pc.year(on), pc.year(born))
    day_of_year = [pc.add(pc.multiply(pc.month(date), 100), pc.day(date)) for date in (on, born)]
    return pc.subtract(years, pc.cast(pc.less(*day_of_year), pa.int64()))


def days_without_ni_number(number: pa.Array, started: pa.Array, last_paid: pa.Array) -> pa.Array:
    """Days from the first day at work to the last pay, where there is no NI number or a temporary one.

    Null for everybody else. A number that is only misspelt is a number: the check speaks of it.
    """
    packed = pc.replace_substring_regex(pc.utf8_upper(pc.fill_null(number, "")), r"\s", "")
    is_missing = pc.or_(pc.equal(packed, ""), pc.match_substring_regex(packed, NINO_TEMPORARY_FORM))
    return pc.if_else(is_missing, days_between(started, last_paid), pa.scalar(None, pa.int64()))


def full_time_post(flag: pa.Array, hours: pa.Array) -> pa.Array:
    """'full time' where the hours are more than 30 a week, or not known and the flag is F; else null."""
    is_full = pc.fill_null(pc.greater(hours, FULL_TIME), pc.fill_null(pc.equal(flag, "F"), False))
    return pc.if_else(is_full, pa.scalar("full time"), pa.scalar(None, pa.string()))


def post_box(*lines: pa.Array) -> pa.Array:
    """The first line of an address that names a post box; null where none does."""
    nothing = pa.scalar(None, pa.string())
    found = [
        pc.if_else(pc.fill_null(pc.match_substring_regex(line, _POST_BOX), False), line, nothing)
        for line in lines
    ]
    return pc.coalesce(*found)


def company_without_numbers(name: pa.Array, vat_number: pa.Array, company_number: pa.Array) -> pa.Array:
    """How a company's name ends (LTD, PLC…) where it has neither a VAT nor a company number; else null."""
    has_none = pc.and_(*(pc.equal(pc.fill_null(number, ""), "") for number in (vat_number, company_number)))
    ending = pc.struct_field(pc.extract_regex(plain(name), _COMPANY), "ending")
    return pc.if_else(has_none, ending, pa.scalar(None, pa.string()))


def closed_record(name: pa.Array) -> pa.Array:
    """What stands in a creditor's name to say that the record is closed: 'DO NOT USE'; else null."""
    return of_distinct(_closing_phrase, name)


def _closing_phrase(name: pa.Array) -> pa.Array:
    found = pc.extract_regex(plain(name), _closing_words())
    parts = [pc.struct_field(found, part) for part in ("anywhere", "last")]
    return pc.coalesce(*(null_where(pc.equal(part, ""), part) for part in parts))


@cache
def _closing_words() -> str:
    noise = words("companies")["ledger_noise"]
    anywhere, last = (
        any_of(noise[where]).replace("(", "(?:").replace("(?:?:", "(?:")
        for where in ("anywhere", "in_brackets_or_last")
    )
    return rf"\b(?P<anywhere>{anywhere})\b|\s(?P<last>{last})$"


OF_PEOPLE: dict[str, Callable[..., pa.Array]] = {
    function.__name__: function
    for function in (
        days_between,
        days_paid_after_leaving,
        whole_years,
        days_without_ni_number,
        full_time_post,
        post_box,
        company_without_numbers,
        closed_record,
    )
}
"""The functions that records.yaml may name."""
