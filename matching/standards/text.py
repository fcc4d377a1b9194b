"""Text with nothing left in it but what is compared, and the steps that several standards share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.ascii_text import ascii_letters_and_digits, ascii_spaced
from specs.own_yaml import read_own_yaml

_WORDS = Path(__file__).parent
WORTH_PARTING = 20_000
"""Distinct values from which several threads pay."""

LISTS = pa.list_(pa.string())
"""The type of a standard that gives several forms, any of which may agree."""


@cache
def words(noun: str) -> dict[str, Any]:
    """The word lists of one YAML file of this folder, by name."""
    lists: dict[str, Any] = read_own_yaml(_WORDS / f"{noun}.yaml")
    return lists


def plain(text: pa.Array) -> pa.Array:
    """Upper case, accents gone, everything but letters and digits turned into single spaces."""
    return spaced(bare(text))


def bare(text: pa.Array) -> pa.Array:
    """Upper case, accents gone, compatibility forms (wide letters, ligatures) made plain."""
    return apart_if_not_english(text, pc.ascii_upper, _bare_of_any_language)


def _bare_of_any_language(text: pa.Array) -> pa.Array:
    marked = pc.utf8_normalize(text, form="NFKD")
    return pc.utf8_upper(pc.replace_substring_regex(marked, r"\p{M}", ""))


def spaced(text: pa.Array) -> pa.Array:
    """Apostrophes and full stops gone, everything but letters and digits turned into single spaces."""
    return apart_if_not_english(text, ascii_spaced, _spaced_any_language)


def _spaced_any_language(text: pa.Array) -> pa.Array:
    joined = pc.replace_substring_regex(text, r"['’`.]", "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, r"[^\p{L}\p{N}]+", " "))


def apart_if_not_english(
    text: pa.Array, english: Callable[[pa.Array], pa.Array], any_language: Callable[[pa.Array], pa.Array]
) -> pa.Array:
    """Both give the same for plain ASCII, which nearly all text is; the first is several times as fast."""
    return of_those(pc.invert(pc.string_is_ascii(text)), text, any_language, otherwise=english)


def of_those(
    condition: pa.Array,
    values: pa.Array,
    function: Callable[[pa.Array], pa.Array],
    *,
    otherwise: Callable[[pa.Array], pa.Array] = lambda values: values,
) -> pa.Array:
    """What `function` makes of the values where a condition holds, and `otherwise` of all the rest."""
    condition = pc.fill_null(condition, False)
    if not pc.any(condition).as_py():
        return otherwise(values)
    rest = otherwise(pc.if_else(condition, None, values))
    return pc.replace_with_mask(rest, condition, function(values.filter(condition)))


def of_distinct(function: Callable[[pa.Array], pa.Array], values: pa.Array) -> pa.Array:
    """What a function makes of an array, value by value, worked out once for each distinct value.

    Many values are shared out among as many threads as there are processors: Arrow needs no lock of Python's.
    """
    encoded = values.dictionary_encode()
    distinct = encoded.dictionary
    workers = os.cpu_count() or 1
    if len(distinct) < WORTH_PARTING or workers == 1:
        return function(distinct).take(encoded.indices)
    size = -(-len(distinct) // workers)
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(function, (distinct.slice(start, size) for start in range(0, len(distinct), size)))
        made = pa.concat_arrays(list(parts))
    return made.take(encoded.indices)


def settled(function: Callable[[pa.Array], pa.Array], values: pa.Array) -> pa.Array:
    """What a function gives when it is applied until nothing changes; it must not lengthen for ever."""
    made = function(values)
    changed = pc.fill_null(pc.not_equal(made, values), False)
    return of_those(changed, made, lambda some: settled(function, some))


def any_of(expressions: Iterable[str]) -> str:
    """A regular expression for any of several, in one group that is not captured."""
    return "(?:" + "|".join(expressions) + ")"


def null_where(condition: pa.Array, values: pa.Array) -> pa.Array:
    """The same values, null where the condition holds."""
    return pc.if_else(condition, pa.scalar(None, values.type), values)


def present(values: pa.Array) -> pa.Array:
    """Blank and placeholder values become null: they agree with nothing."""
    return null_where(pc.match_substring_regex(values, _placeholders()), values)


@cache
def _placeholders(*, without_spaces: bool = False) -> str:
    listed = words("placeholders")["whole_values"]
    if without_spaces:
        listed = [expression.replace(" ?", "").replace(" ", "") for expression in listed]
    return f"^{any_of(listed)}$"


def packed(text: pa.Array) -> pa.Array:
    """What is `present` of plain text, without its spaces: 'inv-001 a' gives 'INV001A'."""
    capital = bare(text)
    joined = apart_if_not_english(
        capital, ascii_letters_and_digits, lambda some: pc.replace_substring(spaced(some), " ", "")
    )
    # a placeholder is told with its spaces: only what is one without them is looked at again
    doubtful = pc.match_substring_regex(joined, _placeholders(without_spaces=True))
    return of_those(
        doubtful,
        joined,
        lambda _: pc.replace_substring(present(spaced(capital.filter(doubtful))), " ", ""),
    )


def with_words(names: pa.Array, mapping: Mapping[str, str]) -> pa.Array:
    """Names with some of their words replaced; an empty replacement leaves the word out.

    Args:
        names: words with single spaces between them.
        mapping: word -> what stands for it. A name that would lose all its words stays as it is.
    """
    split = pc.split_pattern(names, " ")
    encoded = split.flatten().dictionary_encode()
    replaced = pa.array((mapping.get(word, word) for word in encoded.dictionary.to_pylist()), pa.string())
    if replaced.equals(encoded.dictionary):
        return names
    lists = pa.ListArray.from_arrays(_offsets(split), replaced.take(encoded.indices))
    joined = pc.if_else(pc.is_valid(names), pc.binary_join(lists, " "), None)
    shortened = pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, r" {2,}", " "))
    return pc.if_else(pc.equal(shortened, ""), names, shortened)


def _offsets(lists: pa.ListArray) -> pa.Array:
    """Where each list begins in what `flatten` gives, nulls holding nothing."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    ends = pc.cumulative_sum(lengths).cast(pa.int32())
    return pa.concat_arrays([pa.array([0], pa.int32()), ends])


