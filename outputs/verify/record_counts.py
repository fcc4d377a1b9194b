"""As many records as were read are sent: what a check reads is left out only where the mapping says so."""

from __future__ import annotations

from outputs.submitted.manifest import Manifest
from outputs.verify.verdict import Area, Verdict, same_or_differs


def record_counts(manifest: Manifest, data_set: str, *, distinct: bool) -> Verdict:
    """The records of the extracts beside those of the files.

    Args:
        manifest: of the package.
        data_set: which of its data sets.
        distinct: the mapping leaves out records that are the same as an earlier one.
    """
    read = sum(file.records for file in manifest.by_data_set[data_set].extract.files)
    sent = sum(resource.rows for resource in manifest.resources_of(data_set))
    return same_or_differs(
        Area.RECORDS,
        data_set,
        "records read from the extracts and sent",
        same=sent == read or (distinct and sent < read),
        detail=f"{read:,} were read, and {sent:,} are sent",
    )
