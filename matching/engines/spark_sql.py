"""Queries in DuckDB's dialect as Spark SQL that gives the same rows.

sqlglot reads and writes the two dialects. Where what it writes means something else, or gives another type,
the query is rewritten here. What nobody has compared is refused: see `_SAME`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from matching.engines.spark_kinds import Kind, keep_kind, kind_of, mark_kinds
from matching.engines.spark_regex import java_pattern

_DUCKDB, _SPARK = "duckdb", "spark"

_SAME: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.Select, exp.Subquery, exp.From, exp.Where, exp.Group, exp.Having, exp.Limit, exp.With, exp.CTE),
        *(exp.Order, exp.Ordered, exp.WindowSpec, exp.IgnoreNulls, exp.Exists, exp.Union),
        *(exp.Table, exp.TableAlias, exp.Join, exp.Alias, exp.Identifier, exp.Column, exp.Star),
        *(exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple, exp.Distinct, exp.Array, exp.Slice),
        *(exp.DataType, exp.DataTypeParam, exp.Case, exp.If, exp.Coalesce, exp.Nullif),
        *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT),
        *(exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Mul, exp.IntDiv, exp.Mod, exp.Neg),
        *(exp.BitwiseAnd, exp.BitwiseRightShift, exp.Abs, exp.Round, exp.Log, exp.Greatest, exp.Least),
        *(exp.DPipe, exp.ConcatWs, exp.Contains, exp.StartsWith, exp.Left, exp.Right),
        *(exp.Replace, exp.Translate, exp.Chr, exp.MD5, exp.Repeat),
        *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr),
        *(exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue),
    }
)
"""What sqlglot writes so that it means the same, once its parts do."""


class NotTranslated(ValueError):
    """A query says something of which nobody has compared what the two engines make of it."""

    def __init__(self, what: str, part: exp.Expr) -> None:
        super().__init__(f"{what}: {part.sql(_DUCKDB)[:200]}")


def spark_sql(query: str, schemas: Mapping[str, pa.Schema], names: Mapping[str, str]) -> str:
    """The query for Spark.

    Args:
        query: one `select` in DuckDB's dialect.
        schemas: the columns of each table that it may name.
        names: what Spark calls these tables. A step of the query with the name of a table hides it.

    Raises:
        NotTranslated: the query says something that has not been compared.
        PatternUnknown: a regular expression does.
    """
    tree = sqlglot.parse_one(query, read=_DUCKDB)
    mark_kinds(tree, schemas.values())
    for union in reversed(list(tree.find_all(exp.Union, bfs=True))):
        if union.args.get("by_name"):
            _by_place(union, schemas)
    for select in list(tree.find_all(exp.Select)):
        _spell_out_conditions(select, schemas)
    for table in list(tree.find_all(exp.Table)):
        if table.name in names and _step(table, table.name) is None:
            table.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(names[table.name]))
    for window in list(tree.find_all(exp.Window)):
        _spell_out_window(window)
    for part in reversed(list(tree.walk(bfs=True))):  # what is inside comes first
        made = _rewritten(part)
        if made is not part:
            part.replace(keep_kind(made, part))
    return tree.sql(_SPARK, identify=True, comments=False)


def _rewritten(part: exp.Expr) -> exp.Expr:
    if isinstance(part, exp.Anonymous) and part.name.lower() in _CALLS:
        return _call(_CALLS[part.name.lower()], *part.expressions)
    if type(part) in _REWRITES:
        return _REWRITES[type(part)](part)
    if type(part) in _SAME:
        return part
    raise NotTranslated(type(part).__name__, part)


def _call(name: str, *arguments: exp.Expr | int | str) -> exp.Expr:
    """A function of Spark's by its name, so that sqlglot makes nothing else of it."""
    given = [
        each.copy()
        if isinstance(each, exp.Expr)
        else exp.Literal.string(each)
        if isinstance(each, str)
        else exp.Literal.number(each)
        for each in arguments
    ]
    return exp.Anonymous(this=name, expressions=given)


def _as(value: exp.Expr, type_: str) -> exp.Expr:
    return exp.Cast(this=value.copy(), to=exp.DataType.build(type_, dialect=_SPARK))


