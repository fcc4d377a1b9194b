"""`nfi check`: is this extract what the specification asks for?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from matching.wording import counted
from nfi import verbs
from nfi.commands.options import OUT, Json, Out
from nfi.console import messages, paragraph, progress, results, table
from specs.amounts import MoneyFormat
from specs.check_descriptions import check_descriptions
from specs.check_record import CheckRecord, FindingCount
from specs.findings_file import first_finding
from specs.mask import masked
from specs.specification import CURRENT_EXERCISE, Severity
from specs.totals import in_words

_EXAMPLES = 5


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise typer.BadParameter(
            f"'{text}' is no day written as year-month-day, such as 2026-10-05."
        ) from fault


def check(
    extract: Annotated[Path, typer.Argument(metavar="FILE", help="The extract: CSV (also .gz) or XLSX.")],
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="What the file holds, such as payroll; see: nfi specs list")
    ],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", "-m", help="YAML that says which heading is which field.")
    ] = None,
    exercise: Annotated[
        str, typer.Option("--exercise", "-e", help="The exercise to check against.")
    ] = CURRENT_EXERCISE,
    out: Out = OUT,
    as_json: Json = False,
    encoding: Annotated[str | None, typer.Option(help="Instead of the one detected, such as cp1252.")] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="Instead of the one detected: , | ~ ; or tab.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of a workbook; otherwise the first filled.")
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="YYYY-MM-DD", help="The day of the check, to repeat an earlier one."
        ),
    ] = None,
    money: Annotated[
        MoneyFormat | None,
        typer.Option(help="How sums are written in the extract: 12345 (pence) or 123.45 (pounds)."),
    ] = None,
) -> None:
    """Check an extract against a specification, and say what is wrong, where and what to do.

    Exit code 0: no errors. 1: errors were found. 2: wrong usage. 3: the file or the mapping cannot be used.

    Example: nfi check payroll.csv --dataset payroll --out nfi-work

    Example: nfi check ledger.xlsx --dataset creditors-history --mapping ledger.yaml --sheet Payments
    """
    with progress("Checking") as step:
        run = verbs.check(
            extract,
            dataset,
            folder=out,
            mapping=mapping,
            exercise=exercise,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
            money=money,
            day=as_of,
            at=datetime.now(UTC),
            progress=lambda rows: step(f"{rows:,} rows"),
        )
    if as_json:
        head = {"json_version": 1, "notice": run.specification.notice}
        typer.echo(json.dumps(head | run.result.record.model_dump(mode="json"), indent=2))
    else:
        _show(run)
    if run.result.record.count(Severity.ERROR):
        raise typer.Exit(1)


def _show(run: verbs.CheckRun) -> None:
    record = run.result.record
    _say(f"{record.extract}: {record.extract_format}; {counted(record.rows, 'record')}{_left_out(record)}")
    _say(f"Checked against {record.specification}")
    if run.specification.notice:
        _say(run.specification.notice, indent=2)
    for label, names in (
        ("Not held, as the mapping says", record.columns_not_held),
        ("Fields without a column", [n for n in record.columns_absent if n not in record.columns_not_held]),
        ("Headings that no field takes, not read further", record.columns_unused),
    ):
        if names:
            _say(f"{label}: {', '.join(names)}")
    for skipped in record.not_checked:
        _say(f"Not checked [{skipped.code}]: {skipped.reason}")
    worth_a_look = [each for each in record.findings if each.severity is not Severity.NOTE]
    if worth_a_look:
        _show_findings(worth_a_look)
        _show_examples(run, worth_a_look)
    results().print()
    for each in record.findings:
        if each.severity is Severity.NOTE and each.code != "missing_column":
            _say(f"Note: {_in_words(run, each)}")
    if record.totals:
        _say("To compare with the source system:")
    for totals in record.totals:
        _say(in_words(totals), indent=2)
    counts = ", ".join(counted(record.count(severity), severity) for severity in Severity)
    results().print(f"\n{counts}.")
    messages().print(f"Written: {run.workbook}, and beside it every finding as CSV and Parquet.")


def _say(text: str, *, indent: int = 0) -> None:
    paragraph(results(), text, indent=indent)


def _left_out(record: CheckRecord) -> str:
    return f", {counted(record.blank_rows, 'blank row')} left out" if record.blank_rows else ""


def _show_findings(findings: Sequence[FindingCount]) -> None:
    shown = table(
        "severity", "field", "what", "findings", "first row", "code", right=("findings", "first row")
    )
    titles = check_descriptions()
    for each in findings:
        shown.add_row(
            each.severity,
            each.field or "(whole record)",
            titles[each.code].title,
            f"{each.count:,}",
            f"{each.first_row:,}" if each.first_row else "",
            each.code,
        )
    results().print()
    results().print(shown)


def _show_examples(run: verbs.CheckRun, findings: Sequence[FindingCount]) -> None:
    """The first place of each, with its value masked, and what to do."""
    more = len(findings) - _EXAMPLES
    rest = f" (and {more} more in the workbook)" if more > 0 else ""
    results().print(f"\nFor example{rest}:")
    for each in findings[:_EXAMPLES]:
        _say(_in_words(run, each), indent=2)
        _say(check_descriptions()[each.code].guidance, indent=4)


def _in_words(run: verbs.CheckRun, count: FindingCount) -> str:
    """The first finding of a count as a sentence: 'row 214, Sort code: 20***7 It has not six digits.'"""
    first = first_finding(run.result.findings, count)
    where = f"row {first['row']:,}, " if first["row"] else ""
    value = f" {masked(first['value'])}." if first["value"] else ""
    detail = f" ({first['detail']})" if first["detail"] else ""
    message = check_descriptions()[count.code].message
    field = count.field or ("whole record" if first["row"] else "whole file")
    return f"{where}{field}:{value} {message}{detail} [{count.code}]"
