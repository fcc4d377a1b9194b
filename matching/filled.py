"""Which columns of the prepared records hold anything at all."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Self

import pyarrow.types as kinds

from matching.records import Prepared, enrichments, schema_of
from specs.engine import Engine
from specs.quoting import quoted, table_name


@dataclass(frozen=True, slots=True)
class Filled:
    """How many records of a data set there are, and how many of them hold something in each column."""

    dataset: str
    rows: int
    counts: dict[str, int]

    @classmethod
    def of(cls, records: Prepared, dataset: str, columns: Container[str], engine: Engine) -> Self:
        """Count, in one look at the records.

        Args:
            records: what `prepared_records` gives.
            dataset: whose.
            columns: of which it will be asked whether they are blank.
            engine: where to run.
        """
        entry, schema = enrichments()[dataset], schema_of(records, dataset)
        asked = [name for name in schema.names if name in columns]
        plain: dict[str, None] = {}
        while asked:
            name = asked.pop()
            if name in entry.derived or kinds.is_list(schema.field(name).type):
                asked += entry.made_of(name)
            else:
                plain[name] = None
        counts = "".join(f", count({quoted(name)}) as {quoted(name)}" for name in plain)
        query = f'select count(*) as "all records"{counts} from {table_name(dataset)}'
        found = engine.sql(query, **{table_name(dataset): records[dataset]})
        (row,) = found.to_pylist()
        return cls(dataset, row.pop("all records"), row)

    def is_blank(self, column: str) -> bool:
        """Whether no record has anything in a column.

        Of a derived column, and of a key that may be worked out for some records only, whether none has
        anything in those that it is made of.
        """
        if column in self.counts:
            return self.counts[column] == 0
        return all(self.is_blank(part) for part in enrichments()[self.dataset].made_of(column))