def _filled(text: str, **parts: exp.Expr) -> exp.Expr:
    """A piece of Spark SQL with parts of the query in the places of these names."""
    return sqlglot.parse_one(text, read=_SPARK).transform(
        lambda each: parts[each.name].copy() if isinstance(each, exp.Column) and each.name in parts else each
    )


# --- names ---


def _step(part: exp.Expr, name: str) -> exp.CTE | None:
    """The step of this name that can be seen from a part of the query."""
    inside, parent = part, part.parent
    while parent:
        with_ = parent if isinstance(parent, exp.With) else parent.args.get("with_")
        if isinstance(with_, exp.With) and with_ is not inside:
            for step in with_.expressions:
                if step is inside:
                    break  # a step sees those before it
                if step.alias == name:
                    return step  # type: ignore[no-any-return]
        inside, parent = parent, parent.parent
    return None


def _by_place(union: exp.Union, schemas: Mapping[str, pa.Schema]) -> None:
    """Have a `union all by name` name the columns of both sides in one order."""
    sides = {"this": union.this, "expression": union.expression}
    columns = {side: _columns(query, schemas) for side, query in sides.items()}
    every = list(dict.fromkeys(name for names in columns.values() for name in names))
    for side, query in sides.items():
        if columns[side] != every:
            taken = [
                exp.column(name, quoted=True)
                if name in columns[side]
                else exp.alias_(exp.null(), name, quoted=True)
                for name in every
            ]
            inside = query.unnest().copy()
            union.set(side, exp.select(*taken, copy=False).from_(exp.Subquery(this=inside), copy=False))
    union.set("by_name", False)


def _columns(query: exp.Expr, schemas: Mapping[str, pa.Schema]) -> list[str]:
    """The names of a query's columns, in their order."""
    query = query.unnest()
    if isinstance(query, exp.Union):
        both = [*_columns(query.this, schemas), *_columns(query.expression, schemas)]
        return list(dict.fromkeys(both)) if query.args.get("by_name") else _columns(query.this, schemas)
    names: list[str] = []
    for each in query.expressions:
        if not isinstance(each, exp.Star):
            names.append(each.alias_or_name)
            continue
        if query.args.get("joins") or each.args.get("replace"):
            raise NotTranslated("columns that are not named", query)
        left_out = {column.name for column in each.args.get("except_") or ()}
        names += [name for name in _columns_of(query.args["from_"].this, schemas) if name not in left_out]
    return names


def _columns_of(source: exp.Expr, schemas: Mapping[str, pa.Schema]) -> list[str]:
    if not isinstance(source, exp.Table):
        return _columns(source, schemas)
    step = _step(source, source.name)
    return _columns(step.this, schemas) if step else list(schemas[source.name].names)


def _spell_out_conditions(select: exp.Select, schemas: Mapping[str, pa.Schema]) -> None:
    """Put what stands behind a name that the query itself gives, where a condition has the name."""
    given = {each.alias: each.this for each in select.expressions if isinstance(each, exp.Alias)}
    where = select.args.get("where")
    asked = [each for each in (where.find_all(exp.Column) if where else ()) if each.parent_select is select]
    asked = [each for each in asked if each.name in given and not each.table]
    if not asked:
        return
    sources = [select.args["from_"].this, *(join.this for join in select.args.get("joins") or ())]
    there = {name for source in sources for name in _columns_of(source, schemas)}
    for column in asked:
        if column.name not in there:
            column.replace(exp.paren(given[column.name].copy()))


def _spell_out_window(window: exp.Window) -> None:
    """Put a window that another is made of in its place: Spark takes a name alone, or none."""
    name = window.args.get("alias")
    if (
        not name
        or not (window.args.get("order") or window.args.get("spec"))
        or isinstance(window.this, exp.Identifier)  # it is the one that is named
    ):
        return
    select = window.parent_select
    for named in (select.args.get("windows") or ()) if select else ():
        if named.name == name.name:
            window.set("alias", None)
            window.set("partition_by", [each.copy() for each in named.args.get("partition_by") or ()])
            if named.args.get("order") and not window.args.get("order"):
                window.set("order", named.args["order"].copy())


# --- dates and numbers ---


def _add(sum_: exp.Add) -> exp.Expr:
    for date, days in ((sum_.left, sum_.right), (sum_.right, sum_.left)):
        if kind_of(date) is Kind.DATE:
            return _call("date_add", date, _as(days, "int"))
    return sum_


