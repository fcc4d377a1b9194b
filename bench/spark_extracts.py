"""Extracts that Spark can read: the published ledger, or invented payments, as Parquet of text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.ledger import HISTORY, LEDGER, STANDING, opened_ledger

ROW_GROUPS = 14
"""Pieces of an extract, so that it can be read in as many partitions."""
_ALIKE = ("Creditor reference", "Total invoice amount")
"""What is one and the same in payments that are alike."""

IN_LEDGER = {
    HISTORY: {
        "creditor_reference": '"Supplier ID"',
        "supplier_invoice_number": '"Invoice Number"',
        "internal_invoice_number": '"Internal Ref Number"',
        "invoice_date": "strftime(cast(\"Date\" as date), '%d%m%Y')",
        "total_invoice_amount": 'cast(cast(cast("Net Amount" as decimal(18, 2)) * 100 as bigint) as varchar)',
        "remarks": '"Expense Area"',
    },
    STANDING: {"creditor_reference": '"Supplier ID"', "creditor_name": '"Supplier(Beneficiary) Name"'},
}
"""Data set -> column -> what it is in the ledger, as a body would give it."""


def extracts_of_ledger(folder: Path, rows: int | None = None, *, ledger: Path = LEDGER) -> dict[str, Path]:
    """The ledger as extracts of payment history and of creditors, as text.

    Args:
        folder: gets them.
        rows: how many of its first rows; None: all.
        ledger: the file.

    Returns:
        Data set -> extract.
    """
    from specs.catalogues import load_specification  # noqa: PLC0415

    connection = opened_ledger(ledger, rows)
    files = {}
    for dataset, held in IN_LEDGER.items():
        columns = ", ".join(
            f"coalesce({held.get(field.column, 'null')}, '') as \"{field.name}\""
            for field in load_specification(dataset).fields
        )
        query = f"select {columns} from ledger order by source_row"
        if dataset == STANDING:
            one = '"Supplier ID", "Supplier(Beneficiary) Name"'
            first = f"row_number() over (partition by {one} order by source_row)"
            query = f"select {columns} from ledger qualify {first} = 1 order by source_row"
        files[dataset] = folder / f"{dataset}.parquet"
        _write(connection.sql(query).to_arrow_table(), files[dataset])
    return files


def extracts_of_sample(folder: Path, payments: int, alike: int = 0) -> dict[str, Path]:
    """Invented payments and their creditors, as text.

    Args:
        folder: gets them.
        payments: how many.
        alike: how many of these, the first, have one creditor and one amount.

    Returns:
        Data set -> extract.
    """
    import pyarrow.csv as pv  # noqa: PLC0415

    from bench.scale import creditors_of  # noqa: PLC0415
    from nfi.sample import make_sample  # noqa: PLC0415
    from specs.catalogues import load_specification  # noqa: PLC0415

    sample = make_sample(
        folder / "csv", employees=1_000, creditors=creditors_of(payments), payments=payments, seed=1
    )
    files = {}
    for dataset in (HISTORY, STANDING):
        texts = {field.name: pa.string() for field in load_specification(dataset).fields}
        files[dataset] = folder / f"{dataset}.parquet"
        options = pv.ConvertOptions(column_types=texts)
        made = pv.read_csv(sample.files[dataset], convert_options=options)
        if dataset == HISTORY and alike:
            made = _with_first_value(made, _ALIKE, alike)
        _write(made, files[dataset])
    return files


def _with_first_value(table: pa.Table, columns: Sequence[str], rows: int) -> pa.Table:
    """A table whose first rows have the first row's value in some columns."""
    for name in columns:
        place = table.column_names.index(name)
        values = pa.chunked_array([pa.repeat(table[name][0], rows), *table[name][rows:].chunks])
        table = table.set_column(place, name, values)
    return table


def _write(table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, row_group_size=max(table.num_rows // ROW_GROUPS, 1))
