"""A workbook that a person has written into is put aside before nfi writes it anew."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from nfi.workspace import outputs_of
from specs.private_files import digest_of


def put_aside(workbook: Path, record: Path) -> Path | None:
    """Rename a workbook that is not as nfi wrote it, so that outcomes and comments in it are not lost.

    Args:
        workbook: about to be written.
        record: of the run that wrote it last (JSON).

    Returns:
        Where it stands now, such as 'cases-kept-1.xlsx'; None where there is none, or nobody changed it.
    """
    if not workbook.exists():
        return None
    name = f"{workbook.parent.name}/{workbook.name}"
    if record.exists() and outputs_of(record).get(name) == digest_of(workbook):
        return None
    free = (workbook.with_stem(f"{workbook.stem}-kept-{number}") for number in count(1))
    kept = next(path for path in free if not path.exists())
    workbook.rename(kept)
    return kept
