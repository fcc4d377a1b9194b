"""Bank accounts."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import null_where, plain


def bank_account(sort_code: pa.Array, account: pa.Array, roll_number: pa.Array) -> pa.Array:
    """Sort code and account number as '123456 12345678'; shorter account numbers get their zeros back.

    A building society's roll number follows where there is one: without it, all its customers share one
    account.

    Null where the sort code has not six digits or the account not six to eight, and where one is all zeros.
    """
    sort = pc.replace_substring_regex(sort_code, r"[\s-]", "")
    number = pc.replace_substring_regex(account, r"[\s-]", "")
    good = pc.and_(pc.match_substring_regex(sort, r"^\d{6}$"), pc.match_substring_regex(number, r"^\d{6,8}$"))
    filler = pc.or_(pc.match_substring_regex(sort, r"^0+$"), pc.match_substring_regex(number, r"^0+$"))
    good = pc.and_(good, pc.invert(filler))
    padded = pc.utf8_lpad(number, 8, "0")
    roll = pc.replace_substring(plain(pc.fill_null(roll_number, "")), " ", "")
    joined = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(sort, padded, roll, " "))
    return null_where(pc.invert(good), joined)
