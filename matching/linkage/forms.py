"""What is compared of each record: names, dates and addresses in plain form, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.people import forename, surname
from matching.standards.text import null_where, of_distinct, of_those, plain, present

Codes = npt.NDArray[np.int32]
BLANK = -1


@dataclass(frozen=True, slots=True)
class Form:
    """One column of what is compared, each distinct value once."""

    codes: Codes
    """For each record the place of its value in `values`; BLANK where it has none."""
    values: pa.StringArray
    """Every value once, sorted."""

    def at(self, records: npt.NDArray[np.int64]) -> Codes:
        """The codes of some records."""
        return self.codes[records]

    def texts(self, codes: Codes) -> list[str]:
        """The values of codes, none of them BLANK."""
        found: list[str] = self.values.take(pa.array(codes)).to_pylist()
        return found

    def taken(self, records: npt.NDArray[np.int64]) -> Form:
        """The same values for some of the records, in another order."""
        return Form(self.codes[records], self.values)

    def content(self) -> npt.NDArray[np.uint64]:
        """A number for each record that depends on its value alone."""
        hashed = pd.util.hash_array(
            np.asarray([*self.values.to_pylist(), ""], dtype=object), categorize=False
        )
        return hashed[self.codes]


def form(texts: pa.Array | pa.ChunkedArray) -> Form:
    """A column of texts, null where there is nothing to compare."""
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    encoded = whole.dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order) + 1, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    place[-1] = BLANK
    return Form(
        place[pc.fill_null(encoded.indices, BLANK).to_numpy()], encoded.dictionary.take(pa.array(order))
    )


def _whole(*columns: pa.Array) -> pa.Array:
    """Columns in plain form, one after the other; null where all are blank."""
    plain_ones = [of_distinct(_plain_or_null, column) for column in columns]
    parts = [part for part in plain_ones if part.null_count < len(part)] or plain_ones[:1]
    if len(parts) == 1:
        return parts[0]
    joined = pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), " ")
    with_gaps = reduce(pc.or_, (pc.is_null(part) for part in parts))
    whole = of_those(with_gaps, joined, _without_gaps)
    return null_where(pc.equal(whole, ""), whole)


def _without_gaps(text: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(text, " {2,}", " "))


def _plain_or_null(text: pa.Array) -> pa.Array:
    made = present(plain(text))
    return null_where(pc.equal(made, ""), made)


def _packed(text: pa.Array) -> pa.Array:
    return of_distinct(lambda some: pc.replace_substring(_plain_or_null(some), " ", ""), text)


def _surname(*columns: pa.Array) -> dict[str, pa.Array]:
    return {"surname": surname(columns[0])}


def _forenames(*columns: pa.Array) -> dict[str, pa.Array]:
    whole = _whole(*columns)
    rest = of_distinct(lambda some: pc.replace_substring_regex(some, r"^\S+ ?", ""), whole)
    return {"forename": forename(columns[0]), "other_forenames": null_where(pc.equal(rest, ""), rest)}


def _middle_name(*columns: pa.Array) -> dict[str, pa.Array]:
    first = of_distinct(lambda some: pc.replace_substring_regex(some, r" .*", ""), _whole(columns[0]))
    return {"middle_name": first}


def _sex(*columns: pa.Array) -> dict[str, pa.Array]:
    def told(text: pa.Array) -> pa.Array:
        first = pc.utf8_slice_codeunits(plain(text), 0, 1)
        numbered = pc.replace_substring(pc.replace_substring(first, "1", "M"), "2", "F")
        return null_where(pc.invert(pc.is_in(numbered, pa.array(["F", "M"]))), numbered)

    return {"sex": of_distinct(told, columns[0])}


def _birth_date(*columns: pa.Array) -> dict[str, pa.Array]:
    """A date, and eight digits, year first, for what is no date of any calendar: '19800231'."""
    date, *given = columns
    digits = of_distinct(lambda some: pc.strftime(some, format="%Y%m%d"), date)
    for text in given:
        good = pc.match_substring_regex(text, r"^\d{8}$")
        digits = pc.coalesce(digits, null_where(pc.invert(good), text))
    return {"birth_date": digits}


def _address(*columns: pa.Array) -> dict[str, pa.Array]:
    """All columns but the last are lines; the last is the post code."""
    code = _packed(columns[-1])
    somewhere = pc.and_(pc.greater(pc.utf8_length(code), 2), pc.invert(pc.starts_with(code, "ZZ99")))
    return {"address": _whole(*columns[:-1]), "post_code": null_where(pc.invert(somewhere), code)}


def _email(*columns: pa.Array) -> dict[str, pa.Array]:
    def told(text: pa.Array) -> pa.Array:
        lowered = pc.utf8_lower(pc.replace_substring_regex(text, r"\s+", ""))
        return null_where(pc.invert(pc.match_substring_regex(lowered, "^[^@]+@[^@]+$")), lowered)

    return {"email": of_distinct(told, columns[0])}


def _digits(text: pa.Array) -> pa.Array:
    digits = pc.replace_substring_regex(pc.replace_substring_regex(text, r"\D+", ""), "^(0044|44|0)", "")
    return null_where(pc.invert(pc.match_substring_regex(digits, r"^\d{7,}$")), digits)


def _nino(*columns: pa.Array) -> dict[str, pa.Array]:
    """Eight characters, also of wrong form, which a typing slip may give; null for temporary numbers."""

    def told(text: pa.Array) -> pa.Array:
        bare = pc.replace_substring_regex(pc.utf8_upper(text), r"[\s\-./]+", "")
        good = pc.match_substring_regex(bare, r"^[A-Z0-9]{2}[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*$")
        length = pc.utf8_length(bare)
        whole = pc.and_(good, pc.and_(pc.greater_equal(length, 8), pc.less_equal(length, 9)))
        filler = pc.match_substring_regex(bare, "^TN|0{6}|1{6}|9{6}")
        return pc.utf8_slice_codeunits(null_where(pc.or_(pc.invert(whole), filler), bare), 0, 8)

    return {"nino": of_distinct(told, columns[0])}


FORMS: Mapping[str, Callable[..., dict[str, pa.Array]]] = {
    "surname": _surname,
    "forename": _forenames,
    "middle_name": _middle_name,
    "sex": _sex,
    "birth_date": _birth_date,
    "address": _address,
    "email": _email,
    "mobile": lambda *columns: {"mobile": of_distinct(_digits, columns[0])},
    "home_telephone": lambda *columns: {"home_telephone": of_distinct(_digits, columns[0])},
    "nino": _nino,
}
"""Comparison -> what it makes of its columns."""
