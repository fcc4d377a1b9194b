"""Rows of another shape than the headings: footers, if they stand at the end; else a reason to stop."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection

from specs.errors import ExtractUnreadable
from specs.formats.footers import LAST_ROWS, LastRow


class OddRowsFound:
    """The rows met so far that are too short or too long. Keeps what the last of them hold, no more."""

    def __init__(self, file: str, expected: int, unit: str) -> None:
        """Nothing found yet.

        Args:
            file: what messages call the extract.
            expected: how long rows should be.
            unit: in what that is measured: 'column' or 'character'.
        """
        self._file = file
        self._expected = expected
        self._unit = unit
        self._last: deque[LastRow] = deque(maxlen=LAST_ROWS)
        self._lengths: Counter[int] = Counter()
        self._by_row: dict[int, int] = {}
        self._last_row_of_file = 0
        self.cause: Callable[[Collection[int]], str] = lambda _: ""
        """Told the lengths found: what probably happened, and what to do."""

    @property
    def count(self) -> int:
        """How many there are."""
        return self._lengths.total()

    @property
    def first(self) -> int:
        """Row of the first one."""
        return next(iter(self._by_row))

    @property
    def last(self) -> list[LastRow]:
        """The last of them, with what they hold."""
        return list(self._last)

    def note(self, row: int, length: int, cells: Collection[str]) -> None:
        """One more of them."""
        self._lengths[length] += 1
        if len(self._by_row) <= 2 * LAST_ROWS:
            self._by_row[row] = length
        self._last.append(LastRow(row, tuple(cells), odd=True))

    def end_at(self, row: int) -> None:
        """Tell which row is the last of the file."""
        self._last_row_of_file = row

    def refuse(self, but: Collection[int]) -> None:
        """Refuse the extract for all of these rows, apart from the footers among them.

        Raises:
            ExtractUnreadable: there are others.
        """
        faulty = {row: length for row, length in self._by_row.items() if row not in but}
        if not faulty:
            return
        lengths = self._lengths - Counter(self._by_row[row] for row in but if row in self._by_row)
        count = lengths.total()
        first = list(faulty)[:5]
        rows = ", ".join(f"{row:,}" for row in first)
        more = f" and {count - len(first):,} more" if count > len(first) else ""
        expected = "the headings have" if self._unit == "column" else "the others have at most"
        which = "row" if count == 1 else "rows"
        cause = self._cut_off(faulty) or self.cause(lengths)
        raise ExtractUnreadable(
            f"{self._file}: {count:,} {which} with {self._counted(sorted(lengths))} where "
            f"{expected} {self._expected:,}: {which} {rows}{more}. {cause}"
        )

    def _counted(self, lengths: list[int]) -> str:
        number = f"{lengths[0]:,}" if len(lengths) == 1 else f"{lengths[0]:,} to {lengths[-1]:,}"
        return f"{number} {self._unit}{'' if lengths == [1] else 's'}"

    def _cut_off(self, faulty: dict[int, int]) -> str:
        (row, length), *others = faulty.items()
        if others or row != self._last_row_of_file or length >= self._expected:
            return ""
        return "The last row ends early: the file may be cut off. Export it again, or copy it again."
