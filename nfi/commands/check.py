"""`nfi check`: is this extract what the specification asks for?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from nfi.checking import check as check_extracts
from nfi.commands.check_summary import show_check
from nfi.commands.options import (
    OUT,
    Delimiter,
    Encoding,
    Engine,
    Exercise,
    HeadingRow,
    Json,
    LayoutFile,
    Member,
    Memory,
    Out,
    Quote,
    Remote,
    Sheet,
)
from nfi.console import progress
from nfi.engines import EngineChoice, EngineName
from nfi.rows_expected import rows_expected, share_of_check
from specs.amounts import MoneyFormat
from specs.check_batches import RECORDS
from specs.data_set import ControlTotals, parse_control_totals, read_control_totals
from specs.read import ReadingOptions
from specs.specification import CURRENT_EXERCISE, Severity


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise typer.BadParameter(
            f"'{text}' is no day written as year-month-day, such as 2026-10-05."
        ) from fault


def _control_totals(file: Path | None, texts: list[str] | None) -> ControlTotals | None:
    """What the user says the data set comes to: in a file, on the command line, or both."""
    if file is None and not texts:
        return None
    in_file = read_control_totals(file) if file else ControlTotals()
    return in_file.together_with(parse_control_totals(texts or ()))


def check(
    extracts: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="The extract, or several that are one data set, such as months; - for what is piped in. "
            "With --engine spark: Parquet, addresses of it, or tables.",
        ),
    ],
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="What the file holds, such as payroll; see: nfi specs list")
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", "-m", help="YAML that says which heading is which field; see: nfi map"),
    ] = None,
    exercise: Exercise = CURRENT_EXERCISE,
    out: Out = OUT,
    fix: Annotated[
        bool, typer.Option("--fix", help="Correct what is safe to correct, and log every change.")
    ] = False,
    as_json: Json = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    sheet: Sheet = None,
    heading_row: HeadingRow = None,
    layout: LayoutFile = None,
    member: Member = None,
    money: Annotated[
        MoneyFormat | None,
        typer.Option(help="How sums are written in the extract: 12345 (pence) or 123.45 (pounds)."),
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="What the source system says: rows=1234, or 'Gross pay to date=12345.67'.",
        ),
    ] = None,
    expect_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same from a file of YAML or CSV.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="To compare with: the folder of an earlier check, or an extract."),
    ] = None,
    modulus_tables: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder with Pay.UK's tables, for sort codes with accounts."),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="YYYY-MM-DD", help="The day of the check, to repeat an earlier one."
        ),
    ] = None,
    engine: Engine = EngineName.DUCKDB,
    remote: Remote = None,
    memory: Memory = None,
) -> None:
    """Check an extract against a specification, and say what is wrong, where and what to do.

    Exit code 0: no errors. 1: errors were found. 2: wrong usage. 3: a file or the mapping cannot be used.

    Example: nfi check payroll.csv --dataset payroll --out nfi-work

    Example: nfi check ledger.xlsx --dataset creditors-history --mapping ledger.yaml --sheet Payments

    Example: nfi check april.csv may.csv june.csv --dataset creditors-history --fix

    Example: nfi check finance.ledger.payments --dataset creditors-history --engine spark
    """
    runs_on = EngineChoice(engine, remote, memory)
    expected = rows_expected(extracts)
    with progress("Checking") as step:

        def told(what: str, rows: int) -> None:
            if what == RECORDS:
                step(f"{rows:,} rows", share=share_of_check(rows, expected))
            else:
                step(f"{rows:,} rows, {what}")

        run = check_extracts(
            extracts,
            dataset,
            folder=out,
            mapping=mapping,
            exercise=exercise,
            reading=ReadingOptions(
                encoding=encoding,
                delimiter=delimiter,
                quote=quote,
                sheet=sheet,
                heading_row=heading_row,
                layout=layout,
                member=member,
            ),
            money=money,
            correct=fix,
            expected=_control_totals(expect_file, expect),
            previous=previous,
            modulus_tables=modulus_tables,
            day=as_of,
            engine=runs_on,
            at=datetime.now(UTC),
            progress=told,
        )
    if as_json:
        head = {"json_version": 1, "notice": run.specification.notice}
        typer.echo(json.dumps(head | run.result.record.model_dump(mode="json"), indent=2))
    else:
        show_check(run)
    if run.result.record.count(Severity.ERROR):
        raise typer.Exit(1)