def _sub(difference: exp.Sub) -> exp.Expr:
    left, right = difference.left, difference.right
    if kind_of(left) is not Kind.DATE:
        return difference
    if kind_of(right) is Kind.DATE:
        return _as(_call("date_diff", left, right), "bigint")
    return _call("date_sub", left, _as(right, "int"))


def _div(quotient: exp.Div) -> exp.Expr:
    """A quotient of doubles; by nothing it is infinite or not a number, and no fault."""
    over, under = _as(quotient.left, "double"), _as(quotient.right, "double")
    if isinstance(quotient.right, exp.Literal) and float(quotient.right.this):
        return _filled("(over_ / under_)", over_=over, under_=under)
    return _filled(
        "case when under_ <> 0 then over_ / under_ "
        "when under_ = 0 and over_ > 0 then double('Infinity') "
        "when under_ = 0 and over_ < 0 then double('-Infinity') "
        "when under_ = 0 and over_ is not null then double('NaN') end",
        over_=over,
        under_=under,
    )


def _cast(cast: exp.Cast) -> exp.Expr:
    from_ = kind_of(cast.this)
    if cast.to.is_type(exp.DType.INT128):
        cast.set("to", exp.DataType.build("decimal(38, 0)", dialect=_SPARK))
    elif cast.to.is_type(*exp.DataType.INTEGER_TYPES) and from_ is Kind.DOUBLE:
        cast.set("this", _call("rint", cast.this))  # Spark cuts off what DuckDB rounds, halves to the even
    elif cast.to.is_type(*exp.DataType.TEXT_TYPES):
        if from_ is Kind.LIST:
            return _list_as_text(cast.this)
        if from_ is Kind.DOUBLE:
            raise NotTranslated("a double as text", cast)
    return cast


def _quantile_disc(values: exp.Expr, share: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """The least value that at least this share of the values does not exceed, in its own type."""
    listed = _call("array_sort", _where(_call("array_agg", values), condition))
    count = _where(exp.Count(this=values.copy()), condition)
    place = f"greatest(1, cast(ceil(count_ * cast({float(share.name)!r} as double)) as int))"
    return _call("try_element_at", listed, _filled(place, count_=count))


def _where(aggregate: exp.Expr, *conditions: exp.Expr | None) -> exp.Expr:
    given = [each.copy() for each in conditions if each is not None]
    if not given:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*given, copy=False)))


def _filtered(filter_: exp.Filter) -> exp.Expr:
    """An aggregate that looks at some rows only, where the aggregate is said otherwise."""
    aggregate, condition = filter_.this, filter_.expression.this
    if isinstance(aggregate, exp.ArrayAgg):
        return _listed(aggregate, condition)
    if isinstance(aggregate, exp.PercentileDisc):
        return _quantile_disc(aggregate.this, aggregate.expression, condition)
    if isinstance(aggregate, (exp.ArgMin, exp.ArgMax)):
        return _arg_min(aggregate, condition)
    return filter_


def _alone(make: Callable[[exp.Expr, exp.Expr | None], exp.Expr]) -> Callable[[exp.Expr], exp.Expr]:
    """Say an aggregate otherwise unless it looks at some rows only; see `_filtered`."""
    return lambda part: part if isinstance(part.parent, exp.Filter) else make(part, None)


