"""Extracts as tests read them: their records, or the line that says why there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specs.errors import ExtractUnreadable
from specs.read import Extract, ReadingOptions, open_extract

Record = tuple[Any, ...]


def records(extract: Extract) -> list[Record]:
    """Row number and values of every record."""
    return [tuple(row.values()) for batch in extract.batches() for row in batch.to_pylist()]


def refusal(path: Path, options: ReadingOptions | None = None, *, secret: str | None = None) -> str:
    """The message with which an extract is refused, at once or while it is read.

    Args:
        path: the file.
        options: how to read it.
        secret: stands for personal data in it, which no message may hold.
    """
    with pytest.raises(ExtractUnreadable) as caught:
        records(open_extract(path, options))
    message = str(caught.value)
    assert "\n" not in message
    assert secret is None or secret not in message
    return message


def records_or_refusal(path: Path, options: ReadingOptions | None = None) -> list[Record] | str:
    """The records, or the message, of one line, with which the extract is refused."""
    try:
        return records(open_extract(path, options))
    except ExtractUnreadable as unreadable:
        message = str(unreadable)
        assert "\n" not in message
        return message
