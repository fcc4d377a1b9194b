"""One body's checked records in one exercise: what a match begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Body:
    """The data sets that were checked together, by name."""

    records: Mapping[str, Path]
    """Typed records (Parquet)."""
    findings: Mapping[str, Path] = field(default_factory=dict)
    """What the check found (Parquet, FINDINGS): from here come values that could not be read."""
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Columns that the extract has not got at all. Of a reference that is not there, each row is its own."""
    name: str = ""
    """As cases tell it from another body."""
