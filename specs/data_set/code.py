"""The codes of the checks that need the whole data set. Their words stand in specs/checks.yaml."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What can be found in a data set as a whole. Stable for ever: people filter and script on it."""

    DUPLICATE_KEY = "duplicate_key"
    REFERENCE = "reference"
    UNREFERENCED = "unreferenced"
    TOTALS_ROW = "totals_row"
    NINO_SHARED = "nino_shared"
    PERSON_TWICE = "person_twice"
    ACCOUNT_SHARED = "account_shared"
    SEVERAL_EMPLOYERS = "several_employers"
    OUTSIDE_PERIOD = "outside_period"
    PERIOD_NOT_COVERED = "period_not_covered"
    MONTH_MISSING = "month_missing"
    MONTH_CUT_OFF = "month_cut_off"
    VAT_ALL_NIL = "vat_all_nil"
    VAT_WORKED_OUT = "vat_worked_out"
    CREDIT_NOTES = "credit_notes"
    NO_CREDIT_NOTES = "no_credit_notes"
    SIGNS_SWAPPED = "signs_swapped"
    MANY_ZEROS = "many_zeros"
    UNUSUAL_SUMS = "unusual_sums"
    COLUMN_BLANK = "column_blank"
    COLUMN_CONSTANT = "column_constant"
    FEW_FILLED = "few_filled"
    VALUES_CUT = "values_cut"
    LEADING_ZEROS_LOST = "leading_zeros_lost"
    DEFAULT_DATE = "default_date"
    CODES_WITHOUT_LOOKUP = "codes_without_lookup"
    NOT_IN_LOOKUP = "not_in_lookup"
    CONTROL_TOTAL = "control_total"
    TRAILER_COUNT = "trailer_count"
    PREVIOUS_RECORDS = "previous_records"
    PREVIOUS_FILLED = "previous_filled"
    PREVIOUS_SUMS = "previous_sums"
