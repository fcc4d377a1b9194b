"""A package verified from itself: every hash, type and total, the specification, and every check again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from outputs.submitted.open_submission import Submission
from outputs.verify.acceptances import acceptances
from outputs.verify.checks_again import checks_again
from outputs.verify.descriptions import descriptions
from outputs.verify.extract_findings import extract_findings
from outputs.verify.inventory import inventory, other_files
from outputs.verify.record_counts import record_counts
from outputs.verify.records import ReadBack, records_read_back
from outputs.verify.signed import signed
from outputs.verify.specifications import Specified, specifications
from outputs.verify.tables import Tables, tables
from outputs.verify.transliterated import transliterated
from outputs.verify.verdict import Verdict, Verification, in_order
from outputs.verify.versions import other_versions
from specs.engine import Engine


@dataclass(frozen=True, slots=True)
class Opened:
    """A package, with its specifications and tables as files that can be used."""

    submission: Submission
    specified: Specified
    tables: Mapping[str, Tables]
    """By data set; those whose specification can be used."""
    nfi: str
    """What verifies, as a manifest names it: 'nfi 0.1.0'."""


def opened_for_use(submission: Submission, folder: Path, *, nfi: str) -> Opened:
    """Take specifications, mappings, layouts and look-up tables out of a package.

    Args:
        submission: the package.
        folder: private; gets the files.
        nfi: what verifies, as a manifest names it.
    """
    specified = specifications(submission, folder, tool=nfi)
    return Opened(
        submission,
        specified,
        {
            name: tables(submission, submission.manifest.by_data_set[name], specified, folder)
            for name in specified.by_data_set
        },
        nfi,
    )


def verification(
    opened: Opened,
    folder: Path,
    engine: Engine,
    *,
    key: Ed25519PublicKey | None = None,
    repeated: Iterable[Verdict] | None = None,
) -> Verification:
    """Compare a package with its manifest, and its manifest with what can be worked out again.

    Args:
        opened: the package.
        folder: private; gets typed records and findings while the checks are made again.
        engine: what runs SQL.
        key: the public key of whoever should have signed.
        repeated: verdicts of a repetition from the extracts; None: there was none.

    Raises:
        ManifestUnreadable: settings of a check are missing from the manifest.
    """
    manifest = opened.submission.manifest
    versions = tuple(other_versions(manifest, opened.nfi))
    verdicts = [*_from_itself(opened, folder, engine, other_versions=bool(versions))]
    return Verification(
        package=opened.submission.package.name,
        body=manifest.body,
        exercise=manifest.exercise,
        notices=manifest.notices,
        made_with=manifest.tool,
        verified_with=opened.nfi,
        versions=versions,
        manifest_sha256=opened.submission.manifest_sha256,
        with_extracts=repeated is not None,
        verdicts=in_order([*verdicts, signed(opened.submission, key), *(repeated or ())]),
    )


def _from_itself(opened: Opened, folder: Path, engine: Engine, *, other_versions: bool) -> Iterator[Verdict]:
    submission = opened.submission
    manifest = submission.manifest
    yield from inventory(submission)
    read = {each.path: records_read_back(submission, each) for each in manifest.resources}
    for back in read.values():
        yield from back.verdicts
    yield from transliterated(submission)
    yield from other_files(submission)
    yield from opened.specified.verdicts
    for name, taken in opened.tables.items():
        yield from taken.verdicts
        yield record_counts(manifest, name, distinct=taken.distinct)
    yield from checks_again(
        submission,
        opened.specified.by_data_set,
        opened.tables,
        _readable(opened, read),
        folder=folder,
        engine=engine,
    )
    for specification in opened.specified.by_data_set.values():
        yield from extract_findings(manifest, specification)
    yield from acceptances(manifest)
    yield from descriptions(submission, other_versions=other_versions)


def _readable(opened: Opened, read: Mapping[str, ReadBack]) -> frozenset[str]:
    """The data sets that have files, all of which follow the manifest."""
    manifest = opened.submission.manifest
    files = {name: manifest.resources_of(name) for name in manifest.by_data_set}
    return frozenset(
        name for name, own in files.items() if own and all(read[each.path].readable for each in own)
    )
