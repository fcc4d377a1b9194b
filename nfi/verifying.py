"""A package verified: from itself alone, or from the extracts that it was made from as well."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from matching.engines.duckdb import DuckDBEngine
from nfi import __version__
from nfi.checks_repeated import Given
from nfi.repeating import repeated
from outputs.sealed.age_keys import Identities
from outputs.sealed.signature import read_public_key
from outputs.submitted.open_submission import open_submission
from outputs.verify import Verification, opened_for_use, verification
from specs.private_files import working_folder


def verify_package(
    package: Path,
    secret: str | Identities | Callable[[], str | Identities],
    *,
    key: Path | None = None,
    given: Given | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Verification:
    """Open a package and work out again what its manifest says.

    Typed records and findings stand in a private temporary folder meanwhile, and are gone afterwards.

    Args:
        package: the file.
        secret: its passphrase, or a key of age; a function is asked for it once.
        key: the public key of whoever should have signed.
        given: the extracts, to make the package again; None: it is verified from itself.
        progress: told what is being done.

    Raises:
        ArchiveUnreadable: not there, damaged, unsafe, not one of nfi's, or another passphrase or key.
        ManifestUnreadable: its manifest is not one that this version of nfi reads.
        KeyUnusable: the public key cannot be read.
        ExtractUnreadable: an extract that is given cannot be read.
        OutputUnwritable: no room for temporary files.
    """
    public = read_public_key(key) if key else None
    with (
        open_submission(package, secret() if callable(secret) else secret) as submission,
        working_folder(Path(tempfile.gettempdir())) as folder,
    ):
        progress("reading the package")
        opened = opened_for_use(submission, folder, nfi=f"nfi {__version__}")
        again = tuple(repeated(opened, given, folder, progress)) if given else None
        progress("checking the files as they were sent")
        return verification(opened, folder, DuckDBEngine(temporary=folder), key=public, repeated=again)
