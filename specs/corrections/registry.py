"""Every correction, in the order in which they are made, and those that apply to one field."""

from __future__ import annotations

from specs.corrections.blanks import INNER_BLANKS, TRIM
from specs.corrections.dates import DATE_ZERO, DAY_NUMBER, MONTH_FIRST, TIME_OF_DAY
from specs.corrections.descriptions import correction_descriptions
from specs.corrections.forms import ACCOUNT_NUMBER, CODE_CASE, NI_NUMBER, POST_CODE, SORT_CODE
from specs.corrections.kind import ColumnCorrection, FieldTerms, ValueCorrection
from specs.corrections.letters import DAMAGED_LETTERS
from specs.corrections.zeros import (
    ACCOUNT_NUMBER_ZERO,
    COMPANY_NUMBER_ZERO,
    POINT_ZERO,
    SORT_CODE_ZERO,
    TELEPHONE_ZERO,
)
from specs.dates import DEFAULT_DATE_FORMATS

TIDYING = (DAMAGED_LETTERS, TRIM, INNER_BLANKS)
"""Corrections of any text, whatever it says."""
FORMS = (CODE_CASE, NI_NUMBER, POST_CODE, SORT_CODE, ACCOUNT_NUMBER, TIME_OF_DAY)
"""Corrections of values that have a form."""
OF_COLUMNS = (
    POINT_ZERO,
    SORT_CODE_ZERO,
    ACCOUNT_NUMBER_ZERO,
    COMPANY_NUMBER_ZERO,
    TELEPHONE_ZERO,
    DATE_ZERO,
    DAY_NUMBER,
    MONTH_FIRST,
)
CODES = tuple(correction.code for correction in (*TIDYING, *FORMS, *OF_COLUMNS))
_HOW_DATES_ARE_WRITTEN = frozenset(correction.code for correction in (DATE_ZERO, DAY_NUMBER, MONTH_FIRST))


def tidying(terms: FieldTerms) -> tuple[ValueCorrection, ...]:
    """The corrections of any text that apply to a field."""
    return tuple(each for each in TIDYING if _applies(each.code, terms))


def forms(terms: FieldTerms) -> tuple[ValueCorrection, ...]:
    """The corrections of forms that apply to a field."""
    return tuple(each for each in FORMS if _applies(each.code, terms))


def of_columns(terms: FieldTerms) -> tuple[ColumnCorrection, ...]:
    """The corrections that apply to a field once its column has proved something.

    Where a person has said how dates are written, in the mapping, nobody needs to find it out.
    """
    said = terms.dates != DEFAULT_DATE_FORMATS
    return tuple(
        each
        for each in OF_COLUMNS
        if _applies(each.code, terms) and not (said and each.code in _HOW_DATES_ARE_WRITTEN)
    )


def _applies(code: str, terms: FieldTerms) -> bool:
    return correction_descriptions()[code].fields.include(terms.field)
