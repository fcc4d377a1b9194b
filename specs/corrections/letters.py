"""Letters that were written as UTF-8 and read as Windows-1252: 'JosÃ©' is José.

ftfy finds more, by weighing how unlikely a text looks; here nothing is weighed. A text is turned back only
if all of it is Windows-1252, its bytes are whole UTF-8, and what comes out is western European writing. No
such text is English, Welsh or any other language by chance: a capital letter with an accent would have to
stand before a sign such as © or ‰.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.column_text import ColumnText
from specs.corrections.kind import FieldTerms, ValueCorrection

_FIRST_OF_TWO = 0xC3  # of the bytes of Â to ô, which the first byte of a letter in UTF-8 is misread as
_SUSPECT = r"[\x{C2}-\x{F4}][^\x00-\x7F]"
_MISREAD = {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(256)}
"""Each byte as Windows-1252 shows it; the five that it has no character for, as programs pass them on."""
_BYTES = {ord(character): chr(byte) for byte, character in _MISREAD.items()}
_EXPECTED = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x180)), *"\t\n\r–—‘’‚“”„†‡•…‰‹›€™−ŵŷŴŶẁẃẅỳ\ufeff"]
)
"""Latin letters with accents, Welsh ones, and typographic signs; the no-break space and byte order mark."""


def _turned_back(text: pa.Array, _terms: FieldTerms) -> pa.Array:
    suspect = pc.match_substring_regex(text, _SUSPECT)
    if not pc.any(suspect).as_py():
        return text
    repaired = [_read_again(value) for value in text.filter(suspect).to_pylist()]
    return pc.replace_with_mask(text, suspect, pa.array(repaired, pa.string()))


def _read_again(value: str) -> str:
    """The text as it was before it was misread, once or several times over; as it is if it was not."""
    while True:
        try:
            read = value.translate(_BYTES).encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value
        if read == value or not _EXPECTED.issuperset(read):
            return value
        value = read


def _may_be_misread(column: ColumnText, _terms: FieldTerms) -> bool:
    return not column.is_ascii and column.has(_FIRST_OF_TWO)


DAMAGED_LETTERS = ValueCorrection("damaged_letters", _turned_back, _may_be_misread)
