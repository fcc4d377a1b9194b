"""At which level two records agree, comparison by comparison, for many pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from matching.linkage.birth_dates import measured, packed
from matching.linkage.forms import BLANK, Codes, Form
from matching.linkage.levels import LevelNumbers, known_comparisons, level_of_unequal, value_levels
from matching.linkage.measures import Measuring

Numbers = npt.NDArray[np.int64]
Levels = dict[str, LevelNumbers]
"""Comparison -> the number of its level for each pair, 0 where a side is blank."""

NOT_COMPARED = 0


class Records:
    """The records' forms, and which comparisons there are of them."""

    def __init__(
        self,
        forms: Mapping[str, Form],
        comparisons: Mapping[str, str],
        *,
        sides: npt.NDArray[np.int8],
        copies: Numbers,
    ) -> None:
        """Take the records as they are.

        Args:
            forms: what is compared, as `forms.FORMS` makes it; without what no record has.
            comparisons: name in the report -> entry of comparisons.yaml.
            sides: which file each record is of.
            copies: how many records each one stands for.
        """
        self.forms = forms
        self.comparisons = {
            name: by for name, by in comparisons.items() if any(f in forms for f in _FORMS_OF.get(by, (by,)))
        }
        self.sides = sides
        self.copies = copies
        self._packed: npt.NDArray[np.uint32] | None = None
        self._addresses: Codes | None = None

    @property
    def packed_dates(self) -> npt.NDArray[np.uint32]:
        """The distinct dates of birth as packed digits."""
        if self._packed is None:
            texts = self.forms["birth_date"].values.to_pylist()
            self._packed = np.array([packed(text) for text in texts], np.uint32)
        return self._packed

    def whole(self, by: str) -> Codes:
        """For each record a code of all that one comparison sees of it; BLANK where that is nothing."""
        if by != "address":
            return self.forms[by].codes
        if self._addresses is None:
            lines, code = self.forms["address"], self.forms["post_code"]
            both = (lines.codes.astype(np.int64) + 1) * (len(code.values) + 1) + code.codes + 1
            distinct, codes = np.unique(both, return_inverse=True)
            has_blank = len(distinct) > 0 and distinct[0] == 0
            self._addresses = (codes - int(has_blank)).astype(np.int32)
        return self._addresses

    def levels(self, first: Numbers, second: Numbers, *, leaving_out: Container[str] = ()) -> Levels:
        """The level of each comparison for pairs of records, without some entries of comparisons.yaml."""
        found: Levels = {}
        for name, by in self.comparisons.items():
            if by in leaving_out:
                continue
            found[name] = _COMPARE.get(by, _alone(by))(self, first, second)
        self._put_together(found, first, second)
        return found

    def _put_together(self, found: Levels, first: Numbers, second: Numbers) -> None:
        """Levels that depend on two comparisons: exchanged names, and sex where forenames agree or not."""
        named = {by: name for name, by in self.comparisons.items() if name in found}
        if "surname" in named and "forename" in named:
            _exchanged(self, found[named["surname"]], found[named["forename"]], first, second)
        surname, forename = (found.get(named.get(by, "")) for by in ("surname", "forename"))
        if "sex" in named and forename is not None:
            found[named["sex"]] = _sex_given(found[named["sex"]], forename)
        if "sex" in named and forename is None:
            found[named["sex"]] = _numbers_of("sex", "{}")[found[named["sex"]]]
        if "email" in named:
            found[named["email"]] = _email_given(found[named["email"]], surname, forename)


_FORMS_OF: Mapping[str, tuple[str, ...]] = {"address": ("address", "post_code")}


def _alone(kind: str) -> Callable[[Records, Numbers, Numbers], LevelNumbers]:
    """A comparison of one form, by the entry of values.yaml of its name."""
    return lambda records, first, second: _text_levels(
        records.forms[kind], first, second, _KINDS.get(kind, kind)
    )


_KINDS = {"surname": "name", "mobile": "number", "home_telephone": "number", "nino": "number"}


def _text_levels(form: Form, first: Numbers, second: Numbers, kind: str) -> LevelNumbers:
    left, right = form.at(first), form.at(second)
    levels, unequal = _equal_or_not(left, right)
    if len(unequal):
        a, b, place = _distinct(left[unequal], right[unequal])
        levels[unequal] = 1 + _unequal_texts(form.texts(a), form.texts(b), kind)[place]
    return levels


