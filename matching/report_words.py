"""A report in words: what it looks for, which innocent explanations it knows, and what its value is."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from matching.explain import known_explanations
from matching.known_reports import KnownReport
from matching.linkage.levels import known_comparisons
from matching.records import enrichments, known_fields
from matching.report import Report, Where
from matching.wording import counted, pounds
from specs.catalogues import load_specification
from specs.specification import FieldFormat, SpecifiedField


@cache
def _fields() -> Mapping[str, SpecifiedField]:
    """What every column is called in nfi's own catalogue."""
    return known_fields({dataset: load_specification(dataset) for dataset in enrichments()})


def statements(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    """What a report says, as headings with one line or several, in the order in which a person asks."""
    data = " and ".join(report.data) + (", a record of each in every case" if len(report.data) > 1 else "")
    said = [
        ("Looks at", (data,)),
        ("Takes part", tuple(_condition(report, name, where) for name, where in report.where.items())),
        ("Is added up first", tuple(_lines_in_words(report))),
        ("Must be the same", tuple(_known_as(report, name) for name in report.same)),
        ("Must be near", tuple(f"{_known_as(report, n)}: at most {d} apart" for n, d in report.near.items())),
        (
            "Must be similar",
            tuple(
                f"{_known_as(report, name)}: at least {each.least:g} alike, measured by {each.by}"
                for name, each in report.similar.items()
            ),
        ),
        ("Is compared and weighed", tuple(_comparisons(report))),
        (
            "Must differ",
            tuple(
                _known_as(report, name) + (f": at least {least} values" if least > 2 else "")
                for name, least in report.different.items()
            ),
        ),
        ("Tells too whether these agree", (", ".join(_known_as(report, name) for name in report.also_tell),)),
        (
            f"Value {report.value_is}",
            (report.value_means or f"The sum of {_known_as(report, report.value)}.",),
        ),
        (
            "Innocent explanations looked for",
            tuple(explanation_in_words(name) for name in report.explanations),
        ),
        (
            "Expected to be worth opening, where nothing explains it",
            (f"{100 * report.strength.share:g}% of its cases ({report.strength.evidence})",),
        ),
        ("Between two bodies", () if _between_bodies(report) else ("Does not run: it is about one body.",)),
    ]
    return [(heading, kept) for heading, lines in said if (kept := tuple(line for line in lines if line))]


def nfi_number(report: Report) -> str:
    """The number that NFI is believed to use, never without saying how far that is known; or a dash."""
    return str(report.nfi_report) if report.nfi_report else "-"


def whose(known: KnownReport) -> str:
    """Where a report comes from."""
    if not known.is_own:
        return "nfi"
    return f"your own, {known.file.name}" + (", in place of nfi's" if known.replaces else "")


def explanation_in_words(name: str) -> str:
    """What an explanation would say, with dots where its figures stand."""
    parts = []
    for text, field, noun, _ in string.Formatter().parse(known_explanations()[name].text):
        parts.append(text)
        if field is not None:
            parts.append("£…" if field.endswith("_pence") else f"… {noun}s" if noun else "…")
    return "".join(parts)


def _between_bodies(report: Report) -> bool:
    return report.between_bodies and not report.is_about_single_records


def _lines_in_words(report: Report) -> Iterator[str]:
    """'The lines of one invoice: …'; nothing of a report that looks at each line by itself."""
    entry = enrichments().get(report.data[0])
    if entry is None or report.lines_of not in entry.lines_of:
        return
    lines = entry.lines_of[report.lines_of]
    same = _listed(_known_as(report, name) for name in (*lines.same, *lines.same_or_blank))
    near = " and ".join(
        f"{_known_as(report, name)} at most {most} apart" for name, most in lines.next_to.items()
    )
    yield f"The lines of one {report.lines_of}: the same {same}, and {near} from line to line"


def _known_as(report: Report, column: str) -> str:
    """What the columns behind a column are called, and by which key they are compared."""
    entries = [enrichments()[dataset] for dataset in report.data if dataset in enrichments()]
    is_key = column not in _fields() and any(entry.made_of(column) for entry in entries)
    return _listed(_names_behind(report, column)) + (f" (as {column})" if is_key else "")


def _names_behind(report: Report, column: str) -> list[str]:
    """The published names of what goes into a column; the column's own where nothing is known of it."""
    entries = [enrichments()[dataset] for dataset in report.data if dataset in enrichments()]
    origins = dict.fromkeys(origin for entry in entries for origin in entry.origin(column)) or {column: None}
    return [_fields()[origin].name if origin in _fields() else origin for origin in origins]


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _comparisons(report: Report) -> Iterator[str]:
    for each in report.compare.values():
        title = known_comparisons()[each.by].title
        names = list(dict.fromkeys(name for column in each.of for name in _names_behind(report, column)))
        yield title if names == [title] else f"{title} ({_listed(names)})"


def _condition(report: Report, column: str, where: Where) -> str:
    """'Total invoice amount is above £0.00', 'Date left is filled in'."""
    said = []
    if where.above is not None:
        said.append(f"is above {_bound(column, where.above)}")
    if where.below is not None:
        said.append(f"is below {_bound(column, where.below)}")
    if where.is_:
        said.append(f"is {' or '.join(where.is_)}")
    if where.is_not:
        said.append(f"is not {' or '.join(where.is_not)}")
    if where.blank is not None:
        said.append("is blank" if where.blank else "is filled in")
    return f"{_known_as(report, column)} {' and '.join(said)}"


def _bound(column: str, bound: int) -> str:
    """A bound with its unit, where the column has one."""
    format_ = _fields()[column].format if column in _fields() else None
    if format_ is FieldFormat.MONEY:
        return pounds(bound)
    return counted(bound // 100, "hour") if format_ is FieldFormat.HOURS else f"{bound:,}"


def reports_page(known: Iterable[KnownReport]) -> str:
    """The reports as Markdown: a table to find one in, then each in full."""
    listed = sorted(known, key=lambda each: (each.report.data, -each.report.strength.share, each.report.id))
    lines = [
        "# Reports",
        "",
        "What `nfi match` looks for. A case is an inconsistency that may need a look; nothing is assumed",
        "until someone has investigated. Each report is a YAML file in `matching/reports/`;",
        "[officers.md](officers.md) says how to write one of your own. NFI's numbers are recalled and",
        "unverified. How many cases of a report are worth opening is inferred, and decides the order only.",
        "",
        "Written by `nfi reports list --markdown`.",
        "",
        "| report | brings together | data sets | NFI number |",
        "| --- | --- | --- | --- |",
    ]
    for each in listed:
        report = each.report
        cells = (f"[{report.id}](#{report.id})", report.title, ", ".join(report.data), nfi_number(report))
        lines.append(f"| {' | '.join(cells)} |")
    for each in listed:
        lines += [
            "",
            f"## {each.report.id}",
            "",
            f"**{each.report.title}.** {' '.join(each.report.about.split())}",
            "",
        ]
        for heading, said in statements(each.report):
            if len(said) == 1:
                lines.append(f"- {heading}: {said[0]}")
            else:
                lines += [f"- {heading}:", *(f"  - {line}" for line in said)]
    return "\n".join(lines) + "\n"
