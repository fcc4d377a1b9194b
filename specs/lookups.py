"""Look-up tables: what the codes of a coded field mean, as the body hands them in beside its extract.

Source: Audit Commission, NFI data formats: each coded field comes with a look-up table.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc

from specs.errors import ExtractUnreadable, MappingInvalid
from specs.read import open_extract


def read_lookup(path: Path) -> frozenset[str]:
    """The codes of a look-up table: its first column; the second says what each means.

    Args:
        path: delimited text or a workbook, with a row of headings.

    Raises:
        MappingInvalid: it cannot be read, a code has no meaning, or a code has two.
    """
    meanings: dict[str, str] = {}
    try:
        extract = open_extract(path)
        if len(extract.headings) < 2:
            raise MappingInvalid(
                f"{path.name}: a look-up table needs two columns, code and meaning; this one has "
                f"'{extract.headings[0]}' only."
            )
        for batch in extract.batches():
            rows, codes, words = (batch.column(0), *map(pc.utf8_trim_whitespace, batch.columns[1:3]))
            for row, code, meaning in zip(
                rows.to_pylist(), codes.to_pylist(), words.to_pylist(), strict=True
            ):
                if not code or not meaning:
                    raise MappingInvalid(
                        f"{path.name}: row {row:,} has no {'meaning' if code else 'code'}. Fill it, or "
                        "delete the row."
                    )
                if meanings.setdefault(code, meaning) != meaning:
                    raise MappingInvalid(
                        f"{path.name}: row {row:,} gives a code a second meaning. Keep one of the two."
                    )
    except ExtractUnreadable as fault:
        raise MappingInvalid(f"the look-up table cannot be used: {fault}") from fault
    return frozenset(meanings)