def _arg_min(least: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """The value beside the least; where the value is blank the row does not count."""
    name = "min_by" if isinstance(least, exp.ArgMin) else "max_by"
    is_there = exp.Not(this=exp.Is(this=least.this.copy(), expression=exp.null()))
    return _where(_call(name, least.this, least.expression), is_there, condition)


# --- lists ---


def _listed(agg: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """A list, blanks among it, in its order; nothing, not an empty list, where there was nothing."""
    value, order = agg.this, []
    if isinstance(value, exp.Order):
        value, order = value.this, value.expressions
    if isinstance(value, exp.Distinct):
        (value,) = value.expressions
        listed = _where(_call("array_agg", exp.Distinct(expressions=[value.copy()])), condition)
        if order and [each.this for each in order] != [value]:
            raise NotTranslated("a list in another order than that of its values", agg)
        if not _says_not_null(condition, value):
            each = exp.Distinct(expressions=[_call("named_struct", "v", value)])
            listed = _filled(
                "transform(listed_, e -> e.v)", listed_=_where(_call("array_agg", each), condition)
            )
        if order:
            listed = _in_order(listed, is_down=bool(order[0].args.get("desc")))
    elif not order and _says_not_null(condition, value):
        listed = _where(_call("array_agg", value), condition)
    else:
        keys = {f"k{place}": each for place, each in enumerate(order)}
        if any(each.args.get("nulls_first") for each in order):
            raise NotTranslated("a list with blanks first", agg)
        pairs = [part for name, each in keys.items() for part in (name, each.this)]
        listed = _where(_call("array_agg", _call("named_struct", *pairs, "v", value)), condition)
        if keys:
            comparisons = [
                _comparison(key, is_down=bool(each.args.get("desc"))) for key, each in keys.items()
            ]
            steps = " ".join(comparisons)
            listed = _filled(f"array_sort(listed_, (l, r) -> case {steps} else 0 end)", listed_=listed)
        listed = _filled("transform(listed_, e -> e.v)", listed_=listed)
    return _call("nullif", listed, _call("array"))


def _comparison(key: str, *, is_down: bool) -> str:
    """The steps of a comparison of two structs by a key; blanks come last."""
    less, more = (1, -1) if is_down else (-1, 1)
    return (
        f"when l.{key} is null and r.{key} is not null then 1 "
        f"when l.{key} is not null and r.{key} is null then -1 "
        f"when l.{key} < r.{key} then {less} when l.{key} > r.{key} then {more}"
    )


def _in_order(listed: exp.Expr, *, is_down: bool) -> exp.Expr:
    """A list in its values' order, blanks last."""
    return _call("sort_array", listed, exp.false()) if is_down else _call("array_sort", listed)


def _says_not_null(condition: exp.Expr | None, value: exp.Expr) -> bool:
    return condition == exp.Not(this=exp.Is(this=value, expression=exp.null()))


def _list_sort(sort: exp.ArraySort) -> exp.Expr:
    direction = sort.args.get("asc")
    return _in_order(sort.this, is_down=isinstance(direction, exp.Boolean) and not direction.this)


def _list_as_text(value: exp.Expr) -> exp.Expr:
    """A list of texts as DuckDB writes it: `[a, 'b, c', NULL]`."""
    odd = _call("rlike", exp.column("e"), r"""(?s)\A\z|\A\s|\s\z|[\[\]{}(),:;='"\\]|\A(?i:null)\z""")
    spared = _call("regexp_replace", exp.column("e"), r"""(['\\])""", r"\\$1")
    written = _filled(
        "case when e is null then 'NULL' when odd_ then concat('\\'', spared_, '\\'') else e end",
        odd_=odd,
        spared_=spared,
    )
    return _filled(
        "'[' || array_join(transform(value_, e -> written_), ', ') || ']'", value_=value, written_=written
    )


def _bracket(bracket: exp.Bracket) -> exp.Expr:
    """One of a list, or the beginning of a list or a text."""
    (place,) = bracket.expressions
    if not isinstance(place, exp.Slice):
        return _call("get", bracket.this, place)  # sqlglot has made it count from 0
    if place.args.get("this") is not None or not isinstance(place.expression, exp.Literal):
        raise NotTranslated("a part that is not the beginning", bracket)
    name = "slice" if kind_of(bracket.this) is Kind.LIST else "substring"
    return _call(name, bracket.this, 1, place.expression)


# --- text ---


def _cased(text: exp.Upper | exp.Lower) -> exp.Expr:
    """Capital or small letters, one for each: Java makes several of some, and goes by their neighbours."""
    name = "upper" if isinstance(text, exp.Upper) else "lower"
    letters, made = _letters_of_several(name)
    meanwhile = "".join(chr(0x10F000 + place) for place in range(len(letters)))
    spared = _call(name, _call("translate", text.this, letters, meanwhile))
    return _filled(
        "case when octet_length(text_) = char_length(text_) then plain_ else put_back_ end",
        text_=text.this,
        plain_=_call(name, text.this),
        put_back_=_call("translate", spared, meanwhile, made),
    )


@cache
def _letters_of_several(name: str) -> tuple[str, str]:
    """Letters of which Java makes several, or one or the other, and what DuckDB makes of each."""
    several = (letter for letter in map(chr, range(0x10000)) if len(getattr(letter, name)()) > 1)
    letters = "".join(several) + "Σ" * (name == "lower")
    with duckdb.connect() as connection:
        ((made,),) = connection.execute(f"select {name}($1)", [letters]).fetchall()
    return letters, made


def _trim(trim: exp.Trim) -> exp.Expr:
    if trim.expression or trim.args.get("position"):
        raise NotTranslated("a trim of other letters than blanks, or of one end", trim)
    return trim


def _regexp(found: exp.Expr) -> exp.Expr:
    pattern = java_pattern(_text(found, found.expression))
    if isinstance(found, exp.RegexpExtract):
        return _call("regexp_extract", found.this, pattern, found.args.get("group") or 0)
    whole = f"\\A(?:{pattern})\\z" if isinstance(found, exp.RegexpFullMatch) else pattern
    return _call("rlike", found.this, whole)


def _regexp_replace(replaced: exp.RegexpReplace) -> exp.Expr:
    pattern, put = _text(replaced, replaced.expression), _text(replaced, replaced.args["replacement"])
    modifiers = replaced.args.get("modifiers")
    is_once = modifiers is None and not pattern.endswith("$")  # Spark replaces all
    if is_once or (modifiers is not None and modifiers.name != "g") or set(put) & {"\\", "$"}:
        raise NotTranslated("such a replacement", replaced)
    return _call("regexp_replace", replaced.this, java_pattern(pattern), put)


def _text(part: exp.Expr, given: exp.Expr) -> str:
    if isinstance(given, exp.Literal) and given.is_string:
        return str(given.this)
    raise NotTranslated("a pattern that is worked out", part)


def _levenshtein(distance: exp.Levenshtein) -> exp.Expr:
    """Counted in bytes: each is read as a letter."""
    texts = (distance.this, distance.expression)
    read = [_call("decode", _call("encode", text, "UTF-8"), "ISO-8859-1") for text in texts]
    return _as(_call("levenshtein", *read), "bigint")


def _length(length: exp.Length) -> exp.Expr:
    name = "array_size" if kind_of(length.this) is Kind.LIST else "char_length"
    return _as(_call(name, length.this), "bigint")


def _range(range_: exp.GenerateSeries) -> exp.Expr:
    if not isinstance(range_.parent, exp.Table) or not range_.args.get("is_end_exclusive"):
        raise NotTranslated("a range that is no table", range_)
    return _call("range", range_.args["start"], range_.args["end"])


_REWRITES: Mapping[type[exp.Expr], Callable[..., exp.Expr]] = {
    exp.Add: _add,
    exp.Sub: _sub,
    exp.Div: _div,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Avg: lambda part: exp.Avg(this=_as(part.this, "double")),  # Spark's of decimals is a short decimal
    exp.Filter: _filtered,
    exp.ArrayAgg: _alone(_listed),
    exp.PercentileDisc: _alone(lambda part, none: _quantile_disc(part.this, part.expression, none)),
    exp.ArgMin: _alone(_arg_min),
    exp.ArgMax: _alone(_arg_min),
    exp.ArrayDistinct: lambda part: _call("array_compact", _call("array_distinct", part.this)),
    exp.ArraySort: _list_sort,
    exp.Bracket: _bracket,
    exp.Explode: lambda part: _call("explode", part.this),
    exp.Length: _length,
    exp.Window: lambda part: _as(part, "bigint") if isinstance(part.this, exp.RowNumber) else part,
    exp.Year: lambda part: _as(part, "bigint"),
    exp.Month: lambda part: _as(part, "bigint"),
    exp.Upper: _cased,
    exp.Lower: _cased,
    exp.Trim: _trim,
    exp.RegexpLike: _regexp,
    exp.RegexpFullMatch: _regexp,
    exp.RegexpExtract: _regexp,
    exp.RegexpReplace: _regexp_replace,
    exp.Split: lambda part: _call("split", part.this, rf"\Q{_text(part, part.expression)}\E", -1),
    exp.Levenshtein: _levenshtein,
    exp.GenerateSeries: _range,
}
_CALLS: Mapping[str, str] = {
    "hash": "xxhash64",  # other numbers, and as good to tell apart
    "strlen": "octet_length",
    "printf": "format_string",
}
