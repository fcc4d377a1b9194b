"""Keys that bring together records worth comparing: rough, so that slips do not part them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.linkage.forms import BLANK, Codes, Form, form

Forms = Mapping[str, Form]


def _of_value(of: str, made: Callable[[pa.Array], pa.Array]) -> Callable[[Forms], Codes | None]:
    """A key of one form alone, worked out once for each distinct value."""

    def key(forms: Forms) -> Codes | None:
        if of not in forms:
            return None
        its = forms[of]
        if not len(its.values):
            return None
        texts = made(its.values)
        short = form(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts))
        return np.append(short.codes, np.int32(BLANK))[its.codes]

    return key


def _both(*parts: str) -> Callable[[Forms], Codes | None]:
    """Two keys together, in whichever order they stand: a surname in the forename's place and the reverse."""

    def key(forms: Forms) -> Codes | None:
        if any(part not in forms for part in ("surname", "forename")):
            return None
        made = _CUTS[parts[0]]
        values = [made(forms[name].values) for name in ("surname", "forename")]
        together = form(pa.concat_arrays(values))
        first = np.append(together.codes[: len(values[0])], np.int32(BLANK))[forms["surname"].codes]
        second = np.append(together.codes[len(values[0]) :], np.int32(BLANK))[forms["forename"].codes]
        lower, upper = np.minimum(first, second).astype(np.int64), np.maximum(first, second).astype(np.int64)
        pairs = np.where(lower == BLANK, BLANK, lower * max(len(together.values), 1) + upper)
        distinct, codes = np.unique(pairs, return_inverse=True)
        return (codes - int(len(distinct) > 0 and distinct[0] == BLANK)).astype(np.int32)

    return key


def _cut(start: int, stop: int | None) -> Callable[[pa.Array], pa.Array]:
    return lambda texts: pc.utf8_slice_codeunits(texts, start, stop)


def _sound(size: int) -> Callable[[pa.Array], pa.Array]:
    """The first letter and the consonants after it, doubled ones once."""

    def made(names: pa.Array) -> pa.Array:
        rest = pc.replace_substring_regex(pc.utf8_slice_codeunits(names, 1), "[AEIOUYHW]+", "")
        for letter in "BCDFGKLMNPRSTVZ":
            rest = pc.replace_substring_regex(rest, f"{letter}{{2,}}", letter)
        return pc.utf8_slice_codeunits(
            pc.binary_join_element_wise(pc.utf8_slice_codeunits(names, 0, 1), rest, ""), 0, size
        )

    return made


def _closed(texts: pa.Array) -> pa.Array:
    return pc.replace_substring(texts, " ", "")


_CUTS: Mapping[str, Callable[[pa.Array], pa.Array]] = {"whole": lambda texts: texts, "initial": _cut(0, 1)}

KEYS: Mapping[str, Callable[[Forms], Codes | None]] = {
    "surname": _of_value("surname", _CUTS["whole"]),
    "surname_sound": _of_value("surname", _sound(4)),
    "surname_start": _of_value("surname", _cut(0, 3)),
    "surname_initial": _of_value("surname", _cut(0, 1)),
    "forename": _of_value("forename", _CUTS["whole"]),
    "forename_sound": _of_value("forename", _sound(3)),
    "forename_start": _of_value("forename", _cut(0, 3)),
    "forename_initial": _of_value("forename", _cut(0, 1)),
    "names": _both("whole"),
    "initials": _both("initial"),
    "birth_date": _of_value("birth_date", _CUTS["whole"]),
    "birth_year": _of_value("birth_date", _cut(0, 4)),
    "birth_month": _of_value("birth_date", _cut(4, 6)),
    "birth_day": _of_value("birth_date", _cut(6, 8)),
    "birth_month_and_day": _of_value("birth_date", _cut(4, 8)),
    "post_code": _of_value("post_code", _CUTS["whole"]),
    "post_code_district": _of_value("post_code", lambda texts: pc.replace_substring_regex(texts, "...$", "")),
    "address_start": _of_value("address", lambda texts: pc.utf8_slice_codeunits(_closed(texts), 0, 6)),
    "address_end": _of_value(
        "address",
        lambda texts: pc.utf8_reverse(pc.utf8_slice_codeunits(pc.utf8_reverse(_closed(texts)), 0, 8)),
    ),
    "email": _of_value("email", _CUTS["whole"]),
    "email_name": _of_value("email", lambda texts: pc.replace_substring_regex(texts, "@.*", "")),
    "email_ends": _of_value(
        "email", lambda texts: pc.replace_substring_regex(texts, r"^(.{1,4})[^@]*@(.{1,3}).*$", r"\1@\2")
    ),
    "mobile": _of_value("mobile", _CUTS["whole"]),
    "home_telephone": _of_value("home_telephone", _CUTS["whole"]),
    "nino": _of_value("nino", _CUTS["whole"]),
}
"""The keys that a report's `blocks` may name; None where the report does not compare what the key is made
of."""
