"""What is said of how extracts are laid out."""

from __future__ import annotations

import pyarrow as pa

from specs.check_record import ExtractFile
from specs.finding import FINDINGS
from specs.layout_findings import without_absent

FILES = [
    ExtractFile(
        name=name,
        sha256="e" * 64,
        bytes=1,
        format="",
        records=3,
        blank_rows=0,
        rows_before=before,
        columns_absent=absent,
    )
    for name, before, absent in (("april.csv", 0, ()), ("may.csv", 4, ("Remarks",)), ("june.csv", 8, ()))
]


def findings(*found: tuple[str, int | None, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"code": code, "severity": "error", "row": row, "field": field, "value": None, "detail": None}
            for code, row, field in found
        ],
        schema=FINDINGS,
    )


def test_a_value_is_not_missing_where_its_file_has_no_column_for_it() -> None:
    found = [
        ("required", 4, "Remarks"),
        ("required", 5, "Remarks"),
        ("required", 8, "Remarks"),
        ("required", 8, "Due date"),
        ("date", 8, "Remarks"),
        ("required", 9, "Remarks"),
    ]
    kept = without_absent(findings(*found), FILES).to_pylist()
    assert [(each["code"], each["row"], each["field"]) for each in kept] == [found[0], *found[3:]]


def test_findings_of_the_whole_file_and_none_at_all_stay() -> None:
    whole = findings(("missing_column", None, "Remarks"))
    assert without_absent(whole, FILES).equals(whole)
    assert without_absent(findings(), FILES).num_rows == 0
