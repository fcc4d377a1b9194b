"""The queries that a report becomes, as they will run, for whoever wants to read or repeat them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from matching.body import Body
from matching.groups import groups_of
from matching.lines import added_up
from matching.linkage.linked import linked
from matching.prepare import prepared_records
from matching.records import Prepared, enrichments, schema_of
from matching.report import Report
from matching.report_columns import check_columns
from specs.catalogues import load_specification
from specs.engine import BatchFunction, Engine, Stored, Table
from specs.parse import record_schema


def report_queries(report: Report, engine: Engine, folder: Path) -> list[str]:
    """The queries of a report over prepared records, in the order in which they run.

    They are noted down while the report runs over nfi's own data sets with no record in them.

    Args:
        report: what to look for.
        engine: where to run.
        folder: private, empty; for working files.

    Raises:
        ReportInvalid: the report names a data set or a column that there is not.
    """
    checked = {dataset: folder / f"{dataset}.parquet" for dataset in enrichments()}
    for dataset, file in checked.items():
        pq.write_table(record_schema(load_specification(dataset)).empty_table(), file)
    needed = frozenset((*report.columns, *report.compared, *report.also_tell))
    records: Prepared = prepared_records([Body(checked)], engine, folder, needed=needed)
    check_columns(report, {dataset: schema_of(records, dataset) for dataset in records})
    noting = _Noting(engine)
    if report.lines_of:
        whole = (report.data[0], report.lines_of)
        records = added_up(whole, records, noting, target=folder / "added-up", wanted=needed).records
    if report.compare:
        linked(report, records, noting)
    else:
        groups_of(report, records, noting)
    return noting.queries


class _Noting:
    """An engine that notes every query down before it runs it.

    What asks for keys alone is answered with a blank one where there is none: what follows would not run.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.queries: list[str] = []

    def sql(self, query: str, **tables: Table) -> pa.Table:
        self.queries.append(query)
        found = self._engine.sql(query, **tables)
        if found.num_rows == 0 and found.column_names == ["key"]:
            return pa.table({"key": pa.nulls(1, found.schema.field("key").type)})
        return found

    def map(self, function: BatchFunction, table: pa.Table) -> pa.Table:
        return self._engine.map(function, table)

    def sql_into(self, target: Path, query: str, **tables: Table) -> Stored:
        self.queries.append(query)
        return self._engine.sql_into(target, query, **tables)

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Stored:
        self.queries.append(query)
        return self._engine.map_into(target, function, query, **tables)
