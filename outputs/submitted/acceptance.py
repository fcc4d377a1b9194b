"""Errors that are sent on purpose: somebody says why, and the manifest keeps who and how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from outputs.one_line import unbroken
from outputs.submitted.manifest import AcceptedErrors, SentCheck
from specs.check_descriptions import check_descriptions
from specs.check_record import FindingCount
from specs.errors import NfiError
from specs.headings import nearest, shown
from specs.specification import Severity

SENT_BLANK = frozenset({"date", "money", "hours"})
"""Codes of checks whose findings are values without a typed form (specs.parse): they are sent blank."""

Errors = Mapping[str, int]
"""How many there are, by code."""


class ErrorsOpen(NfiError):
    """The check found errors, and nobody has said why they should be sent all the same."""

    exit_code = 1


class AcceptanceUnfit(NfiError):
    """A reason without a name, twice for one check, or for a check that found no error."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a person says of errors that stay in."""

    reason: str
    by: str
    code: str | None = None
    """The check that is meant; None: every check that no other acceptance names."""


def refuse_open_errors(counts: Mapping[str, Errors], acceptances: Sequence[Acceptance]) -> None:
    """Refuse errors that no reason for sending them covers, and reasons that cannot be one.

    Args:
        counts: the open errors of each data set.
        acceptances: why they are sent.

    Raises:
        ErrorsOpen: says how many of what.
        AcceptanceUnfit: a reason or a name is blank, or a check is named twice or does not exist.
    """
    _refuse_unfit(acceptances)
    if left := _not_covered(counts, acceptances):
        raise ErrorsOpen(
            f"errors are open: {left}. Correct them and check again with nfi check, or send them as they "
            'are and say why: --accept-errors "reason", or for one check --accept CODE="reason"'
        )


def accepted_errors(
    counts: Mapping[str, Errors], acceptances: Sequence[Acceptance]
) -> tuple[AcceptedErrors, ...]:
    """The errors of the files as they are sent, under the reasons for sending them; none, if none are open.

    Args:
        counts: the errors of each data set, from `errors_as_sent`.
        acceptances: why they are sent.

    Raises:
        ErrorsOpen: writing has made errors that no reason covers.
        AcceptanceUnfit: a check is named that found no error.
    """
    found = {code for errors in counts.values() for code in errors}
    if left := _not_covered(counts, acceptances):
        raise ErrorsOpen(
            f"as they are sent, records have errors that the extract has not: {left}. Values that differ in "
            "accents alone are the same in ASCII: send UTF-8 with --characters utf-8, correct them, or say "
            'why they are sent: --accept CODE="reason"'
        )
    for each in acceptances:
        if each.code and each.code not in found:
            known = f"Open: {', '.join(sorted(found))}." if found else "No errors are open."
            raise AcceptanceUnfit(f"no errors of the check '{each.code}' are open. {known}")
    named = {each.code for each in acceptances if each.code}
    accepted = (
        AcceptedErrors(
            reason=unbroken(each.reason),
            by=unbroken(each.by),
            code=each.code,
            counts=_only(counts, {each.code} if each.code else found - named),
        )
        for each in acceptances
    )
    return tuple(each for each in accepted if each.counts)


def open_errors(findings: Iterable[FindingCount]) -> dict[str, int]:
    """How many errors the check of an extract left, by code, in alphabetical order."""
    counts: Counter[str] = Counter()
    for finding in findings:
        if finding.severity is Severity.ERROR:
            counts[finding.code] += finding.count
    return dict(sorted(counts.items()))


def errors_as_sent(findings: Sequence[FindingCount], sent: SentCheck) -> dict[str, int]:
    """The errors of a data set by code, with those that only its files have, as they are sent.

    Writing can make errors: two references that differ in an accent are one in ASCII. A value that could not
    be read is sent blank; that it is then missing is the same error, and is not counted twice.

    Numbers are compared, not rows: new errors do not show where as many old ones of the same check and field
    are gone. The findings of the files stand in the manifest all the same.

    Args:
        findings: of the extract.
        sent: of the files.
    """
    before: Counter[tuple[str, str | None]] = Counter()
    unreadable: Counter[str | None] = Counter()
    for finding in findings:
        if finding.severity is Severity.ERROR:
            before[finding.code, finding.field] += finding.count
        if finding.code in SENT_BLANK:
            unreadable[finding.field] += finding.count
    errors = Counter(open_errors(findings))
    for each in sent.findings:
        if each.severity is Severity.ERROR:
            known = before[each.code, each.field]
            known += unreadable[each.field] if each.code == "required" else 0
            errors[each.code] += max(each.count - known, 0)
    return dict(sorted((+errors).items()))


def _not_covered(counts: Mapping[str, Errors], acceptances: Sequence[Acceptance]) -> str:
    """Errors that no reason covers, in words; blank where there are none."""
    if any(each.code is None for each in acceptances):
        return ""
    left = _only(
        counts, {code for errors in counts.values() for code in errors} - {a.code for a in acceptances}
    )
    return "; ".join(f"{name}: {_listed(errors)}" for name, errors in left.items())


def _only(counts: Mapping[str, Errors], codes: Collection[str | None]) -> dict[str, dict[str, int]]:
    kept = {name: {c: n for c, n in errors.items() if c in codes} for name, errors in counts.items()}
    return {name: errors for name, errors in sorted(kept.items()) if errors}


def _listed(errors: Errors) -> str:
    return f"{sum(errors.values()):,} ({', '.join(f'{code} {count:,}' for code, count in errors.items())})"


def _refuse_unfit(acceptances: Sequence[Acceptance]) -> None:
    known = check_descriptions()
    for each in acceptances:
        if not each.reason.strip():
            raise AcceptanceUnfit("no reason is given for sending errors. Say why in a sentence.")
        if not each.by.strip():
            raise AcceptanceUnfit("nobody is named who accepts the errors. Give --accepted-by NAME.")
        if each.code and each.code not in known:
            near = nearest(each.code, known)
            hint = f"; did you mean '{near}'?" if near else "."
            raise AcceptanceUnfit(f"no check is called '{shown(each.code)}'{hint} List: nfi specs checks")
    codes = Counter(each.code for each in acceptances)
    if twice := [code or "all" for code, times in codes.items() if times > 1]:
        raise AcceptanceUnfit(f"two reasons are given for the same errors ({', '.join(twice)}). Keep one.")
