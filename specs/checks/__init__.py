"""The checks that a specification's fields can name, each over a whole column at once.

A check answers for every value whether it passes; a blank always passes, since whether a field may be
blank is a matter of its own (`required`). Nothing here reads an extract or a clock. What a check says to
people, and how much it matters, stands in checks.yaml under the same code.
"""

from specs.checks.any_field import EXPECTED_EMPTY, LONGEST, NOT_ZERO, ONE_OF, USUALLY
from specs.checks.any_text import ODD_TEXT, PLACEHOLDER_NAME
from specs.checks.banks_and_taxes import (
    ACCOUNT_NUMBER,
    MADE_UP_DIGITS,
    SORT_CODE,
    VAT_NUMBER,
    VAT_NUMBER_FOREIGN,
)
from specs.checks.companies import COMPANY_NUMBER, LEDGER_NOISE
from specs.checks.contacts import EMAIL, PHONE
from specs.checks.date_order import (
    DUE_BEFORE_INVOICE,
    LEAVER_INDICATOR,
    LEFT_BEFORE_BIRTH,
    PAID_AFTER_LEAVING,
    PAID_BEFORE_INVOICE,
    PAID_BEFORE_START,
    START_AFTER_LEAVING,
    YOUNG_AT_START,
)
from specs.checks.dates import (
    AGE,
    FAR_AHEAD,
    LONG_AGO,
    MINOR,
    NOT_IN_FUTURE,
    PLACEHOLDER_DATE,
    SHORT_YEAR,
)
from specs.checks.hours import FEW_HOURS, FLAG_AND_HOURS, HOURS_OF_A_WEEK, MANY_HOURS
from specs.checks.kind import Detail, FieldCheck, RecordCheck, Screen, Terms, Test, TextChecks, no_detail
from specs.checks.modulus import MODULUS
from specs.checks.names import (
    COMPANY_AS_PERSON,
    NAME_CHARACTERS,
    NAME_WITH_COMMA,
    SAME_NAMES,
    TITLE_IN_FORENAME,
    TITLE_IN_SURNAME,
    WHOLE_NAME,
)
from specs.checks.people import NINO, NINO_SUFFIX, NINO_TEMPORARY, PASSPORT
from specs.checks.places import POST_CODE, POST_CODE_UNKNOWN
from specs.checks.sums import LARGE_SUM, NEGATIVE_SUM, NOT_GREATER, VAT_RATE, VAT_SIGN
from specs.checks.unreadable import UNREADABLE

__all__ = [
    "FIELD_CHECKS",
    "ODD_TEXT",
    "RECORD_CHECKS",
    "UNREADABLE",
    "Detail",
    "FieldCheck",
    "RecordCheck",
    "Screen",
    "Terms",
    "Test",
    "TextChecks",
    "no_detail",
]

FIELD_CHECKS: dict[str, tuple[FieldCheck, ...]] = {
    # any field
    "one_of": (ONE_OF,),
    "usually": (USUALLY,),
    "longest": (LONGEST,),
    "expected_empty": (EXPECTED_EMPTY,),
    # dates
    "not_in_future": (NOT_IN_FUTURE,),
    "far_ahead": (FAR_AHEAD,),
    "long_ago": (LONG_AGO,),
    "placeholder_date": (PLACEHOLDER_DATE,),
    "short_year": (SHORT_YEAR,),
    "age": (AGE, MINOR),
    # sums and hours
    "not_zero": (NOT_ZERO,),
    "large_sum": (LARGE_SUM,),
    "negative_sum": (NEGATIVE_SUM,),
    "weekly_hours": (HOURS_OF_A_WEEK, MANY_HOURS, FEW_HOURS),
    # people
    "surname": (TITLE_IN_SURNAME, NAME_CHARACTERS, NAME_WITH_COMMA, COMPANY_AS_PERSON, PLACEHOLDER_NAME),
    "forename": (TITLE_IN_FORENAME, NAME_CHARACTERS, PLACEHOLDER_NAME),
    "nino": (NINO, NINO_TEMPORARY, NINO_SUFFIX),
    "passport": (PASSPORT,),
    # creditors
    "creditor_name": (LEDGER_NOISE,),
    "company_number": (COMPANY_NUMBER,),
    # how to reach them
    "phone": (PHONE,),
    "email": (EMAIL,),
    "post_code": (POST_CODE, POST_CODE_UNKNOWN),
    # banks and taxes
    "sort_code": (SORT_CODE, MADE_UP_DIGITS),
    "account_number": (ACCOUNT_NUMBER, MADE_UP_DIGITS),
    "vat_number": (VAT_NUMBER, VAT_NUMBER_FOREIGN),
}
"""By the name that a specification gives; a name stands for several checks where they differ in severity."""

RECORD_CHECKS: dict[str, RecordCheck] = {
    check.code: check
    for check in (
        # sums
        NOT_GREATER,
        VAT_SIGN,
        VAT_RATE,
        # dates
        START_AFTER_LEAVING,
        LEFT_BEFORE_BIRTH,
        PAID_BEFORE_START,
        PAID_AFTER_LEAVING,
        YOUNG_AT_START,
        PAID_BEFORE_INVOICE,
        DUE_BEFORE_INVOICE,
        # what does not fit together
        LEAVER_INDICATOR,
        FLAG_AND_HOURS,
        WHOLE_NAME,
        SAME_NAMES,
        MODULUS,
    )
}
"""Checks of several fields of one record, by the name that a specification gives."""
