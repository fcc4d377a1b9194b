"""`nfi case`: one case, for a person who is about to look into it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from matching.wording import counted, evidence_in_words, pounds
from nfi.case_file import CaseFile, CaseNotFound, read_case
from nfi.commands.match_summary import fields_of
from nfi.commands.options import Json
from nfi.console import messages, paragraph, results, table
from nfi.located import FILE_AND_ROW
from nfi.workspace import DEFAULT_FOLDER
from outputs.case_files import masked
from outputs.waterfall import write_waterfall
from specs.specification import FieldFormat

_SIDE_BY_SIDE = 4


def case(
    wanted: Annotated[
        str, typer.Argument(metavar="KEY", help="The case's key, its first characters, or its rank.")
    ],
    folder: Annotated[
        Path, typer.Option("--folder", "-f", metavar="DIR", help="The folder that `nfi match` worked in.")
    ] = DEFAULT_FOLDER,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw how each field adds to the weight of the evidence."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show one case: what agrees and how surprising that is, what differs, and innocent explanations.

    Values of records are masked here. They stand whole in the workbook.

    Example: nfi case 3ee5fcc194e644cd --folder nfi-work --picture case.svg
    """
    found = read_case(folder, wanted)
    if picture:
        if not any(entry["bits"] for entry in found.case["evidence"]):
            raise CaseNotFound(
                f"case {found.case['case']}: nothing in it was weighed, so there is no picture."
            )
        write_waterfall(picture, found.case)
    if as_json:
        typer.echo(json.dumps(_for_machines(found), indent=2, ensure_ascii=False))
    else:
        _show(found)
    if picture:
        messages().print(f"Written: {picture}")


def _for_machines(found: CaseFile) -> dict[str, Any]:
    """The case without values of its records: those are in case-records.parquet, by data set and row."""
    told = {name: value for name, value in found.case.items() if name not in {"agrees", "differs", "saw"}}
    saw = [
        {name: value for name, value in entry.items() if name not in {"agrees", "differs"}}
        for entry in found.case["saw"]
    ]
    places = [
        {
            name: record[name]
            for name in ("dataset", "source_row", FILE_AND_ROW, "raised_by")
            if name in record
        }
        for record in found.records
    ]
    sides = {side: fields_of(found.case[side]) for side in ("agrees", "differs")}
    return {"json_version": 1, "of": found.in_all} | told | sides | {"saw": saw, "places": places}


def _show(found: CaseFile) -> None:
    one = found.case
    results().print(f"Case {one['case']}, rank {one['rank']:,} of {found.in_all:,}", style="bold")
    paragraph(results(), one["title"])
    for name, what in (("value_at_risk", "at risk"), ("value_involved", "involved")):
        if one[name] is not None:
            results().print(f"{pounds(one[name])} {what}")
    _section("How surprising the agreement is")
    for entry in one["evidence"]:
        paragraph(results(), evidence_in_words(**entry), indent=2)
    if len(one["evidence"]) > 1:
        results().print(f"  In all {one['bits']:.1f} bits")
    if not one["evidence"]:
        results().print("  Nothing to weigh: the report looks at single records.")
    _section("Innocent explanations found")
    for reason in one["explanations"] or ["none"]:
        paragraph(results(), reason, indent=2)
    _section("Why it stands where it stands")
    paragraph(results(), _ranking(one), indent=2)
    for saw in one["saw"][1:]:
        paragraph(results(), _also(saw), indent=2)
    for overlap in one["overlaps"]:
        paragraph(results(), overlap, indent=2)
    _section("Records (values masked; whole in the workbook)")
    _show_records(found)


def _section(title: str) -> None:
    results().print(f"\n{title}", style="bold")


def _ranking(one: Mapping[str, Any]) -> str:
    """The arithmetic of the priority."""
    pence = one["value_at_risk"] if one["value_at_risk"] is not None else one["value_involved"]
    value = "£1, as the sum is not known" if pence is None else pounds(max(pence, 100))
    shares = " and ".join(f"{saw['share']:.3g} ({saw['report']})" for saw in one["saw"])
    return (
        f"Priority {one['priority']:.2f} = {one['share']:.3g} x the square root of {value} in pounds. "
        f"Shares of such cases expected to be worth opening, after explanations: {shares}."
    )


def _also(saw: Mapping[str, Any]) -> str:
    value = "" if saw["value"] is None else f", {pounds(saw['value'])}"
    agrees = ", ".join(fields_of(saw["agrees"]))
    reasons = f" Explanations: {' '.join(saw['explanations'])}" if saw["explanations"] else ""
    return f"Also: {saw['title']} ({counted(saw['records'], 'record')}{value}). Agrees: {agrees}.{reasons}"


def _show_records(found: CaseFile) -> None:
    named = {name.casefold() for side in ("agrees", "differs") for name in fields_of(found.case[side])}
    columns = [
        column
        for column, field in found.fields.items()
        if field.name.casefold() in named and any(record.get(column) is not None for record in found.records)
    ]
    side_by_side = found.records[:_SIDE_BY_SIDE]
    shown = table("", *(_place(record) for record in side_by_side))
    for name in columns:
        field = found.fields[name]
        shown.add_row(field.name, *(_masked(record[name], field.format) for record in side_by_side))
    results().print(shown)
    if left_out := found.records[_SIDE_BY_SIDE:]:
        paragraph(results(), f"and {counted(len(left_out), 'more record')}: see case-records.csv")


def _place(record: Mapping[str, Any]) -> str:
    """Where a record stands: 'payroll row 214', 'payroll may.csv, row 214'."""
    return f"{record['dataset']} {record.get(FILE_AND_ROW) or 'row ' + str(record['source_row'])}"


def _masked(value: object, as_: FieldFormat) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"**/**/{value.year}"
    if isinstance(value, int):
        return pounds(value) if as_ is FieldFormat.MONEY else str(value)
    return masked(str(value))
