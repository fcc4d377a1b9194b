"""Do the findings of the extract, which is not in the package, agree with those of the files made from it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from outputs.submitted.manifest import DataSet, Manifest, SentFinding
from outputs.verify.verdict import Area, Verdict, same_or_differs
from outputs.written.sent_records import TEXTS
from specs.check_record import FindingCount
from specs.checks import FIELD_CHECKS, ODD_TEXT
from specs.specification import Specification, SpecifiedField

_OF_WRITING = {check.code for check in ODD_TEXT.checks}
"""Checks of how a value stood in the extract, which nobody can see in a file that is written anew."""


def extract_findings(manifest: Manifest, specification: Specification) -> Iterator[Verdict]:
    """Compare counts of findings where they have to be the same.

    A check of a value depends on the value alone (decision 0015), and text is sent as it was checked, unless
    it had to fit ASCII: so such a check finds in the files what it found in the extract.

    Args:
        manifest: of the package.
        specification: of the data set to look at.
    """
    data_set = manifest.by_data_set[specification.dataset]
    fields = {field.name: field for field in _sent_as_checked(manifest, specification)}
    then, now = _counts(data_set.findings, fields), _counts(data_set.sent.findings, fields)
    unlike = [kind for kind in dict.fromkeys((*then, *now)) if then.get(kind) != now.get(kind)]
    for kind in unlike:
        yield _verdict(
            data_set,
            f"{kind[0]}, {kind[1]} in the extract",
            same=False,
            detail=f"{then.get(kind, 0):,} in the extract by the manifest, {now.get(kind, 0):,} in its files",
        )
    if not unlike:
        yield _verdict(data_set, "findings of values in the extract and in its files", same=True)


def _sent_as_checked(manifest: Manifest, specification: Specification) -> Iterator[SpecifiedField]:
    """The fields whose text is in the files as it was in the checked records."""
    changed = {
        totals.field
        for resource in manifest.resources_of(specification.dataset)
        for totals in resource.control_totals.fields
        if totals.transliterated or totals.replaced
    }
    for field in specification.fields:
        if field.format in TEXTS and field.name not in changed:
            yield field


def _counts(
    findings: Iterable[FindingCount] | Iterable[SentFinding], fields: dict[str, SpecifiedField]
) -> dict[tuple[str, str], int]:
    return {
        (each.code, each.field): each.count
        for each in findings
        if each.field in fields and each.code in _codes(fields[each.field])
    }


def _codes(field: SpecifiedField) -> set[str]:
    """The codes of the checks that a specification names for a field."""
    return {check.code for use in field.checks for check in FIELD_CHECKS[use.name]} - _OF_WRITING


def _verdict(data_set: DataSet, what: str, *, same: bool, detail: str | None = None) -> Verdict:
    return same_or_differs(Area.CHECKS, data_set.name, what, same=same, detail=detail)
