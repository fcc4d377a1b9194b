"""Are the cover sheets, and what the manifest says in words, what follows from the rest of the manifest?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from outputs.cover.page import cover_page
from outputs.cover.workbook import cover_workbook
from outputs.submitted.describe import notes
from outputs.submitted.manifest import MANIFEST, Manifest
from outputs.submitted.open_submission import Submission
from outputs.submitted.submission import COVER_SHEETS
from outputs.verify.verdict import Area, State, Verdict, same_or_differs

_AGAIN = "drawn again from the manifest"
_DRAWN: tuple[Callable[[Manifest], bytes], ...] = (cover_page, cover_workbook)


def descriptions(submission: Submission, *, other_versions: bool) -> Iterator[Verdict]:
    """The cover sheets drawn again, and the notes for the receiver counted again.

    Args:
        submission: the package.
        other_versions: whether nfi or a library is another one than the package was made with: then a
            workbook that differs proves nothing.
    """
    manifest = submission.manifest
    drawn_from = manifest.model_copy(
        update={"files": tuple(each for each in manifest.files if each.holds != "cover sheet")}
    )
    for path, draw in zip(COVER_SHEETS, _DRAWN, strict=True):
        described = manifest.described().get(path, (0, None))[1]
        yield _drawn_again(path, described, _hash_of(draw, drawn_from), other_versions=other_versions)
    transliterated = sum(each.control_totals.transliterated for each in manifest.resources)
    yield same_or_differs(
        Area.DESCRIPTIONS,
        MANIFEST,
        "notes for the receiver",
        same=manifest.notes == notes(manifest.resources, manifest.data_sets, manifest.form, transliterated),
        detail="they do not follow from the control totals and findings beside them",
    )


def _drawn_again(path: str, described: str | None, again: str | None, *, other_versions: bool) -> Verdict:
    """The verdict on one cover sheet, by its hash in the manifest and that of the sheet drawn again."""
    if again and again != described and other_versions:
        return Verdict(
            area=Area.DESCRIPTIONS,
            subject=path,
            what=_AGAIN,
            state=State.NOT_REPEATED,
            detail="other bytes, which the other versions named above can explain",
        )
    why = "it says something else" if again else "the manifest contradicts itself"
    return same_or_differs(
        Area.DESCRIPTIONS,
        path,
        _AGAIN,
        same=again is not None and again == described,
        detail=why if described else "the manifest has no such sheet",
    )


def _hash_of(draw: Callable[[Manifest], bytes], manifest: Manifest) -> str | None:
    """The hash of a sheet; None where the parts of the manifest do not fit each other."""
    try:
        return f"sha256:{sha256(draw(manifest)).hexdigest()}"
    except (LookupError, ValueError, TypeError, ArithmeticError):
        return None