def _equal_or_not(left: Codes, right: Codes) -> tuple[LevelNumbers, Numbers]:
    """Level 1 where equal, 0 where blank; and where the two differ."""
    there = (left != BLANK) & (right != BLANK)
    equal = left == right
    return (there & equal).astype(np.int8), np.flatnonzero(there & ~equal)


def _distinct(left: Codes, right: Codes) -> tuple[Codes, Codes, Numbers]:
    """Each unordered pair of codes once, and where each given pair stands among them."""
    lower, upper = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    pairs, place = np.unique((lower << 32) | upper, return_inverse=True)
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32), place


def _unequal_texts(left: list[str], right: list[str], kind: str) -> LevelNumbers:
    if len(value_levels(kind)) == 2:
        return np.ones(len(left), np.int8)
    return level_of_unequal(kind, len(left), Measuring(left, right))


def birth_date_levels(records: Records, first: Numbers, second: Numbers) -> LevelNumbers:
    """The level of each pair's dates of birth."""
    form = records.forms["birth_date"]
    left, right = form.at(first), form.at(second)
    levels, unequal = _equal_or_not(left, right)
    if len(unequal):
        dates = records.packed_dates
        its = measured(dates[left[unequal]], dates[right[unequal]])
        levels[unequal] = 1 + level_of_unequal(
            "birth_date", len(unequal), lambda name, pairs: its[name][pairs]
        )
    return levels


def _address(records: Records, first: Numbers, second: Numbers) -> LevelNumbers:
    """Lines and post code together: they are given and mistaken together."""
    lines = _text_levels(records.forms["address"], first, second, "address_lines")
    code = _text_levels(records.forms["post_code"], first, second, "post_code")
    return _address_numbers()[lines, code]


@cache
def _address_numbers() -> LevelNumbers:
    comparing = known_comparisons()["address"]
    lines, codes = ["", *value_levels("address_lines")], ["", *value_levels("post_code")]
    table = np.zeros((len(lines), len(codes)), np.int8)
    for row, line in enumerate(lines):
        for column, code in enumerate(codes):
            said = ", ".join([f"lines {line}"] * bool(line) + [f"post code {code}"] * bool(code))
            if said:
                table[row, column] = comparing.numbers[said]
    return table


def _forename(records: Records, first: Numbers, second: Numbers) -> LevelNumbers:
    """First forenames; where these differ, the first of one may stand among the others of the other."""
    levels = _by_name("forename", "forename")[
        _text_levels(records.forms["forename"], first, second, "forename")
    ]
    different = known_comparisons()["forename"].numbers["different"]
    apart = np.flatnonzero(levels == different)
    if len(apart) and len(records.forms["other_forenames"].values):
        a, b = first[apart], second[apart]
        found = _among_others(records, a, b) | _among_others(records, b, a)
        levels[apart[found]] = known_comparisons()["forename"].numbers["another of the forenames"]
    return levels


@cache
def _by_name(comparison: str, kind: str) -> LevelNumbers:
    """Place of a level among the values' -> its number among the comparison's."""
    numbers = known_comparisons()[comparison].numbers
    return np.array([NOT_COMPARED, *(numbers[level] for level in value_levels(kind))], np.int8)


def _among_others(records: Records, first: Numbers, second: Numbers) -> npt.NDArray[np.bool_]:
    names, others = records.forms["forename"], records.forms["other_forenames"]
    held = others.at(second)
    found = np.zeros(len(first), np.bool_)
    (there,) = np.nonzero(held != BLANK)
    if len(there):
        its, their = names.texts(names.at(first[there])), others.texts(held[there])
        found[there] = [name in words.split() for name, words in zip(its, their, strict=True)]
    return found


_CLOSE = ("same", "typing slip")


