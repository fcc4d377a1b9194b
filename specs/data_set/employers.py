"""More than one employer in one file."""

from __future__ import annotations

from collections import Counter

from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, severity_of
from specs.data_set.wording import listed, records_in_words
from specs.finding import WholeFinding


def employers(context: AcrossContext) -> AcrossFindings:
    """A finding on the whole file if it holds more than one employer.

    Names that differ in case or blanks only are one name; blanks are none.
    """
    rule = context.specification.across.one_employer
    if not rule:
        return AcrossFindings()
    if context.employers is None:
        reason = "the mapping does not say under which heading the employer stands"
        return AcrossFindings(not_checked=(not_checked(Code.SEVERAL_EMPLOYERS, reason),))
    records: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for name, count in sorted(context.employers.items()):
        if folded := " ".join(name.split()).casefold():
            records[folded] += count
            spelt.setdefault(folded, " ".join(name.split()))
    if len(records) < 2:
        return AcrossFindings()
    most_first = sorted(records, key=lambda folded: (-records[folded], folded))
    named = listed([f"{spelt[folded]} ({records_in_words(records[folded])})" for folded in most_first])
    detail = f"{len(records):,} employers: {named}"
    return AcrossFindings(whole=(WholeFinding(Code.SEVERAL_EMPLOYERS, None, severity_of(rule), detail),))
