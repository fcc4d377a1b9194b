"""Text that lost something on its way: cut at a common length, zeros in front gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from specs.check_record import FieldProfile, NotChecked
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, severity_of
from specs.data_set.few_values import counted_values
from specs.data_set.wording import records_in_words, share_in_words
from specs.finding import WholeFinding
from specs.quoting import quoted
from specs.specification import FieldFormat, LeadingZeros

_LEAST_LENGTH = 12
"""Characters from which on a column of several words may have been cut."""
_WITHOUT_BLANKS = frozenset({"nino", "email", "post_code", "sort_code", "account_number", "vat_number"})
"""Checks of a form that is no text of several words: their columns need not be read."""
_LEAST_DIFFERENT = 20
"""Different values of the greatest length that a column must have; the longest of all come alone."""
_NEARBY = 2
"""Lengths below the greatest that are compared with it: one too short where a cut value ended in a blank."""
_LEAST_NUMBERS = 100
"""Numbers among which some begin with a zero, if zeros were not lost: one in ten does."""


def texts(context: AcrossContext) -> AcrossFindings:
    """Findings on columns whose values were cut at a common length, or lost their zeros in front."""
    zeros = context.specification.across.leading_zeros
    absent = [name for rule in zeros for name in rule.columns if name not in context.columns]
    skipped: list[NotChecked] = []
    if absent:
        skipped.append(not_checked(Code.LEADING_ZEROS_LOST, context.absent(*absent)))
    found = [*_cut(context), *_zeros_lost(zeros, context)]
    return AcrossFindings(whole=tuple(found), not_checked=tuple(skipped))


def _cut(context: AcrossContext) -> Iterator[WholeFinding]:
    """A finding on each column in which surprisingly many different values have the greatest length."""
    looked_at = {
        name: profile for name, profile in context.profiles().items() if _can_be_cut(name, profile, context)
    }
    if not looked_at:
        return
    greatest = {name: profile.longest or 0 for name, profile in looked_at.items()}
    counted = counted_values(context, greatest)
    query = lengths_query(greatest, counted=greatest.keys() & context.few_values.keys())
    rows = context.engine.sql(query, records=context.records, spelt=counted).to_pylist()
    different: dict[str, dict[int, int]] = defaultdict(dict)
    records: dict[str, int] = {}
    for row in rows:
        different[row["column_name"]][row["characters"]] = row["different"]
        if row["characters"] == greatest[row["column_name"]]:
            records[row["column_name"]] = row["records"]
    for name, by_length in different.items():
        longest = greatest[name]
        at_most = by_length.pop(longest, 0)
        # lengths thin out towards the greatest one; at a length where values were cut, they pile up
        stands_out = at_most > max(by_length.values(), default=0)
        is_fixed_form = records.get(name, 0) * 4 >= 3 * looked_at[name].filled
        if at_most >= _LEAST_DIFFERENT and stands_out and not is_fixed_form:
            detail = (
                f"{at_most:,} different values have exactly {longest} characters, and none is longer; "
                f"of {longest - 1} characters there are {by_length.get(longest - 1, 0):,}"
            )
            field = context.specification.by_column[name]
            yield WholeFinding(Code.VALUES_CUT, field.name, None, detail)


def _can_be_cut(column: str, profile: FieldProfile, context: AcrossContext) -> bool:
    field = context.specification.by_column[column]
    has_form = any(use.name in _WITHOUT_BLANKS for use in field.checks)
    if (
        field.format is not FieldFormat.CHARACTER
        or has_form
        or profile.longest is None
        or profile.shortest is None
    ):
        return False
    varies = profile.distinct > _LEAST_DIFFERENT and profile.shortest < profile.longest - _NEARBY
    return varies and profile.longest >= _LEAST_LENGTH


def lengths_query(greatest: Mapping[str, int], *, counted: Collection[str]) -> str:
    """The query for the values of several words near the greatest length of their column.

    Values that end in a figure are left out: numbers that are written in groups have lengths of their own.

    Args:
        greatest: by column name, how many characters its longest value has.
        counted: those columns whose values stand in `spelt`, with their number of records.

    Returns:
        column_name, characters, records, different (values).
    """
    near = "\n    union all\n".join(
        f"""\
    select column_name, value, records
    from spelt
    where column_name = '{name}' and strlen(value) >= {longest - _NEARBY}"""  # noqa: S608 (identifiers from a checked specification only)
        if name in counted
        else f"""\
    select '{name}' as column_name, {quoted(name)} as value, count(*) as records
    from records
    where strlen({quoted(name)}) >= {longest - _NEARBY}
    group by {quoted(name)}"""  # noqa: S608 (identifiers from a checked specification only)
        for name, longest in greatest.items()
    )
    is_near = "\n    or ".join(
        f"column_name = '{name}' and length(value) >= {longest - _NEARBY}"
        for name, longest in greatest.items()
    )
    return f"""\
