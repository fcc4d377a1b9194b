"""The match: reports over checked records, to one queue of cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from matching.cases import Case, cases_of, queue
from matching.groups import groups_of
from matching.records import enrichments, known_fields, lacking_in, prepared_records, why_lacking
from matching.report import Report
from matching.report_columns import check_columns
from matching.result import CASES, RECORD_KEYS, MatchResult, ReportSummary
from matching.standard_columns import Lacking
from specs.engine import Engine
from specs.quoting import quoted, table_name
from specs.specification import Specification

Progress = Callable[[str], None]
_RULES = Path(__file__).parent


def rules_digest() -> str:
    """SHA-256 over everything that people decide here: reports, explanations, standards (YAML and SQL)."""
    digest = sha256()
    for path in sorted((*_RULES.rglob("*.yaml"), *_RULES.rglob("*.sql"))):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(_RULES).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def match(
    checked: Mapping[str, Path],
    reports: Sequence[Report],
    specifications: Mapping[str, Specification],
    engine: Engine,
    *,
    progress: Progress = lambda _: None,
) -> MatchResult:
    """Run reports over checked records.

    Args:
        checked: data set -> its checked Parquet file.
        reports: which to run; one that needs a data set that is not there, or a field that the specification
            of a data set does not have, is skipped, with the reason.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
        progress: told the title of each step as it begins.

    Returns:
        The same result for the same records, reports and specifications, on any engine and any day.

    Raises:
        ReportInvalid: a report names a data set or a column that there is not, or one of the wrong kind.
    """
    progress("Preparing records")
    records = prepared_records(checked, engine)
    lacking = lacking_in(checked)
    for report in reports:
        check_columns(report, records)
    found: list[Case] = []
    summaries = []
    for report in reports:
        progress(report.title)
        skipped = _reason_to_skip(report, records, specifications, lacking)
        groups = None if skipped else groups_of(report, records, engine)
        cases = cases_of(report, groups, records, specifications, engine) if groups else []
        summaries.append(_summary(report, cases, skipped))
        found += cases
    progress("Ranking cases")
    ranked = queue(found)
    return MatchResult(
        reports=tuple(summaries),
        cases=_case_table(ranked),
        records=_record_table(ranked, records, specifications, engine),
    )


def _reason_to_skip(
    report: Report,
    records: Mapping[str, pa.Table],
    specifications: Mapping[str, Specification],
    lacking: Mapping[str, Lacking],
) -> str | None:
    fields = known_fields(specifications)
    for dataset in report.data:
        if dataset not in records:
            return f"needs {dataset}, which has not been checked"
        table, entry = records[dataset], enrichments()[dataset]
        missing = {name: up.from_ for up in entry.look_up if up.from_ not in records for name in up.take}
        for column in report.columns:
            if column not in table.column_names:
                continue  # a column of the other data set
            if column == report.value:
                continue  # without it the sums are not known, and the rest is
            is_blank = table[column].null_count == table.num_rows
            if reason := why_lacking(dataset, column, lacking, is_blank=is_blank):
                return reason
            if is_blank:
                if unchecked := [missing[name] for name in entry.origin(column) if name in missing]:
                    return f"needs {unchecked[0]}, which has not been checked"
                names = " and ".join(fields[name].name for name in entry.origin(column) if name in fields)
                return f"needs {names or column}, which no record of {dataset} has"
    return None


def _summary(report: Report, cases: Sequence[Case], skipped: str | None) -> ReportSummary:
    known = [case.at_risk for case in cases if case.at_risk is not None]
    total = None if skipped or (cases and not known) else sum(known)
    return ReportSummary(
        report=report.id,
        title=report.title,
        nfi_report=str(report.nfi_report) if report.nfi_report else None,
        cases=len(cases),
        records=sum(len(case.members) for case in cases),
        explained=sum(bool(case.explanations) for case in cases),
        value_at_risk=total if report.value_is == "at risk" else None,
        value_involved=total if report.value_is == "involved" else None,
        value_means=report.value_means,
        skipped=skipped,
    )


def _case_table(ranked: Sequence[Case]) -> pa.Table:
    rows = [
        {
            "rank": rank,
            "case": case.key,
            "report": case.report.id,
            "title": case.report.title,
            "also_in": list(dict.fromkeys(case.also_in)),
            "records": len(case.members),
            "value_at_risk": case.at_risk if case.report.value_is == "at risk" else None,
            "value_involved": case.at_risk if case.report.value_is == "involved" else None,
            "agrees": case.agrees,
            "differs": case.differs,
            "explanations": [explanation.text for explanation in case.explanations],
            "priority": case.priority,
        }
        for rank, case in enumerate(ranked, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=CASES)


def _record_table(
    ranked: Sequence[Case],
    records: Mapping[str, pa.Table],
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> pa.Table:
    """The records of every case, side by side: what a person knows of them, without the keys."""
    members = pa.table(
        {
            "rank": pa.array((rank for rank, case in enumerate(ranked, 1) for _ in case.members), pa.int32()),
            "case": pa.array((case.key for case in ranked for _ in case.members), pa.string()),
            "record": pa.array((record for case in ranked for record in case.members), pa.int64()),
        }
    )
    fields = known_fields(specifications)
    parts = []
    for dataset, table in records.items():
        shown = ", ".join(quoted(name) for name in table.column_names if name in fields)
        parts.append(
            f"select rank, members.case, '{dataset}' as dataset, source_row, {shown} "
            f"from members join {table_name(dataset)} using (record)"
        )
    if not parts:
        return RECORD_KEYS.empty_table()
    query = f"select * from ({' union all by name '.join(parts)}) order by rank, dataset, source_row"
    return engine.sql(query, members=members, **{table_name(name): table for name, table in records.items()})
