"""The checks that a specification's fields can name, each over a whole column at once.

A check answers for every value whether it passes; a blank always passes, since whether a field may be
blank is a matter of its own (`required`). Nothing here reads an extract or a clock. What a check says to
people, and how much it matters, stands in checks.yaml under the same code.
"""

from specs.checks.any_field import EXPECTED_EMPTY, NOT_IN_FUTURE, NOT_ZERO, ONE_OF
from specs.checks.banks_and_taxes import ACCOUNT_NUMBER, SORT_CODE, VAT_NUMBER, VAT_NUMBER_FOREIGN
from specs.checks.kind import Detail, FieldCheck, Terms, Test, no_detail
from specs.checks.people import EMAIL, NINO, NINO_SUFFIX
from specs.checks.places import POST_CODE, POST_CODE_UNKNOWN
from specs.checks.unreadable import UNREADABLE

__all__ = ["FIELD_CHECKS", "UNREADABLE", "Detail", "FieldCheck", "Terms", "Test", "no_detail"]

FIELD_CHECKS: dict[str, tuple[FieldCheck, ...]] = {
    "one_of": (ONE_OF,),
    "not_zero": (NOT_ZERO,),
    "expected_empty": (EXPECTED_EMPTY,),
    "not_in_future": (NOT_IN_FUTURE,),
    "nino": (NINO, NINO_SUFFIX),
    "email": (EMAIL,),
    "post_code": (POST_CODE, POST_CODE_UNKNOWN),
    "sort_code": (SORT_CODE,),
    "account_number": (ACCOUNT_NUMBER,),
    "vat_number": (VAT_NUMBER, VAT_NUMBER_FOREIGN),
}
"""By the name that a specification gives; a name stands for two checks where they differ in severity."""
