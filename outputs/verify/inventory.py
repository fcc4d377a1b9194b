"""Is every file there, of the size and with the hash of the manifest, and no other file?"""

from __future__ import annotations

from collections.abc import Iterator

from outputs.sealed.archive import ArchiveUnreadable
from outputs.submitted.manifest import MANIFEST, SIGNATURE
from outputs.submitted.open_submission import Measured, Submission
from outputs.verify.verdict import Area, State, Verdict, same_or_differs

_ITSELF = {MANIFEST, SIGNATURE}
"""What no manifest can vouch for: itself, and the signature of it."""

CHANGED = "the file is not the one that the manifest was written for"


def inventory(submission: Submission) -> Iterator[Verdict]:
    """Which files there are, and whether the archive around them is as nfi makes it."""
    described = {*submission.manifest.described()}
    there = {*submission.files} - _ITSELF
    for name in sorted(described | there):
        in_manifest, in_package = name in described, name in there
        yield same_or_differs(
            Area.ARCHIVE,
            name,
            "presence",
            same=in_manifest and in_package,
            detail=f"is in the {'manifest' if in_manifest else 'package'}"
            f" and not in the {'package' if in_manifest else 'manifest'}",
        )
    yield same_or_differs(
        Area.ARCHIVE,
        submission.package.name,
        "archive around the files",
        same=submission.archive_as_made,
        detail="is not as nfi makes it: something packed the files again, or changed the archive itself",
    )


def other_files(submission: Submission) -> Iterator[Verdict]:
    """Size and hash of every file that holds no records."""
    for name in sorted(file.path for file in submission.manifest.files):
        if name in submission.files:
            try:
                measured = submission.measured(name)
            except ArchiveUnreadable:
                yield damaged(name)
            else:
                yield from as_described(name, measured, submission)


def as_described(
    name: str, measured: Measured, submission: Submission, changed: str = CHANGED
) -> Iterator[Verdict]:
    """Whether a file has the size and the hash of the manifest.

    Args:
        name: of the file.
        measured: what it has.
        submission: with the manifest.
        changed: what to say where the hash differs.
    """
    size, digest = submission.manifest.described()[name]
    yield same_or_differs(
        Area.FILES,
        name,
        "size",
        same=measured.bytes == size,
        detail=f"{measured.bytes:,} bytes, {size:,} in the manifest",
    )
    yield same_or_differs(Area.FILES, name, "SHA-256", same=measured.hash == digest, detail=changed)


def damaged(name: str) -> Verdict:
    """That a file cannot be decrypted whole."""
    return Verdict(
        area=Area.FILES,
        subject=name,
        what="decryption",
        state=State.DIFFERS,
        detail="its bytes have been changed or lost since it was encrypted",
    )