def _exchanged(
    records: Records, surname: LevelNumbers, forename: LevelNumbers, first: Numbers, second: Numbers
) -> None:
    """Find surnames that stand as forenames, where neither agrees as it stands; changes both arrays."""
    last, given = known_comparisons()["surname"].numbers, known_comparisons()["forename"].numbers
    nothing_said = ((surname == last["different"]) | (surname == NOT_COMPARED)) & (
        (forename == given["different"]) | (forename == NOT_COMPARED)
    )
    places = np.flatnonzero(nothing_said)
    if not len(places):
        return
    one, other = (
        _crosswise(records, first[places], second[places]),
        _crosswise(records, second[places], first[places]),
    )
    one_blank, other_blank = one == NOT_COMPARED, other == NOT_COMPARED
    one_close, other_close = (np.isin(levels, [1 + p for p in _close_places()]) for levels in (one, other))
    for level, found in (
        ("exchanged, the other different", (one_close & ~other_blank) | (other_close & ~one_blank)),
        ("exchanged, the other blank", (one_close & other_blank) | (other_close & one_blank)),
        ("exchanged with the forename", one_close & other_close),
    ):
        surname[places[found]] = last[level]
        forename[places[found]] = NOT_COMPARED


@cache
def _close_places() -> tuple[int, ...]:
    return tuple(list(value_levels("exchanged_name")).index(level) for level in _CLOSE)


def _crosswise(records: Records, first: Numbers, second: Numbers) -> LevelNumbers:
    """The first records' surnames against the second records' forenames."""
    surnames, forenames = records.forms["surname"], records.forms["forename"]
    left, right = surnames.at(first), forenames.at(second)
    levels = np.zeros(len(left), np.int8)
    (there,) = np.nonzero((left != BLANK) & (right != BLANK))
    if not len(there):
        return levels
    pairs, place = np.unique(
        (left[there].astype(np.int64) << 32) | right[there].astype(np.int64), return_inverse=True
    )
    names = surnames.texts((pairs >> 32).astype(np.int32))
    others = forenames.texts((pairs & 0xFFFFFFFF).astype(np.int32))
    found = 1 + _unequal_texts(names, others, "exchanged_name")
    found[np.fromiter((a == b for a, b in zip(names, others, strict=True)), np.bool_, len(names))] = 1
    levels[there] = found[place]
    return levels


def _sex_given(sex: LevelNumbers, forename: LevelNumbers) -> LevelNumbers:
    """Sex tells little beside a forename that agrees, which tells it already."""
    said = np.zeros(len(known_comparisons()["forename"].names), np.int64)
    said[_levels("forename", _ALIKE)] = 1
    said[_levels("forename", ("different", "somewhat alike"))] = 2
    kinds = ("{}", "{}, forenames alike", "{}, forenames different")
    return np.stack([_numbers_of("sex", kind) for kind in kinds])[said[forename], sex]


def _email_given(
    email: LevelNumbers, surname: LevelNumbers | None, forename: LevelNumbers | None
) -> LevelNumbers:
    """Addresses are made of names: where those agree, addresses that are much the same tell less."""
    alike = np.zeros(len(email), np.int64)
    if surname is not None and forename is not None:
        last = np.isin(surname, _levels("surname", (*_ALIKE, "exchanged with the forename")))
        given = np.isin(forename, _levels("forename", (*_ALIKE, "initial")))
        both = last & (given | (forename == NOT_COMPARED))
        near = np.isin(surname, _levels("surname", _NEARLY)) | np.isin(forename, _levels("forename", _NEARLY))
        alike[last | given | near] = 2
        alike[both] = 1
    kinds = ("{}", "{}, names alike", "{}, one name alike")
    return np.stack([_numbers_of("email", kind) for kind in kinds])[alike, email]


_ALIKE = ("same", "typing slip", "alike", "short form")
_NEARLY = ("somewhat alike", "part of the other", "another of the forenames")


def _levels(comparison: str, names: Sequence[str]) -> list[int]:
    numbers = known_comparisons()[comparison].numbers
    return [numbers[name] for name in names if name in numbers]


@cache
def _numbers_of(comparison: str, kind: str) -> LevelNumbers:
    """Place of a level among the values', from 1 -> its number among those that one condition gives."""
    numbers = known_comparisons()[comparison].numbers
    return np.array(
        [NOT_COMPARED, *(numbers[kind.format(level)] for level in value_levels(comparison))], np.int8
    )


_COMPARE: Mapping[str, Callable[[Records, Numbers, Numbers], LevelNumbers]] = {
    "birth_date": birth_date_levels,
    "address": _address,
    "forename": _forename,
}
