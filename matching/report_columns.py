"""Does a report name columns that its data sets have, each of the kind that the report needs?"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
import pyarrow.types as kinds

from matching.records import enrichments
from matching.report import Report, ReportInvalid

Kind = Callable[[pa.DataType], bool]


def check_columns(report: Report, records: Mapping[str, pa.Table]) -> None:
    """See that a report can run over these records; a data set that was not checked is not looked at.

    Raises:
        ReportInvalid: no such data set, no such column (offers the nearest), or a column of the wrong kind.
    """
    for dataset in report.data:
        if dataset not in enrichments():
            raise ReportInvalid(
                f"report {report.id}, data: no data set called '{dataset}'. Known: {', '.join(enrichments())}"
            )
    tables = {dataset: records[dataset] for dataset in report.data if dataset in records}
    for key, column, needed, kind in _uses(report):
        for dataset, table in tables.items():
            if column not in table.column_names:
                if key != "value" or not _elsewhere(column, report, records):
                    raise ReportInvalid(_no_column(report, key, column, dataset, table))
            elif not kind(table.schema.field(column).type):
                raise ReportInvalid(f"report {report.id}, {key}: '{column}' of {dataset} is not {needed}")


def _uses(report: Report) -> Iterator[tuple[str, str, str, Kind]]:
    """Each column that a report names: under which key, what it has to be in words, and the test for it."""
    for key, columns in (
        ("same", report.same),
        ("different", report.different),
        ("also_tell", report.also_tell),
    ):
        for column in columns:
            yield key, column, "a column", lambda _: True
    for column in report.near:
        yield "near", column, "a date", kinds.is_date
    for column in report.similar:
        yield "similar", column, "text", lambda kind: kinds.is_string(kind) or kinds.is_large_string(kind)
    for column in report.where:
        yield "where", column, "a sum in pence", kinds.is_integer
    yield "value", report.value, "a sum in pence", kinds.is_integer


def _elsewhere(column: str, report: Report, records: Mapping[str, pa.Table]) -> bool:
    """Whether a data set of the report holds the value: it has it, or was not checked and may have it."""
    return any(name not in records or column in records[name].column_names for name in report.data)


def _no_column(report: Report, key: str, column: str, dataset: str, table: pa.Table) -> str:
    near = difflib.get_close_matches(column, table.column_names, n=3)
    names = " or ".join(f"'{name}'" for name in near)
    hint = f"; did you mean {names}?" if near else f". It has: {', '.join(table.column_names)}"
    return f"report {report.id}, {key}: {dataset} has no column '{column}'{hint}"
