"""What kind of value each part of a query is, as far as Spark is to be told something else for it.

sqlglot reads `a - b` of two dates as it reads it of two numbers, and the start of a list as that of a text.
The kinds of columns are known by their names, from the tables and from what the query calls its own: a name
that stands for two kinds in one query has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

import pyarrow as pa
import pyarrow.types as arrow
from sqlglot import exp


class Kind(Enum):
    """A kind of value that is spoken of differently, or is none of these."""

    DATE = "date"
    DOUBLE = "double"
    LIST = "list"
    OTHER = "other"


_KIND = "kind"
_PASSED_ON: tuple[type[exp.Expr], ...] = (
    *(
        exp.Min,
        exp.Max,
        exp.Sum,
        exp.Lag,
        exp.Lead,
        exp.FirstValue,
        exp.LastValue,
        exp.IgnoreNulls,
        exp.ArgMin,
    ),
    *(exp.ArgMax, exp.PercentileDisc, exp.Window, exp.Filter, exp.Paren, exp.Abs, exp.Round, exp.Neg),
    *(exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Alias, exp.Subquery, exp.Mod),
)
_LISTS = (exp.Array, exp.ArrayAgg, exp.ArraySort, exp.ArrayDistinct, exp.Split)
_DOUBLES = (exp.Div, exp.Log, exp.Avg)


def kind_of(part: exp.Expr) -> Kind:
    """The kind of a part of a query that `mark_kinds` has seen, or of what it was rewritten to."""
    return Kind(part.meta.get(_KIND, Kind.OTHER))


def keep_kind(made: exp.Expr, of: exp.Expr) -> exp.Expr:
    """A rewritten part, of the same kind."""
    made.meta[_KIND] = kind_of(of)
    return made


def mark_kinds(tree: exp.Expr, schemas: Iterable[pa.Schema]) -> None:
    """Note the kind of every part of a query, for `kind_of`."""
    names: dict[str, set[Kind]] = {}
    for schema in schemas:
        for field in schema:
            names.setdefault(field.name, set()).add(_of_type(field.type))
    parts = list(reversed(list(tree.walk(bfs=True))))
    known = -1
    while known != (known := sum(map(len, names.values()))):
        for part in parts:
            kind = _kind(part, names)
            part.meta[_KIND] = kind
            if isinstance(part, exp.Alias) and kind is not Kind.OTHER:
                names.setdefault(part.alias, set()).add(kind)


def _of_type(type_: pa.DataType) -> Kind:
    if arrow.is_date(type_):
        return Kind.DATE
    if arrow.is_floating(type_):
        return Kind.DOUBLE
    return Kind.LIST if arrow.is_nested(type_) else Kind.OTHER


def _kind(part: exp.Expr, names: Mapping[str, set[Kind]]) -> Kind:
    made: Mapping[type[exp.Expr], Callable[[Any], Kind]] = {
        exp.Column: lambda column: _only(names.get(column.name, ())),
        exp.Cast: _of_cast,
        exp.TryCast: _of_cast,
        exp.Case: lambda case: _first(
            [*(each.args["true"] for each in case.args["ifs"]), case.args.get("default")]
        ),
        exp.Add: _of_sum,
        exp.Sub: _of_difference,
        exp.Mul: _of_sum,
    }
    if type(part) in made:
        return made[type(part)](part)
    if isinstance(part, _PASSED_ON):
        return _first([part.this, part.args.get("expression"), *part.expressions])
    if isinstance(part, _LISTS):
        return Kind.LIST
    return Kind.DOUBLE if isinstance(part, _DOUBLES) else Kind.OTHER


def _only(kinds: Iterable[Kind]) -> Kind:
    found = set(kinds)
    return found.pop() if len(found) == 1 else Kind.OTHER


def _first(parts: Iterable[object]) -> Kind:
    kinds = (kind_of(part) for part in parts if isinstance(part, exp.Expr))
    return next((kind for kind in kinds if kind is not Kind.OTHER), Kind.OTHER)


def _of_cast(cast: exp.Cast) -> Kind:
    if cast.to.is_type("date"):
        return Kind.DATE
    return Kind.DOUBLE if cast.to.is_type("double", "float") else Kind.OTHER


def _of_sum(sum_: exp.Binary) -> Kind:
    kinds = {kind_of(sum_.left), kind_of(sum_.right)}
    return next((kind for kind in (Kind.DATE, Kind.DOUBLE) if kind in kinds), Kind.OTHER)


def _of_difference(difference: exp.Binary) -> Kind:
    kinds = [kind_of(difference.left), kind_of(difference.right)]
    if kinds == [Kind.DATE, Kind.DATE]:
        return Kind.OTHER
    return next((kind for kind in (Kind.DATE, Kind.DOUBLE) if kind in kinds), Kind.OTHER)
