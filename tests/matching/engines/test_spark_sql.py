"""Queries in Spark's words: what is said otherwise, what is refused, and that all of nfi's can be said."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot.errors import ParseError

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.engines.query_schema import QuerySchemas
from matching.engines.spark_regex import PatternUnknown, java_pattern
from matching.engines.spark_sql import NotTranslated, spark_sql
from matching.explain import explained, known_explanations
from matching.known_reports import KnownReport, known_reports
from matching.prepare import prepared_records
from matching.records import enrichments, schema_of
from matching.report_sql import report_queries
from specs.catalogues import load_specification
from specs.engine import BatchFunction, Table, schema_of_table
from specs.parse import record_schema

SCHEMAS = {
    "t": pa.schema(
        [
            *(("a", pa.int64()), ("b", pa.int64()), ("s", pa.string()), ("x", pa.float64())),
            *(("d", pa.date32()), ("e", pa.date32()), ("l", pa.list_(pa.string()))),
        ]
    ),
    "u": pa.schema([("a", pa.int64()), ("z", pa.string())]),
}
NAMES = {"t": "working_1", "u": "working_2"}


def said(query: str) -> str:
    return spark_sql(query, SCHEMAS, NAMES)


@pytest.mark.parametrize(
    ("query", "part"),
    [
        pytest.param("select d - e as n from t", "DATE_DIFF(`d`, `e`)", id="days between dates"),
        pytest.param(
            "select max(d) - min(e) as n from t", "DATE_DIFF(MAX(`d`), MIN(`e`))", id="of aggregates"
        ),
        pytest.param("select a - b as n from t", "`a` - `b`", id="of numbers, as it is"),
        pytest.param("select d + 60 as n from t", "DATE_ADD(`d`, CAST(60 AS INT))", id="days after a date"),
        pytest.param("select l[:3] as n from t", "SLICE(`l`, 1, 3)", id="beginning of a list"),
        pytest.param("select s[:3] as n from t", "SUBSTRING(`s`, 1, 3)", id="beginning of a text"),
        pytest.param("select l[2] as n from t", "GET(`l`, 1)", id="one of a list, or nothing"),
        pytest.param("select len(l) as n from t", "ARRAY_SIZE(`l`)", id="length of a list"),
        pytest.param("select length(s) as n from t", "CHAR_LENGTH(`s`)", id="length of a text"),
        pytest.param("select hash(a, s) as n from t", "XXHASH64(`a`, `s`)", id="hash"),
        pytest.param("select cast(x as bigint) as n from t", "CAST(RINT(`x`) AS BIGINT)", id="rounded"),
        pytest.param(
            "select try_cast(s as hugeint) as n from t", "DECIMAL(38, 0)", id="whole numbers of 38 digits"
        ),
        pytest.param("select row_number() over (order by a) as n from t", "AS BIGINT", id="numbers of rows"),
        pytest.param("select list(s) filter (s is not null) as n from t", "NULLIF(ARRAY_AGG(`s`)", id="list"),
        pytest.param("select list(s) as n from t", "NAMED_STRUCT('v', `s`)", id="list with blanks"),
        pytest.param("select avg(a) as n from t", "AVG(CAST(`a` AS DOUBLE))", id="average"),
        pytest.param(
            "select a as n from t order by n desc", "ORDER BY `n` DESC", id="blanks last, as they are"
        ),
        pytest.param("select a as n from t order by n", "`n` NULLS LAST", id="blanks last"),
        pytest.param(
            "select a as n from t where n > 1", "WHERE (`a`) > 1", id="a name of its own in a condition"
        ),
        pytest.param(
            "select a + 1 as a from t where a > 1", "WHERE `a` > 1", id="the table's name comes first"
        ),
        pytest.param(
            "select count(*) over (w order by a) as n from t window w as (partition by s)",
            "OVER (PARTITION BY `s` ORDER BY `a` NULLS LAST)",
            id="a window made of another",
        ),
        pytest.param(
            "select a, s from t union all by name select z, a from u",
            "SELECT `a`, `s`, NULL AS `z` FROM (SELECT `a`, `s`",
            id="union by name",
        ),
        pytest.param("select s from range(1, 4) as r(n) cross join t", "RANGE(1, 4)", id="table of numbers"),
    ],
)
def test_what_would_mean_something_else_is_said_otherwise(query: str, part: str) -> None:
    assert part in said(query)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("select regexp_replace(s, 'a', '') as n from t", id="the first of several"),
        pytest.param("select regexp_replace(s, '(a)', '\\1', 'g') as n from t", id="what was found"),
        pytest.param("select cast(x as varchar) as n from t", id="a double as text"),
        pytest.param("select median(a) as n from t", id="what nobody has compared"),
        pytest.param("select strftime(d, '%Y') as n from t", id="formats of dates"),
        pytest.param("select l[a:3] as n from t", id="a part from a place on that is worked out"),
    ],
)
def test_what_nobody_has_compared_is_refused(query: str) -> None:
    with pytest.raises(NotTranslated):
        said(query)


def test_steps_hide_tables_and_others_get_the_engines_names() -> None:
    query = said("with u as (select a from t) select u.a from u where a in (select a from u)")
    assert "working_2" not in query
    assert query.count("working_1") == 1
    assert "`u`.`a`" in query


def test_names_with_blanks_and_quotes_stand_as_they_are() -> None:
    schemas = {"t": pa.schema([('od`d "name', pa.int64())])}
    query = spark_sql('select "od`d ""name" as "key of x" from t', schemas, {"t": "w"})
    assert '`od``d "name` AS `key of x`' in query


@pytest.mark.parametrize(
    ("pattern", "java"),
    [
        (r"\d+$", r"(?d)\d+\z"),
        (r"^(a|\D)", r"(?d)^(a|\D)"),
        (r"[^\p{L}&]", r"(?d)[^\p{L}\&]"),
        (r"[]a]", r"(?d)[\]a]"),
        (r"a\s", r"(?d)a[\t\n\f\r ]"),
    ],
)
def test_patterns_are_written_for_java(pattern: str, java: str) -> None:
    assert java_pattern(pattern) == java


@pytest.mark.parametrize("pattern", [r"(?i)a", r"\1", r"(?P<a>b)", r"\Ga"])
def test_patterns_that_nobody_has_compared_are_refused(pattern: str) -> None:
    with pytest.raises(PatternUnknown):
        java_pattern(pattern)


class Translating(DuckDBEngine):
    """Says every query in Spark's words as well."""

    def __init__(self) -> None:
        super().__init__()
        self.said = 0

    def _translate(self, query: str, tables: dict[str, Table]) -> None:
        schemas = {name: schema_of_table(table) for name, table in tables.items()}
        translated = spark_sql(query, schemas, {name: f"working_{name}" for name in tables})
        try:
            sqlglot.parse_one(translated, read="spark")
        except ParseError as fault:
            raise AssertionError(translated) from fault
        self.said += 1

    def sql(self, query: str, **tables: Table) -> pa.Table:
        self._translate(query, tables)
        return super().sql(query, **tables)

    def sql_into(self, target: Path, query: str, **tables: Table) -> Path:
        self._translate(query, tables)
        return super().sql_into(target, query, **tables)

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Path:
        self._translate(query, tables)
        return super().map_into(target, function, query, **tables)


