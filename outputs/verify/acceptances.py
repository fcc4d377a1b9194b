"""Do the reasons for sending errors cover every open error, and no more?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from outputs.submitted.acceptance import errors_as_sent
from outputs.submitted.manifest import Manifest
from outputs.verify.verdict import Area, Verdict, same_or_differs


def acceptances(manifest: Manifest) -> Iterator[Verdict]:
    """One verdict for each data set and check with errors that are open, accepted, or both."""
    for name in sorted(
        {*manifest.by_data_set, *(n for each in manifest.accepted_errors for n in each.counts)}
    ):
        data_set = manifest.by_data_set.get(name)
        is_open = Counter(errors_as_sent(data_set.findings, data_set.sent) if data_set else {})
        accepted: Counter[str] = Counter()
        for each in manifest.accepted_errors:
            accepted.update(each.counts.get(name, {}))
        if not is_open and not accepted:
            yield same_or_differs(Area.ACCEPTED, name, "no errors are open", same=True)
        for code in sorted({*is_open, *accepted}):
            yield same_or_differs(
                Area.ACCEPTED,
                name,
                f"{code}, errors open and accepted",
                same=is_open[code] == accepted[code],
                detail=f"{is_open[code]:,} are open, and reasons are given for {accepted[code]:,}",
            )
