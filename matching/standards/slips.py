"""The forms that near variants of one number share: for many numbers at once, as matrices of bytes.

Numbers of one length make a matrix, a character a column; each form is that matrix without a column, or with
two exchanged.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import LISTS, null_where

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Forms = tuple[Bytes, Mask, Mask]
"""Characters by number, form and place; which of them count; which forms count."""


def one_left_out(numbers: Bytes) -> Forms:
    """Each number as it is, and with one character left out at each place but the last.

    A character like the next one is passed over: leaving out either gives the same.
    """
    many, length = numbers.shape
    forms = np.repeat(numbers[:, None, :], length, axis=1)
    kept = np.ones((length, length), dtype=bool)
    kept[np.arange(1, length), np.arange(length - 1)] = False
    counts = np.ones((many, length), dtype=bool)
    counts[:, 1:] = numbers[:, :-1] != numbers[:, 1:]
    return forms, np.broadcast_to(kept, forms.shape), counts


def two_in_order(numbers: Bytes) -> Forms:
    """Each number with two neighbouring characters in order, and behind '|' the place of the first."""
    many, length = numbers.shape
    tails = [f"|{place}".encode() for place in range(length - 1)]
    width = length + len(tails[-1])
    forms = np.zeros((many, length - 1, width), dtype=np.uint8)
    forms[:, :, :length] = numbers[:, None, :]
    kept = np.ones((length - 1, width), dtype=bool)
    first, second = numbers[:, :-1], numbers[:, 1:]
    place = np.arange(length - 1)
    forms[:, place, place] = np.minimum(first, second)
    forms[:, place, place + 1] = np.maximum(first, second)
    for at, tail in enumerate(tails):
        forms[:, at, length : length + len(tail)] = np.frombuffer(tail, np.uint8)
        kept[at, length + len(tail) :] = False
    return forms, np.broadcast_to(kept, forms.shape), first != second


def lists_of_forms(numbers: pa.Array, forms_of: Callable[[Bytes], Forms], least: int) -> pa.ListArray:
    """For each number the list of its forms; null where it has fewer than `least` characters, or no form.

    Args:
        numbers: text; what is not ASCII has no forms.
        forms_of: what makes the forms of numbers of one length.
        least: characters, at least 2.
    """
    numbers = null_where(pc.invert(pc.string_is_ascii(numbers)), numbers)
    lengths = pc.fill_null(pc.binary_length(numbers), 0).to_numpy()
    parts, places = [], []
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        places.append(rows)
        if length < least:
            parts.append(pa.nulls(len(rows), LISTS))
            continue
        text = b"".join(numbers.take(pa.array(rows)).cast(pa.binary()).to_pylist())
        parts.append(_lists(*forms_of(np.frombuffer(text, np.uint8).reshape(len(rows), length))))
    if not parts:
        return pa.nulls(0, LISTS)
    order = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_arrays(parts).take(pa.array(order))


def _lists(forms: Bytes, kept: Mask, counts: Mask) -> pa.ListArray:
    kept = kept & counts[:, :, None]
    ends = np.cumsum(kept.sum(axis=2)[counts])
    starts = np.concatenate([[0], ends]).astype(np.int32)
    texts = pa.StringArray.from_buffers(len(ends), pa.py_buffer(starts), pa.py_buffer(forms[kept].tobytes()))
    of_each = counts.sum(axis=1)
    offsets = pa.array(np.concatenate([[0], np.cumsum(of_each)]), pa.int32())
    return pa.ListArray.from_arrays(offsets, texts, mask=pa.array(of_each == 0))
