"""Small data sets as a check leaves them: typed records in Parquet, and the profile of each column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.engines.duckdb import DuckDBEngine
from specs.catalogues import load_specification
from specs.check_record import FieldProfile
from specs.data_set import AcrossContext, AcrossFindings
from specs.parse import record_schema
from specs.specification import FieldFormat, Specification

Records = list[dict[str, Any]]
ENGINE = DuckDBEngine()
TODAY = date(2026, 10, 5)


def written(file: Path, specification: Specification, records: Records) -> Path:
    """Records as a check writes them, rows from 2 on; columns that are not given are blank."""
    numbered = [{"source_row": place} | record for place, record in enumerate(records, start=2)]
    pq.write_table(pa.Table.from_pylist(numbered, schema=record_schema(specification)), file)
    return file


def profile_of(
    specification: Specification, columns: frozenset[str], records: Records
) -> tuple[FieldProfile, ...]:
    """The profile of each column, counted by loops."""
    profiles = []
    for field in specification.fields:
        if field.column in columns:
            values = [record[field.column] for record in records if record.get(field.column) is not None]
            is_text = field.format in {FieldFormat.CHARACTER, FieldFormat.NUMBER}
            lengths = [len(value) for value in values] if is_text else []
            profiles.append(
                FieldProfile(
                    field=field.name,
                    filled=len(values),
                    valid=len(values),
                    distinct=len(set(values)),
                    distinct_is_exact=True,
                    shortest=min(lengths, default=None),
                    longest=max(lengths, default=None),
                    commonest_share=max(Counter(values).values()) / len(values) if values else None,
                )
            )
    return tuple(profiles)


@pytest.fixture
def context_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AcrossContext]:
    """What makes a context of records; the extract has every column, unless `columns` says which."""

    def make(
        dataset: str,
        records: Records,
        *,
        exercise: str = "2026-27",
        columns: set[str] | None = None,
        others: dict[str, Records] | None = None,
        **given: Any,
    ) -> AcrossContext:
        folder = tmp_path_factory.mktemp("records")
        specification = load_specification(dataset, exercise)
        held = frozenset(specification.by_column if columns is None else columns)
        return AcrossContext(
            specification=specification,
            columns=held,
            records=written(folder / f"{dataset}.parquet", specification, records),
            rows=len(records),
            profile=profile_of(specification, held, records),
            engine=ENGINE,
            others={
                name: written(folder / f"{name}.parquet", load_specification(name, exercise), other)
                for name, other in (others or {}).items()
            },
            **({"today": TODAY} | given),
        )

    return make


@pytest.fixture
def told() -> Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str | None]]]:
    """What makes plain tuples of findings on the whole file: code, field, severity, detail."""

    def plain(findings: AcrossFindings) -> list[tuple[str, str | None, str | None, str | None]]:
        return [
            (str(code), field, severity and str(severity), detail)
            for code, field, severity, detail in findings.whole
        ]

    return plain
