"""Records that agree where each should be its own: an account of several people, a person twice."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from specs.check_record import NotChecked
from specs.checks.people import NINO_FORM, NINO_NEVER_ISSUED
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, row_findings, severity_of
from specs.data_set.set_apart import SetApart, SharedKey
from specs.data_set.shared_rows import first_rows_of, other_rows
from specs.quoting import quoted
from specs.specification import Agreement, FieldFormat, Specification, SpecifiedField

_TEXTS = {FieldFormat.CHARACTER, FieldFormat.NUMBER}


MOST_TOLD = 500_000
"""Records that share something, above which they are not told one by one: the number is not their own."""
_FEW = 1_000_000_000
"""Records that lack something times all records, up to which few records (some 50,000) share their day."""


def agreements(context: AcrossContext, apart: SetApart) -> AcrossFindings:
    """One finding for each record that agrees with another as a rule describes; the same row once per code.

    The value is that of the rule's first column; the detail names up to three of the other rows and
    what differs. A number shared by k records gives k findings.

    Args:
        context: the data set.
        apart: the records that may agree by `agreement_keys`.
    """
    found: dict[Code, list[pa.Table]] = {}
    skipped: list[NotChecked] = []
    for rule in context.specification.across.agreements:
        code = Code(rule.check)
        if reason := _why_not(rule, context):
            skipped.append(not_checked(code, reason))
            continue
        key = _key(rule, context)
        count = apart.counts.get(key, 0)
        if not count:
            continue
        if count > MOST_TOLD and not rule.blank_in_one:
            begins = context.specification.by_column[rule.same[0]].name
            reason = (
                f"more than {MOST_TOLD:,} records share their {begins} with another: look at the column first"
            )
            skipped.append(not_checked(code, reason))
            continue
        different = [name for name in rule.different if name in context.columns]
        query = agreement_query(context.specification, rule, different)
        shared = context.engine.sql(query, records=apart.records[key])
        fields = context.fields([*rule.same, *different])
        detail = _with_what_differs(shared, context.fields(different), context)
        findings = row_findings(code, severity_of(rule, *fields), fields[0].name, shared, detail)
        earlier = found.setdefault(code, [])
        for each in earlier:
            findings = findings.filter(pc.invert(pc.is_in(findings.column("row"), each.column("row"))))
        earlier.append(findings)
    tables = [each for tables in found.values() for each in tables]
    return AcrossFindings(
        pa.concat_tables(tables) if tables else AcrossFindings().rows, not_checked=tuple(skipped)
    )


def agreement_keys(context: AcrossContext) -> list[SharedKey]:
    """What records have in common before a rule looks at them closely, for each rule that can be followed."""
    rules = [rule for rule in context.specification.across.agreements if not _why_not(rule, context)]
    keys = [_key(rule, context) for rule in rules]
    return [
        key
        for rule, key in zip(rules, keys, strict=True)
        if not rule.blank_in_one or _blanks(rule.blank_in_one, context)
    ]


def _why_not(rule: Agreement, context: AcrossContext) -> str:
    """Why a rule cannot be followed; empty where it can."""
    blank = [rule.blank_in_one] if rule.blank_in_one else []
    if reason := context.absent(*rule.same, *blank):
        return reason
    has_different = any(name in context.columns for name in rule.different)
    return "" if has_different else context.absent(*rule.different)


def _key(rule: Agreement, context: AcrossContext) -> SharedKey:
    """The rule's first column. Where one record must lack something, what is quickest to compare instead:

    a date will do beside a few such records, and all that must be the same beside many.
    """
    rules = [
        each
        for each in context.specification.across.agreements
        if each.same[0] == rule.same[0] and each.blank_in_one == rule.blank_in_one
    ]
    fields = [context.specification.by_column[name] for name in rule.same]
    if rule.blank_in_one:
        fields.sort(key=lambda field: field.format in _TEXTS)
        if _blanks(rule.blank_in_one, context) * context.rows <= _FEW:
            del fields[1:]
    else:
        del fields[1:]
    return SharedKey(
        parts=tuple(_as_compared(field) for field in fields),
        filled=" and ".join(f"{quoted(field.column)} is not null" for field in fields),
        with_one=f"{quoted(rule.blank_in_one)} is null" if rule.blank_in_one else None,
        columns=tuple(dict.fromkeys(name for each in rules for name in _columns_of(each))),
    )


def _blanks(column: str, context: AcrossContext) -> int:
    """In how many records a column is blank."""
    profile = context.profiles().get(column)
    return context.rows if profile is None else context.rows - profile.filled


def _columns_of(rule: Agreement) -> tuple[str, ...]:
    """Every column that a rule looks at, once each."""
    blank = (rule.blank_in_one,) if rule.blank_in_one else ()
    return tuple(dict.fromkeys((*rule.same, *rule.same_or_blank, *rule.different, *blank)))


def agreement_query(specification: Specification, rule: Agreement, different: Sequence[str]) -> str:
    """The query for records that agree as a rule describes.

    Args:
        specification: how its columns are compared: National Insurance numbers by their first eight
            characters, sort codes without hyphens, other text without regard to case and blanks.
        rule: what must be the same.
        different: those of the rule's columns, one of which must differ, that the extract has.

    Returns:
        source_row, value, key_records, row_1 and so on, and for each column of `different`
        whether it differs: differs_1 and so on.
    """
    fields = [specification.by_column[name] for name in (*rule.same, *rule.same_or_blank)]
    key = [f"same_{place}" for place, _field in enumerate(fields, start=1)]
    lacking = set(rule.different) - set(different)
    keyed_columns = ", ".join(quoted(name) for name in _columns_of(rule) if name not in lacking)
    compared = ",\n        ".join(
        f"{_as_compared(field)} as {name}" for field, name in zip(fields, key, strict=True)
    )
    filled = "\n      and ".join(f"{quoted(name)} is not null" for name in rule.same)
    may_differ = "\n        or ".join(f"min({quoted(name)}) <> max({quoted(name)})" for name in different)
    blank_in_one = (
        f"\n      and count({quoted(rule.blank_in_one)}) < count(*)    -- one of them has none"
        if rule.blank_in_one
        else ""
    )
    issued = "".join(
        f"\n      and regexp_matches({name}, '{NINO_FORM}')"
        f"\n      and not regexp_matches({name}, '{NINO_NEVER_ISSUED}')"
        for field, name in zip(fields, key, strict=True)
        if _is_nino(field)
    )
    same_key = "\n        and ".join(f"keyed.{name} is not distinct from agreeing.{name}" for name in key)
    partition = ", ".join(key)
    differs = ",\n        ".join(
        f"min({_plain(specification.by_column[name])}) over (partition by {partition})\n"
        f"            <> max({_plain(specification.by_column[name])}) over (partition by {partition}) "
        f"as differs_{place}"
        for place, name in enumerate(different, start=1)
    )
    differences = [f"differs_{place}" for place, _name in enumerate(different, start=1)]
    return f"""\
