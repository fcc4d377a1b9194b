"""Checked records as they are sent: the specified columns alone, and text that suits the written form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from outputs.written.characters import ascii_text
from outputs.written.spec_format import ByteTable, bytes_in_use, clean_text, without_empty
from outputs.written.written_form import WrittenForm
from specs.specification import CharacterSet, FieldFormat, Specification

TEXTS = {FieldFormat.CHARACTER, FieldFormat.NUMBER}
"""Formats that are held as text."""

AS_THEY_STAND = WrittenForm(characters=CharacterSet.UTF_8)
"""The form in which every character stays what it is."""

_ASCII = 0x80


class SentText(NamedTuple):
    """One column of text before and after it was made to suit the written form."""

    text: pa.Array
    before: pa.Array
    """Without line breaks and control characters, but with every other character."""
    replaced: int
    """Values in which a line break or control character became a space."""
    changed: pa.Array | None
    """True where a value was changed to fit ASCII; None where none can have been."""

    @property
    def transliterated(self) -> int:
        """How many values were changed to fit ASCII."""
        return 0 if self.changed is None else int(pc.sum(self.changed).as_py() or 0)


def text_as_sent(values: pa.Array, form: WrittenForm, used: ByteTable | None = None) -> SentText:
    """One column of text as the form has it: no control characters, ASCII where asked for, blanks null.

    In fixed width it also loses spaces at its ends, for nothing tells them from those that pad it. Checked
    records have none: reading an extract takes them away.

    Args:
        values: the text.
        form: what the files look like.
        used: the bytes that occur in the column, where they are known already.
    """
    used = bytes_in_use(values) if used is None else used
    clean = clean_text(values, used)
    text, changed = clean.text, None
    if form.ascii_only and used[_ASCII:].any():
        text, changed = ascii_text(clean.text)
    if form.fixed_width:
        text = without_empty(pc.ascii_trim(text, " "))
    return SentText(text, clean.text, clean.replaced, changed)


def records_as_sent(
    batch: pa.RecordBatch,
    specification: Specification,
    form: WrittenForm,
    bytes_used: Mapping[str, ByteTable] | None = None,
) -> pa.RecordBatch:
    """Typed records as the receiver will have them: the specification's columns, in order, and no others.

    Reading a written file back gives these records again.
    """
    columns = []
    for field in specification.fields:
        values = batch.column(field.column)
        if field.format in TEXTS:
            values = text_as_sent(values, form, (bytes_used or {}).get(field.column)).text
        columns.append(values)
    return pa.RecordBatch.from_arrays(columns, names=[field.column for field in specification.fields])