def lists_of(rows: int, row: pa.Array, values: pa.Array) -> pa.ListArray:
    """One list per row of its distinct values, sorted; null where it has none.

    Args:
        rows: how many.
        row: of each value, which row (from 0) it belongs to.
        values: text; null counts for none.
    """
    there = pc.is_valid(values)
    encoded = values.filter(there).dictionary_encode()
    texts = encoded.dictionary.cast(pa.string())
    order = pc.array_sort_indices(texts).to_numpy()
    rank = np.empty(len(texts), dtype=np.int64)
    rank[order] = np.arange(len(texts))
    count = max(len(texts), 1)
    held = np.unique(row.filter(there).to_numpy() * count + rank[encoded.indices.to_numpy()])
    lengths = np.bincount(held // count, minlength=rows)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    return pa.ListArray.from_arrays(
        offsets, texts.take(pa.array(order[held % count])), mask=pa.array(lengths == 0)
    )


def digits(text: pa.Array) -> pa.Array:
    """The digits of a text in their order; '-' where it has none, so that two without agree."""
    found = pc.replace_substring_regex(text, r"\D+", "")
    return pc.if_else(pc.equal(found, ""), "-", found)


def name_words(name: pa.Array) -> pa.ListArray:
    """The words of a name, of three letters or more, hyphenated ones also as one; null where there is none.

    For names of which one holds the other: 'Smith-Jones' gives 'JONES', 'SMITH' and 'SMITHJONES'.
    """
    return of_distinct(_name_words, name)


def _name_words(name: pa.Array) -> pa.ListArray:
    whole = present(plain(name))
    unhyphened = plain(pc.replace_substring_regex(null_where(pc.is_null(whole), name), "[-‐–]", ""))
    split = [pc.split_pattern(form, " ") for form in (whole, unhyphened)]
    row = pa.concat_arrays([pc.list_parent_indices(lists).cast(pa.int64()) for lists in split])
    found = pa.concat_arrays([pc.list_flatten(lists) for lists in split])
    long_enough = pc.match_substring_regex(found, r"^\pL{3,}$")
    return lists_of(len(name), row, null_where(pc.invert(long_enough), found))