with
keyed as (              -- one row per record that fills what must be the same
    select
        source_row, {keyed_columns},
        {compared}
    from records
    where {filled}
),
agreeing as (           -- one row per key that records have which may differ otherwise
    select {partition}, count(*) as key_records
    from keyed
    group by {partition}
    having count(*) > 1
      and ({may_differ}){blank_in_one}{issued}
),
placed as (             -- the records of those keys, counted within their key
    select
        keyed.*, agreeing.key_records,
        row_number() over (partition by {", ".join(f"keyed.{name}" for name in key)} order by keyed.source_row) as place
    from keyed
    join agreeing
        on {same_key}
),
told as (               -- the same records: what differs within their key, apart from spelling, and its first rows
    select
        source_row, {quoted(rule.same[0])} as value, key_records,
        {differs},
        {first_rows_of(key, " " * 8)}
    from placed
)
select *
from told
where {" or ".join(differences)}
order by source_row
"""  # noqa: S608, E501 (identifiers from a checked specification only)


def _is_nino(field: SpecifiedField) -> bool:
    return any(use.name == "nino" for use in field.checks)


def _as_compared(field: SpecifiedField) -> str:
    """A column as it must agree: quick, since every record is compared."""
    column = quoted(field.column)
    if field.format not in _TEXTS:
        return column
    if _is_nino(field):  # numbers are unique without their last letter
        without_blanks = (
            f"case when contains({column}, ' ') then replace({column}, ' ', '') else {column} end"
        )
        return f"left(upper({without_blanks}), 8)"
    if any(use.name == "sort_code" for use in field.checks):
        return f"replace(replace({column}, '-', ''), ' ', '')"
    return f"upper({column})"


def _plain(field: SpecifiedField) -> str:
    """A column as it may differ: O'Brien and OBRIEN, Smith Jones and Smith-Jones do not."""
    column = quoted(field.column)
    return (
        f"translate(upper({column}), ' -.''\N{RIGHT SINGLE QUOTATION MARK}', '')"
        if field.format in _TEXTS
        else column
    )


def _with_what_differs(
    shared: pa.Table, different: Sequence[SpecifiedField], context: AcrossContext
) -> pa.Array:
    """'also on row 12; differs: Surname, Date of birth' for each record."""
    names = [
        pc.if_else(pc.fill_null(shared.column(f"differs_{place}"), False), field.name, None)
        for place, field in enumerate(different, start=1)
    ]
    differing = pc.binary_join_element_wise(*names, ", ", null_handling="skip")
    return pc.binary_join_element_wise(other_rows(shared, context), "; differs: ", differing, "")
