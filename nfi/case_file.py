"""One case out of a match, with its records."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from matching.records import known_fields
from nfi.located import FILE_AND_ROW, FileColumn
from nfi.workspace import Workspace
from outputs.report_sheet import PublishedField
from specs.catalogues import load_specification
from specs.errors import NfiError

_SHORTEST = 4
"""Characters of a key that are enough, if only one case begins like that."""


class NothingMatched(NfiError):
    """The workspace holds no cases."""


class CaseNotFound(NfiError):
    """No case, or more than one, is meant by what was typed."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case as the match left it."""

    case: Mapping[str, Any]
    """A row of `matching.result.CASES`."""
    records: Sequence[Mapping[str, Any]]
    """Its records: RECORD_KEYS and the columns of the data sets."""
    in_all: int
    """How many cases the queue has."""
    fields: Mapping[str, PublishedField]
    """Published name and format, by column of the records."""


def read_case(folder: Path, wanted: str) -> CaseFile:
    """One case of the last match in a folder.

    Args:
        folder: the workspace.
        wanted: its key, the first characters of it, or its rank.

    Raises:
        NothingMatched: no match has been made here, or its files cannot be read.
        CaseNotFound: there is no such case, or several begin like this.
    """
    workspace = Workspace(folder)
    cases, records = workspace.matches / "cases.parquet", workspace.matches / "case-records.parquet"
    if not (cases.exists() and records.exists()):
        raise NothingMatched(f"{folder}: no cases here. First: nfi match {folder}")
    try:
        keys = pq.read_table(cases, columns=["case"])["case"]
        key = _key(wanted.strip().casefold(), keys.to_pylist())
        (case,) = pq.read_table(cases, filters=pc.field("case") == key).to_pylist()
        its_records = pq.read_table(records, filters=pc.field("case") == key).to_pylist()
    except (OSError, ValueError, KeyError) as fault:
        raise NothingMatched(f"{cases}: not as nfi wrote it. Match again: nfi match {folder}") from fault
    # bare files leave no check behind: their columns are those of nfi's own catalogue
    checks = workspace.records() if workspace.checked_datasets() else {}
    specifications = {record["dataset"]: load_specification(record["dataset"]) for record in its_records}
    specifications |= {name: workspace.specification_of(check) for name, check in checks.items()}
    fields: dict[str, PublishedField] = {**known_fields(specifications), FILE_AND_ROW: FileColumn()}
    return CaseFile(case, its_records, len(keys), fields)


def _key(wanted: str, keys: Sequence[str]) -> str:
    """The key that is meant. The cases stand in the order of their ranks."""
    if wanted.isdecimal() and 1 <= int(wanted) <= len(keys):
        return keys[int(wanted) - 1]
    found = [key for key in keys if key.startswith(wanted)] if len(wanted) >= _SHORTEST else []
    if len(found) == 1:
        return found[0]
    if found:
        raise CaseNotFound(f"{len(found)} cases begin with '{wanted}'. Give more of the key.")
    near = difflib.get_close_matches(wanted, keys, n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else f"there are {len(keys):,}; give a key or a rank."
    raise CaseNotFound(f"no case '{wanted}'; {hint}")
