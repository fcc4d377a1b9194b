"""Whether a sort code and an account number go together, by Pay.UK's modulus check.

Source: Pay.UK (Vocalink), "Validating account numbers - UK modulus checking": three methods, fourteen
exceptions, and which line of the weight table counts. Digits are called u v w x y z (sort code) and
a b c d e f g h (account number) there, and here. What passes can belong to no account all the same.

Only eight digits are checked: shorter and longer numbers are the account number check's to report.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import TEXT, RecordCheck, Terms
from specs.modulus_tables import Method, ModulusTables, Whole

Mask = npt.NDArray[np.bool_]

_A, _B, _C, _G, _H = 6, 7, 8, 12, 13
_ENOUGH_BY_ONE = (2, 9, 10, 11, 12, 13, 14)
"""First lines under these exceptions: passing either line is enough."""
_INSTEAD = {8: 90126, 9: 309634}
"""By exception, the sort code that is taken for all of its own."""
_EXCEPTION_2_A = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
_EXCEPTION_2_G9 = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)


def passes_modulus(sort_codes: Whole, accounts: Whole, tables: ModulusTables) -> Mask:
    """Whether each pair of whole numbers (six digits, eight digits) passes; a sort code in no line does."""
    first, second = tables.lines_of[0][sort_codes], tables.lines_of[1][sort_codes]
    by_first = _passes_lines(first, sort_codes, accounts, tables)
    by_second = _passes_lines(second, sort_codes, accounts, tables)
    exceptions = np.array([line.exception for line in tables.weight_lines])
    exception = np.where(first >= 0, exceptions[first], 0)
    # Coutts: a number that fails may be an older one of seven digits with its check digit moved
    shifted = (exception == 14) & np.isin(accounts % 10, (0, 1, 9))
    by_first |= shifted & _passes_lines(first, sort_codes, accounts // 10, tables)
    return np.where(
        np.isin(exception, _ENOUGH_BY_ONE), by_first | ((second >= 0) & by_second), by_first & by_second
    )


def _passes_lines(places: Whole, sort_codes: Whole, accounts: Whole, tables: ModulusTables) -> Mask:
    """Whether each pair passes its line of the weight table; no line, it passes."""
    passes = np.ones(len(places), np.bool_)
    by_kind: dict[tuple[Method, int], list[int]] = {}
    for place, line in enumerate(tables.weight_lines):
        by_kind.setdefault((line.method, line.exception), []).append(place)
    weights = np.array([line.weights for line in tables.weight_lines])
    present = set(np.unique(places).tolist())
    for (method, exception), of_kind in by_kind.items():
        if present.isdisjoint(of_kind):
            continue
        chosen = np.isin(places, of_kind)
        counted_as = _sort_codes_under(exception, sort_codes[chosen], tables.substitutes)
        digits = _digits(counted_as, accounts[chosen])
        passes[chosen] = _passes(method, exception, weights[places[chosen]], digits)
    return passes


def _sort_codes_under(exception: int, sort_codes: Whole, substitutes: Whole) -> Whole:
    """The sort codes that an exception takes instead."""
    if exception == 5:
        return substitutes[sort_codes]
    if exception in _INSTEAD:
        return np.full_like(sort_codes, _INSTEAD[exception])
    return sort_codes


def _passes(method: Method, exception: int, weights: Whole, digits: Whole) -> Mask:
    """Whether each row of fourteen digits passes its own weights, all under one method and exception."""
    products = digits * _weights_under(exception, weights, digits)
    if method is Method.DBLAL:
        products = products // 10 + products % 10  # of two digits at most
    total = products.sum(axis=1) + (27 if exception == 1 else 0)
    divisor = 11 if method is Method.MOD11 else 10
    remainder = total % divisor
    if exception == 4:
        passes: Mask = remainder == digits[:, _G] * 10 + digits[:, _H]
    elif exception == 5:
        check_digit = digits[:, _G if method is Method.MOD11 else _H]
        # under MOD11 a remainder of 1 would need the digit 10
        passes = (divisor - remainder) % divisor == check_digit
    else:
        passes = remainder == 0
    return passes | _not_checked(exception, digits)


def _weights_under(exception: int, weights: Whole, digits: Whole) -> Whole:
    """The line's weights, or those that its exception puts in their place."""
    a, b, g = digits[:, _A], digits[:, _B], digits[:, _G]
    if exception == 2:
        given = np.where((g == 9)[:, None], _EXCEPTION_2_G9, _EXCEPTION_2_A)
        return np.where((a != 0)[:, None], given, weights)
    if exception == 7:
        account_only = g == 9
    elif exception == 10:
        account_only = np.isin(a * 10 + b, (9, 99)) & (g == 9)
    else:
        return weights
    without = weights.copy()
    without[account_only, : _B + 1] = 0
    return without


def _not_checked(exception: int, digits: Whole) -> Mask:
    """Which accounts an exception takes out of the check: they pass."""
    if exception == 3:
        return np.isin(digits[:, _C], (6, 9))
    if exception == 6:  # accounts in a foreign currency
        is_foreign: Mask = np.isin(digits[:, _A], (4, 5, 6, 7, 8)) & (digits[:, _G] == digits[:, _H])
        return is_foreign
    return np.zeros(len(digits), np.bool_)


def _digits(sort_codes: Whole, accounts: Whole) -> Whole:
    """The fourteen digits of each pair, one row per pair."""
    return np.column_stack(
        [sort_codes // 10**power % 10 for power in range(5, -1, -1)]
        + [accounts // 10**power % 10 for power in range(7, -1, -1)]
    )


def _goes_together(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    if terms.modulus is None:
        return pa.nulls(len(values[0]), pa.bool_())
    sort_code, account = (pc.replace_substring(text, "-", "") for text in values)
    has_form = pc.and_(
        pc.match_substring_regex(sort_code, r"^\d{6}$"), pc.match_substring_regex(account, r"^\d{8}$")
    )
    whole = [
        pc.if_else(pc.fill_null(has_form, False), text, "0").cast(pa.int64()).to_numpy()
        for text in (sort_code, account)
    ]
    return pc.if_else(has_form, pa.array(passes_modulus(whole[0], whole[1], terms.modulus)), None)


def _needs_tables(terms: Terms) -> str | None:
    return None if terms.modulus else "no tables of Pay.UK were given; see: nfi check --modulus-tables"


MODULUS = RecordCheck("modulus", (TEXT, TEXT), _goes_together, lacks=_needs_tables)
"""Sort code and account number, in this order."""
