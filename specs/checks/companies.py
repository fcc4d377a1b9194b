"""Checks of creditors: company registration numbers, and words that a ledger adds to a name.

Sources: dormant and suspended creditors stay out (published 2018/19); the words by which they are known,
and the prefixes of Companies House, are recalled.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.any_text import saying_what_spoilt_it
from specs.checks.kind import TEXT, FieldCheck, Terms, compact, counted, first_true

_PREFIX = (
    r"(?:AC|BR|CE|CS|EN|ES|FC|FE|GE|GN|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NV|NZ|OC|OE|PC|R0|RC|RS|SA|SC|SE|SF|"
    r"SG|SI|SL|SO|SP|SR|SZ|ZC)"
)
# Registered societies end in letters: IP12345R, RS007012, SP2345RS.
_COMPANY_NUMBER = rf"^(?:\d{{8}}|{_PREFIX}\d{{6}}|(?:IP|SP|NP|RS)\d{{4,5}}[A-Z]{{1,2}}|R\d{{7}})$"

# What ledger clerks write into a creditor's name. One such word may be part of a name ("Closed Circuit
# Television"), so it has to stand apart: in brackets, after or before a dash or star, or at the end.
_NOISE = (
    r"(?:DUPLICATED?|DUPE|DORMANT|CLOSED|INACTIVE|OBSOLETE|SUSPENDED|DELETED|DEACTIVATED|CEASED TRADING|"
    r"CEASED|DISSOLVED|BLOCKED|ON STOP|OLD)"
)
_PLAIN_NOISE = (
    r"\bDO\s?N[O']?T USE\b|\bDO NOT (?:PAY|SELECT)\b|\bNOT IN USE\b|\bNO LONGER (?:USED?|IN USE|TRADING)\b|"
    r"\bDUPLICATE (?:OF|SUPPLIER|CREDITOR|VENDOR|RECORD|ACCOUNT)\b|"
    r"\b(?:NOW )?USE (?:SUPPLIER|CREDITOR|VENDOR|REF)\b|"
    r"\bREPLACED BY\b"
)
_LEDGER_NOISE = (
    rf"(?i){_PLAIN_NOISE}|[(\[{{*#_:]\s*{_NOISE}\b|\s-+\s*{_NOISE}\b|\b{_NOISE}\s*[)\]}}*#]|"
    rf"^{_NOISE}\s*(?:-|:)|\s{_NOISE}$|^(?:Z{{2,}}|X{{2,}})(?:[^\pL]|$)"
)


def _is_company_number(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    return pc.and_(
        pc.match_substring_regex(number, _COMPANY_NUMBER), pc.match_substring_regex(number, r"[1-9]")
    )


def _why_no_company_number(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    return first_true(
        text,
        (pc.match_substring_regex(number, r"^0*$"), "only zeros: leave blank if it is not known"),
        (
            pc.match_substring_regex(number, r"^\d{5,7}$"),
            counted(number, "digits, expected 8: leading zeros may be missing, or it is a charity's number"),
        ),
        (pc.match_substring_regex(number, r"^(?:GB)?\d{9}$"), "nine digits: a VAT registration number?"),
        (pc.match_substring_regex(number, r"^[A-Z]{2}\d{6}[A-D]$"), "a National Insurance number?"),
        (pc.match_substring_regex(number, r"^\d+$"), counted(number, "digits, expected 8")),
        (
            pc.match_substring_regex(number, rf"^{_PREFIX}\d{{1,5}}$"),
            counted(number, "characters, expected 8: zeros may be missing after the letters"),
        ),
    )


def _has_no_ledger_noise(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.invert(pc.match_substring_regex(text, _LEDGER_NOISE))


COMPANY_NUMBER = FieldCheck(
    "company_number", "text", _is_company_number, saying_what_spoilt_it(_why_no_company_number), formats=TEXT
)
LEDGER_NOISE = FieldCheck("ledger_noise", "text", _has_no_ledger_noise, formats=TEXT)
