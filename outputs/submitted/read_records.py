"""The records of a file of a submission, read back by what the manifest says of it; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from outputs.submitted.manifest import Resource, TableField
from outputs.written.delimited import read_delimited
from outputs.written.fixed_width import read_fixed
from outputs.written.spec_format import AMOUNTS, NegativeSign, as_typed
from outputs.written.written_form import WrittenForm
from specs.errors import NfiError
from specs.formats.fixed_layout import FixedLayout
from specs.specification import FieldFormat

_LINE = "a line, or the headings, are not as the manifest has them: their names, number or length"


class RecordsUnlike(NfiError):
    """A file of records is not as the manifest describes it. Quotes no value."""

    def __init__(self, file: str, where: str | None, what: str) -> None:
        place = f"{where}: " if where else ""
        super().__init__(f"{file}: {place}{what}. Ask for the package again.")
        self.where = where
        self.what = what


def first_row(form: WrittenForm) -> int:
    """The row of the first record: 2 where the headings stand in row 1."""
    return 2 if form.headings else 1


def text_batches(plain: IO[bytes], resource: Resource, form: WrittenForm) -> Iterator[pa.RecordBatch]:
    """The records as text: a column for each published name, null where blank.

    An amount with its minus behind it has it before it here, so that both ways of writing read the same.

    Args:
        plain: the file, decrypted; read once from its start.
        resource: what the manifest says of it.
        form: what all files of the package look like.

    Raises:
        RecordsUnlike: other headings, or a line of another length.
    """
    rows = first_row(form) - 1
    names = [field.name for field in resource.fields]
    turned = AMOUNTS if form.negative_sign is NegativeSign.TRAILING else set[FieldFormat]()
    try:
        for batch in _read(plain, resource, form):
            rows += batch.num_rows
            texts = [
                _sign_first(text) if field.field_format in turned else text
                for text, field in zip(batch.columns, resource.fields, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(texts, names=names)
    except pa.ArrowException:  # `from None`: its message can quote a record
        raise RecordsUnlike(resource.path, f"after row {rows:,}", _LINE) from None
    except ValueError:
        place = f"after row {rows:,}" if rows >= first_row(form) else None
        raise RecordsUnlike(resource.path, place, _LINE) from None


def _read(plain: IO[bytes], resource: Resource, form: WrittenForm) -> Iterator[pa.RecordBatch]:
    names = [field.name for field in resource.fields]
    if dialect := resource.dialect:
        return read_delimited(plain, names, delimiter=dialect.delimiter, headings=form.headings)
    places = [
        {"heading": each.field, "start": each.start, "width": each.width} for each in resource.places or ()
    ]
    return read_fixed(plain, FixedLayout.model_validate({"headings": form.headings, "columns": places}))


def typed_batches(
    texts: Iterable[pa.RecordBatch], resource: Resource, form: WrittenForm
) -> Iterator[pa.RecordBatch]:
    """The records as they were typed when they were packaged, by column name.

    Args:
        texts: as `text_batches` gives them.
        resource: what the manifest says of the file.
        form: what all files of the package look like.

    Raises:
        RecordsUnlike: a date or an amount that is not written as the specification asks.
    """
    row = first_row(form)
    columns = [field.column for field in resource.fields]
    for batch in texts:
        typed = [
            _typed(text, field, resource.path, row)
            for text, field in zip(batch.columns, resource.fields, strict=True)
        ]
        row += batch.num_rows
        yield pa.RecordBatch.from_arrays(typed, names=columns)


def _sign_first(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, r"^(\d+)-$", r"-\1")


def _typed(text: pa.Array, field: TableField, file: str, row: int) -> pa.Array:
    try:
        return as_typed(text, field.field_format)
    except pa.ArrowException:
        pass
    place = f"row {row + _first_unfit(text, field):,}, {field.name}"
    written = "a date written ddmmyyyy" if field.type == "date" else "an amount in whole numbers"
    raise RecordsUnlike(file, place, f"is not {written}")


def _first_unfit(text: pa.Array, field: TableField) -> int:
    """The place of the first value that cannot be typed; there is one."""
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            as_typed(text.slice(low, middle - low), field.field_format)
            low = middle
        except pa.ArrowException:
            high = middle
    return low