with
longest as (            -- one row per value near the greatest length, in bytes: no value has more characters
{near}
)
select                  -- one row per column and length
    column_name,
    length(value) as characters,
    cast(sum(records) as bigint) as records,
    count(*) as different
from longest
where contains(value, ' ')
  and regexp_full_match(right(value, 1), '\\p{{L}}')
  and ({is_near})
group by column_name, characters
order by column_name, characters
"""  # noqa: S608 (identifiers from a checked specification only)


def _zeros_lost(rules: Sequence[LeadingZeros], context: AcrossContext) -> Iterator[WholeFinding]:
    """A finding on each column whose numbers are too short in a way that only lost zeros explain.

    Of numbers with a given length: some are shorter, and none begins with a zero. Of others, whose length
    is the system's own: most are of one length, some with zeros in front, and a few are shorter.
    """
    profiles = context.profiles()
    looked_at: list[tuple[LeadingZeros, str, int]] = []
    for rule in rules:
        for name in sorted(rule.columns):
            if name in profiles:
                length = rule.length or profiles[name].longest or 0
                if (profiles[name].shortest or 0) < length:
                    looked_at.append((rule, name, length))
    if looked_at:
        query = with_zeros_query([(name, length) for _rule, name, length in looked_at])
        found = context.engine.sql(query, records=context.records).to_pylist()
        with_zeros = {(row["column_name"], row["characters"]) for row in found}
        # one such number is soon found, and decides it for most columns: the others are counted
        looked_at = [
            (rule, name, length)
            for rule, name, length in looked_at
            if ((name, length) in with_zeros) != bool(rule.length)
        ]
    if not looked_at:
        return
    query = digits_query([(name, length) for _rule, name, length in looked_at])
    (counts,) = context.engine.sql(query, records=context.records).to_pylist()
    for place, (rule, name, length) in enumerate(looked_at, start=1):
        full, shorter, with_zero = (
            counts[f"{count}_{place}"] for count in ("full_length", "shorter", "with_zero")
        )
        field = context.specification.by_column[name]
        if full < _LEAST_NUMBERS or not shorter or shorter >= full:
            continue
        zeros = f"{with_zero:,} of them begin with a zero" if with_zero else "none of them begins with a zero"
        detail = (
            f"{full:,} numbers have {length} digits, and {zeros}; {records_in_words(shorter)} "
            f"({share_in_words(shorter, shorter + full)}) have fewer digits"
        )
        yield WholeFinding(Code.LEADING_ZEROS_LOST, field.name, severity_of(rule, field), detail)


def with_zeros_query(lengths: Sequence[tuple[str, int]]) -> str:
    """The query for the columns that hold at least one number of full length with a zero in front.

    Returns:
        column_name, characters.
    """
    found = "\n    union all\n".join(
        f"""\
    select *
    from (
        select '{name}' as column_name, {length} as characters
        from records
        where {column} >= '0' and {column} < '1'    -- a zero in front: few blocks of a file have it
          and {_is_number(column, length)}
        limit 1
    )"""  # noqa: S608 (identifiers from a checked specification only)
        for name, length in lengths
        for column in [quoted(name)]
    )
    return f"""\
with
found as (              -- one row per column that holds one
{found}
)
select *
from found
order by column_name, characters
"""  # noqa: S608 (identifiers from a checked specification only)


def _is_number(column: str, length: int) -> str:
    return f"strlen({column}) = {length} and regexp_full_match({column}, '[0-9]+')"


def digits_query(lengths: Sequence[tuple[str, int]]) -> str:
    """The query for how long numbers are: full_length_1 (letters or not), shorter_1, with_zero_1 ...

    Only what is shorter, or begins with a zero, is looked at for letters: that is quick, and enough.

    Args:
        lengths: columns, each with the length that its numbers should have.
    """
    counted = ",\n    ".join(
        f"""\
count(case when length({column}) = {length} then 1 end) as full_length_{place},
    count(case when strlen({column}) < {length} then case when {digits} then 1 end end) as shorter_{place},
    count(
        case when starts_with({column}, '0')
        then case when {_is_number(column, length)} then 1 end end
    ) as with_zero_{place}"""
        for place, (name, length) in enumerate(lengths, start=1)
        for column in [quoted(name)]
        for digits in [f"regexp_full_match({column}, '[0-9]+')"]
    )
    return f"""\
select                  -- one row
    {counted}
from records
order by 1
"""  # noqa: S608 (identifiers from a checked specification only)
