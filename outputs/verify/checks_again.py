"""Does every check find today what the manifest says it found?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from outputs.submitted.manifest import DataSet, SentCheck, SentFinding
from outputs.submitted.open_submission import Submission
from outputs.submitted.recheck import SentTerms, check_as_sent, in_order_of_reference
from outputs.verify.settings import check_settings
from outputs.verify.tables import Tables
from outputs.verify.verdict import Area, State, Verdict, same_or_differs
from specs.engine import Engine
from specs.errors import NfiError, OutputUnwritable
from specs.specification import Specification

_ALL = "all checks of the specification"
_UNUSABLE = "its files, specification or tables cannot be used, as said above"


def checks_again(
    submission: Submission,
    specifications: Mapping[str, Specification],
    tables: Mapping[str, Tables],
    readable: frozenset[str],
    *,
    folder: Path,
    engine: Engine,
) -> Iterator[Verdict]:
    """Check the files of every data set as they were checked when they were packaged, and compare.

    Args:
        submission: the package.
        specifications: those of it that can be used, by data set.
        tables: of the same data sets.
        readable: data sets whose files follow the manifest.
        folder: private; gets typed records and findings.
        engine: what runs SQL.

    Raises:
        ManifestUnreadable: settings of a check are missing from the manifest.
        OutputUnwritable: no space.
    """
    manifest = submission.manifest
    records: dict[str, Path] = {}
    verdicts: dict[str, tuple[Verdict, ...]] = {}
    failed = {name for name in manifest.by_data_set if name not in readable or name not in tables}
    failed |= {name for name, each in tables.items() if not each.usable}
    for name in in_order_of_reference({name: specifications[name] for name in {*specifications} - failed}):
        specification, data_set = specifications[name], manifest.by_data_set[name]
        terms = _terms(data_set, specification, tables[name])
        files = [submission.sent_file(each) for each in manifest.resources_of(name)]
        if missing := sorted({each.dataset for each in specification.references} & failed):
            verdicts[name] = (
                _not_repeated(name, f"it refers to {', '.join(missing)}, which cannot be checked"),
            )
            failed.add(name)
            continue
        try:
            again = check_as_sent(
                files, terms, others=records, folder=folder / "checked-again", engine=engine
            )
        except OutputUnwritable:
            raise
        except NfiError as fault:
            verdicts[name] = (same_or_differs(Area.CHECKS, name, _ALL, same=False, detail=str(fault)),)
            failed.add(name)
            continue
        records[name] = again.records
        verdicts[name] = tuple(compared(name, data_set.sent, again.check))
    for name in manifest.by_data_set:
        yield from verdicts.get(name) or (_not_repeated(name, _UNUSABLE),)


def _terms(data_set: DataSet, specification: Specification, tables: Tables) -> SentTerms:
    settings = check_settings(data_set)
    return SentTerms(
        specification=specification,
        day=settings.day,
        absent=data_set.extract.columns_absent,
        not_held=data_set.extract.columns_not_held,
        lookups=tables.coded,
        expected=settings.expected,
    )


def compared(name: str, recorded: SentCheck, found: SentCheck) -> Iterator[Verdict]:
    """Verdicts on each check and field that found something, then or now; and one on all the others."""
    then, now = _by_kind(recorded), _by_kind(found)
    for kind in dict.fromkeys((*then, *now)):
        code, field = kind
        yield same_or_differs(
            Area.CHECKS,
            name,
            f"{code}, {field}" if field else code,
            same=then.get(kind) == now.get(kind),
            where=_first_row(now.get(kind) or then.get(kind)),
            detail=_difference(then.get(kind), now.get(kind)),
        )
    for code in sorted({each.code for each in (*recorded.not_checked, *found.not_checked)}):
        reasons = [[e.reason for e in each.not_checked if e.code == code] for each in (recorded, found)]
        yield same_or_differs(
            Area.CHECKS,
            name,
            f"{code}, which could not be checked",
            same=reasons[0] == reasons[1],
            detail="for another reason" if all(reasons) else "only then" if reasons[0] else "only now",
        )
    yield same_or_differs(
        Area.CHECKS,
        name,
        "every other check, which found nothing then or now",
        same=len(then) == len(recorded.findings),
        detail="the manifest has an entry twice",
    )


def _by_kind(check: SentCheck) -> dict[tuple[str, str | None], SentFinding]:
    return {(each.code, each.field): each for each in check.findings}


def _first_row(finding: SentFinding | None) -> str | None:
    return None if finding is None or finding.first_row is None else f"row {finding.first_row:,}"


def _difference(then: SentFinding | None, now: SentFinding | None) -> str | None:
    if then is None and now is not None:
        return f"{now.count:,} found, and none in the manifest"
    if now is None and then is not None:
        return f"none found, and {then.count:,} in the manifest"
    if now is None or then is None:
        return None
    if now.severity is not then.severity:
        return f"{now.severity}, and {then.severity} in the manifest"
    if now.count != then.count:
        return f"{now.count:,} found, and {then.count:,} in the manifest"
    return f"{now.count:,} found, as many as in the manifest, in other rows"


def _not_repeated(name: str, why: str) -> Verdict:
    return Verdict(area=Area.CHECKS, subject=name, what=_ALL, state=State.NOT_REPEATED, detail=why)
