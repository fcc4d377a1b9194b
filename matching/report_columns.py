"""Does a report name columns that its data sets have, each of the kind that the report needs?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
import pyarrow.types as kinds

from matching.explain import queries_behind
from matching.records import enrichments, lines_column
from matching.report import Report, ReportInvalid

Kind = Callable[[pa.DataType], bool]


def check_columns(report: Report, schemas: Mapping[str, pa.Schema]) -> None:
    """See that a report can run over records with these columns; a missing data set is not looked at.

    Raises:
        ReportInvalid: no such data set, no such column (offers the nearest), or a column of the wrong kind.
    """
    for dataset in report.data:
        if dataset not in enrichments():
            raise ReportInvalid(
                f"report {report.id}, data: no data set called '{dataset}'. Known: {', '.join(enrichments())}"
            )
    if report.lines_of:
        schemas = _with_lines(report, report.lines_of, schemas)
    its = {dataset: schemas[dataset] for dataset in report.data if dataset in schemas}
    for key, column, needed, kind in _uses(report):
        for dataset, schema in its.items():
            if column not in schema.names:
                if key not in ("where", "value", "compare") or not _elsewhere(column, report, schemas):
                    raise ReportInvalid(_no_column(report, key, column, dataset, schema))
            elif not kind(schema.field(column).type):
                raise ReportInvalid(f"report {report.id}, {key}: '{column}' of {dataset} is not {needed}")


def _with_lines(report: Report, whole: str, schemas: Mapping[str, pa.Schema]) -> Mapping[str, pa.Schema]:
    """The same columns, and the one that tells of lines that were added up.

    Raises:
        ReportInvalid: no such lines, or the report looks at what was worked out of the amount of one line.
    """
    (dataset,) = report.data
    entry = enrichments()[dataset]
    if whole not in entry.lines_of:
        known = ", ".join(entry.lines_of) or "none"
        raise ReportInvalid(
            f"report {report.id}, lines_of: {dataset} has no lines of '{whole}'. Known: {known}"
        )
    of_one_line = entry.made_from(entry.lines_of[whole].sums)
    for key, column, _, _ in _uses(report):
        if column in of_one_line:
            raise ReportInvalid(
                f"report {report.id}, {key}: '{column}' is worked out of one line, not of all"
            )
    for name in report.explanations:
        looked_at = {word for query in queries_behind(name) for word in re.findall(r"\w+", query)}
        if looked_at & of_one_line:
            raise ReportInvalid(f"report {report.id}, explanations: '{name}' looks at one line, not at all")
    if dataset not in schemas:
        return schemas
    return {**schemas, dataset: schemas[dataset].append(pa.field(lines_column(whole), pa.string()))}


def _uses(report: Report) -> Iterator[tuple[str, str, str, Kind]]:
    """Each column that a report names: under which key, what it has to be in words, and the test for it."""
    for key, columns in (
        ("same", report.same),
        ("different", report.different),
        ("also_tell", report.also_tell),
    ):
        for column in columns:
            yield key, column, "a column", lambda _: True
    for column, near in report.near.items():
        if near.unit == "days":
            yield "near", column, "a date", kinds.is_date
        else:
            yield "near", column, "a sum in pence", kinds.is_integer
    for column in report.similar:
        yield "similar", column, "text", lambda kind: kinds.is_string(kind) or kinds.is_large_string(kind)
    for column, where in report.where.items():
        if where.above is not None or where.below is not None:
            yield "where", column, "a sum in pence or a number", kinds.is_integer
        else:
            yield "where", column, "a single value", lambda kind: not kinds.is_nested(kind)
    for column in report.compared:
        yield "compare", column, "a single value", lambda kind: not kinds.is_nested(kind)
    yield "value", report.value, "a sum in pence", kinds.is_integer


def _elsewhere(column: str, report: Report, schemas: Mapping[str, pa.Schema]) -> bool:
    """Whether a data set of the report holds the column: it has it, or was not checked and may have it."""
    return any(name not in schemas or column in schemas[name].names for name in report.data)


def _no_column(report: Report, key: str, column: str, dataset: str, schema: pa.Schema) -> str:
    entry = enrichments()[dataset]
    there = list(dict.fromkeys((*schema.names, *entry.keys, *entry.derived)))
    near = difflib.get_close_matches(column, there, n=3)
    names = " or ".join(f"'{name}'" for name in near)
    hint = f"; did you mean {names}?" if near else f". It has: {', '.join(there)}"
    return f"report {report.id}, {key}: {dataset} has no column '{column}'{hint}"
