"""Names in SQL: the one place where an identifier becomes part of a query."""

from __future__ import annotations


def quoted(identifier: str) -> str:
    """A column or table name, quoted for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def table_name(dataset: str) -> str:
    """The table that holds a data set's records: 'creditors-history' is creditors_history."""
    return dataset.replace("-", "_")


def quoted_text(text: str) -> str:
    """A text as a value in SQL."""
    return "'" + text.replace("'", "''") + "'"
