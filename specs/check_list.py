"""Every check that can raise a finding, and which fields of which data sets it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from specs.check_descriptions import CheckDescription, check_descriptions
from specs.checks import FIELD_CHECKS, UNREADABLE
from specs.checks.any_text import ODD_TEXT
from specs.specification import AcrossRule, Need, Specification, SpecifiedField, Vat

OF_THE_DATA_SET = {
    "one_employer": ("several_employers",),
    "period": ("outside_period", "period_not_covered"),
    "months": ("month_missing",),
    "whole_months": ("month_cut_off",),
    "filled": ("few_filled",),
    "varied": ("column_constant",),
    "default_dates": ("default_date",),
    "leading_zeros": ("leading_zeros_lost",),
    "usual": ("unusual_sums",),
    "zeros": ("many_zeros",),
    "signs": ("credit_notes", "no_credit_notes", "signs_swapped"),
    "vat": ("vat_all_nil", "vat_worked_out"),
}
"""The codes that stand behind each entry of a specification under `across`."""


_MOST_NAMED = 12  # fields of one data set; more are counted


@dataclass(frozen=True, slots=True)
class ListedCheck:
    """One check in words, and where it is used."""

    description: CheckDescription
    used: dict[str, tuple[str, ...]]
    """Published names of the fields by data set; none where it looks at every extract as a whole."""

    @property
    def severity(self) -> str:
        """How much a finding matters."""
        severity = str(self.description.severity)
        return "as the specification says" if severity == "specified" else severity

    @property
    def used_in_words(self) -> str:
        """'payroll (Sort code); pensions (23 fields)', or 'any data set'."""
        return "; ".join(_fields(dataset, names) for dataset, names in self.used.items()) or "any data set"


def _fields(dataset: str, names: tuple[str, ...]) -> str:
    listed = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} fields"
    return f"{dataset} ({listed})" if names else dataset


def listed_checks(specifications: Iterable[Specification]) -> list[ListedCheck]:
    """Every check in the order of checks.yaml, with the fields of these specifications that it looks at."""
    used: dict[str, dict[str, dict[str, None]]] = {}
    for specification in specifications:
        for code, name in _uses(specification):
            fields = used.setdefault(code, {}).setdefault(specification.dataset, {})
            fields |= {name: None} if name else {}
    return [
        ListedCheck(
            description, {dataset: tuple(names) for dataset, names in used.get(description.code, {}).items()}
        )
        for description in check_descriptions().values()
    ]


def checks_page(checks: Iterable[ListedCheck], *, exercise: str) -> str:
    """The list as Markdown: a table to find a code in, then each check in full."""
    listed = list(checks)
    lines = [
        "# Checks",
        "",
        "Every finding carries one of these codes. An *error* stops the submission, a *warning* needs a",
        "look, a *note* says what was assumed. Where a field or a rule is recalled or not confirmed, nothing",
        "is more than a warning ([why](decisions/0001-evidence-limits-severity.md)).",
        "",
        "Written by `nfi specs checks --markdown`; the fields are those of nfi's own catalogue for "
        f"{exercise}.",
        "",
        "| code | finding | severity |",
        "| --- | --- | --- |",
        *(
            f"| [{c.description.code}](#{c.description.code}) | {c.description.title} | {c.severity} |"
            for c in listed
        ),
    ]
    for check in listed:
        said = check.description
        lines += [
            "",
            f"## {said.code}",
            "",
            f"**{said.title}** ({check.severity}; {said.evidence}). {said.message}",
            "",
            f"What to do: {said.guidance}",
            "",
            f"Looks at: {check.used_in_words}.",
        ]
    return "\n".join(lines) + "\n"


def _uses(specification: Specification) -> Iterator[tuple[str, str]]:
    """Each code with the name of a field that its check looks at; '' where it looks at whole records."""
    names = {field.column: field.name for field in specification.fields}
    for field in specification.fields:
        for code in _codes_of(field):
            yield code, field.name
    for rule in specification.record_checks:
        yield from ((rule.check, names[column]) for column in rule.columns)
    yield from (("duplicate_key", names[column]) for column in specification.key.columns)
    for reference in specification.references:
        yield "reference", names[reference.column]
        if reference.unreferenced:
            yield "unreferenced", names[reference.column]
    for agreement in specification.across.agreements:
        yield from ((agreement.check, names[column]) for column in agreement.same)
    for entry, codes in OF_THE_DATA_SET.items():
        rules = getattr(specification.across, entry)
        found: tuple[AcrossRule, ...] = rules if isinstance(rules, tuple) else (rules,) if rules else ()
        for each in found:
            columns = [each.amount] if isinstance(each, Vat) else getattr(each, "columns", ())
            yield from (
                (code, name) for code in codes for name in [names[column] for column in columns] or [""]
            )


def _codes_of(field: SpecifiedField) -> Iterator[str]:
    if field.required is not Need.NO:
        yield "required"
    if field.format in UNREADABLE:
        yield str(field.format)
    for use in field.checks:
        yield from (check.code for check in FIELD_CHECKS.get(use.name, ()))
    yield from (check.code for check in ODD_TEXT.for_field(field).checks)
