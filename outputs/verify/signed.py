"""Was the manifest signed with the key that is given?"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from outputs.sealed.archive import ArchiveUnreadable
from outputs.sealed.signature import fingerprint, verify
from outputs.submitted.manifest import MANIFEST, SIGNATURE
from outputs.submitted.open_submission import Submission
from outputs.verify.inventory import damaged
from outputs.verify.verdict import Area, State, Verdict, same_or_differs

_WHAT = f"signature of {MANIFEST}"


def signed(submission: Submission, key: Ed25519PublicKey | None) -> Verdict:
    """The verdict on the signature, or that it was not looked at."""
    try:
        signature = submission.signature
    except ArchiveUnreadable:
        return damaged(SIGNATURE)
    if key is None:
        said = (
            "there is one, and no key was given: give the signer's public key with --key"
            if signature is not None
            else "the package is not signed, so nothing but the SHA-256 of the manifest says whose it is"
        )
        return Verdict(
            area=Area.SIGNATURE, subject=SIGNATURE, what=_WHAT, state=State.NOT_REPEATED, detail=said
        )
    name = fingerprint(key)
    if signature is None:
        detail = f"the package is not signed, though a key was given ({name})"
        return same_or_differs(Area.SIGNATURE, SIGNATURE, _WHAT, same=False, detail=detail)
    return same_or_differs(
        Area.SIGNATURE,
        SIGNATURE,
        f"{_WHAT}, made with the key {name}",
        same=verify(submission.manifest_text, signature, key),
        detail="it was made with another key, or of another manifest",
    )
