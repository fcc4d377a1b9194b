"""The change log: every cell that was corrected, with what stood there before and what stands there now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from specs.check_record import CorrectionCount, ExtractFile
from specs.corrections.descriptions import correction_descriptions
from specs.findings_file import in_their_files
from specs.formulas import not_as_formula
from specs.specification import Specification

CHANGES = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),  # as a person sees it: headings are row 1
        pa.field("field", pa.string(), nullable=False),  # name as published, not as spelt in the file
        pa.field("before", pa.string(), nullable=False),  # exactly as it stood in the extract; personal data
        pa.field("after", pa.string(), nullable=False),  # personal data
        pa.field("code", pa.string(), nullable=False),  # several: 'trim, post_code', in the order made
    ]
)
"""The columns of `corrected/<dataset>-changes.parquet`. What a code stands for: corrections.yaml."""

_BETWEEN_CODES = ", "
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it, Excel shows £ as two characters
_CSV_ROWS = 32_768


def joined_codes(codes: Sequence[str]) -> str:
    """Several codes as they stand in one cell of the log."""
    return _BETWEEN_CODES.join(codes)


def write_changes(
    parts: Iterable[pa.Table | pa.RecordBatch],
    parquet: Path,
    csv: Path,
    specification: Specification,
    files: Sequence[ExtractFile],
) -> tuple[CorrectionCount, ...]:
    """Write changes as Parquet and, for people, as CSV; how many cells of each field each correction changed.

    A cell that two corrections changed counts for both. The CSV is UTF-8 with a byte order mark. It gives
    the row in its own file, and has two more columns: `file`, and `title` that says in words what was done.
    A text in it that a spreadsheet could run as a formula has an apostrophe before it.

    Args:
        parts: changes, in order: columns CHANGES.
        parquet: where they go exactly as they are.
        csv: where they go with words.
        specification: whose order of fields the counts follow.
        files: what the data set was read from.
    """
    counts: Counter[tuple[str, str]] = Counter()
    with (
        pq.ParquetWriter(parquet, CHANGES, compression="zstd", compression_level=1) as typed,
        csv.open("wb") as sink,
    ):
        sink.write(_BYTE_ORDER_MARK)
        with pyarrow.csv.CSVWriter(sink, _with_words(CHANGES.empty_table(), files).schema) as worded:
            for part in parts:
                changes = pa.Table.from_batches([part]) if isinstance(part, pa.RecordBatch) else part
                if changes.num_rows == 0:
                    continue
                typed.write_table(changes)
                for start in range(0, changes.num_rows, _CSV_ROWS):
                    worded.write_table(_with_words(changes.slice(start, _CSV_ROWS), files))
                groups = changes.group_by(["field", "code"], use_threads=False).aggregate([("row", "count")])
                for group in groups.to_pylist():
                    for code in group["code"].split(_BETWEEN_CODES):
                        counts[group["field"], code] += group["row_count"]
    codes = list(correction_descriptions())
    return tuple(
        CorrectionCount(code=code, field=field.name, count=counts[field.name, code])
        for field in specification.fields
        for code in codes
        if counts[field.name, code]
    )


def _with_words(changes: pa.Table, files: Sequence[ExtractFile]) -> pa.Table:
    """Changes as people read them: row in its file, safe to open in a spreadsheet, what was done in words."""
    changes = in_their_files(changes, files)
    for name in ("before", "after"):
        place = changes.schema.get_field_index(name)
        changes = changes.set_column(place, name, not_as_formula(changes.column(name)))
    described = correction_descriptions()
    distinct = changes.column("code").unique()
    titles = pa.array(
        [
            "; ".join(described[code].title for code in codes.split(_BETWEEN_CODES))
            for codes in distinct.to_pylist()
        ],
        pa.string(),
    )
    return changes.append_column("title", titles.take(pc.index_in(changes.column("code"), distinct)))