@pytest.mark.parametrize("report", known_reports(None).called(()), ids=lambda each: each.report.id)
def test_every_report_can_be_said(report: KnownReport, tmp_path: Path) -> None:
    engine = Translating()
    report_queries(report.report, engine, tmp_path)
    assert engine.said


def test_every_explanation_can_be_said(tmp_path: Path) -> None:
    engine = Translating()
    checked = {}
    for dataset in enrichments():
        checked[dataset] = tmp_path / f"{dataset}.parquet"
        pq.write_table(record_schema(load_specification(dataset)).empty_table(), checked[dataset])
    (tmp_path / "made").mkdir()
    records = prepared_records([Body(checked)], engine, tmp_path / "made")
    fields = {"group_no": pa.int64(), "dataset": pa.string()}
    for dataset in records:
        for field in schema_of(records, dataset):
            fields.setdefault(field.name, field.type)
    members = pa.schema(list(fields.items())).empty_table()
    for name in known_explanations():
        assert list(explained(name, members, records, engine)) == []
    assert engine.said > len(known_explanations())


def test_the_types_of_an_answer_are_those_of_duckdb() -> None:
    schemas = QuerySchemas()
    tables = {"t": SCHEMAS["t"]}
    query = "select count(*) as n, list(s) as l, sum(a) as t, hash(s) as h from t group by s"
    expected = DuckDBEngine().sql(query, t=SCHEMAS["t"].empty_table()).schema
    assert schemas.of(query, tables) == expected
    assert schemas.of(query, tables) is schemas.of(query, tables), "is asked once"
    schemas.close()
