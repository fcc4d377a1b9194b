"""The demo: the whole job on a synthetic sample, measured against its answer key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nfi import verbs
from nfi.answers import Score, read_answers, score_cases, score_findings
from nfi.sample import SampleSummary, make_sample
from outputs.sealed.signature import public_pem, sign
from outputs.submitted.acceptance import Acceptance
from outputs.submitted.submission import SubmissionSummary
from outputs.verify import Verification
from specs.private_files import private_folder, written_whole

BODY = "Anytown Council (demo)"
REASON = "Demonstration: the faults are planted, and stay in on purpose."
_ORDER = ("payroll", "creditors-standing", "creditors-history")  # history refers to standing data
_SIZE = {"employees": 2_000, "creditors": 1_500, "payments": 40_000}

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What each step of the demo made, and how it did against the answer key."""

    sample: SampleSummary
    checks: tuple[verbs.CheckRun, ...]
    match: verbs.MatchRun
    package: SubmissionSummary
    passphrase_file: Path
    verified: Verification
    scores: tuple[Score, ...]


def run_demo(folder: Path, *, seed: int, at: datetime, progress: Progress = lambda _: None) -> Demo:
    """Sample, check, match, package and verify inside a folder; what an earlier demo left there is replaced.

    Args:
        folder: gets `extracts/` beside the workspace's own folders.
        seed: of the sample.
        at: the time of the run.
        progress: told each step as it begins.
    """
    progress("making a sample")
    sample = make_sample(private_folder(folder) / "extracts", **_SIZE, seed=seed, force=True)
    checks = []
    for dataset in _ORDER:
        progress(f"checking {dataset}")
        checks.append(verbs.check([sample.files[dataset]], dataset, folder=folder, at=at))
    match = verbs.match(folder, at=at, progress=lambda step: progress(f"matching: {step}"))
    package, passphrase_file, verified = _packaged_and_verified(folder, sample, at=at, progress=progress)
    answers = read_answers(sample.files["answers"])
    findings = {each.specification.dataset: each.result.findings for each in checks}
    return Demo(
        sample=sample,
        checks=tuple(checks),
        match=match,
        package=package,
        passphrase_file=passphrase_file,
        verified=verified,
        scores=(*score_cases(answers, match.result), *score_findings(answers, findings)),
    )


def _packaged_and_verified(
    folder: Path, sample: SampleSummary, *, at: datetime, progress: Progress
) -> tuple[SubmissionSummary, Path, Verification]:
    """A signed package of what was checked, its passphrase in a file, and what came of making it again."""
    progress("packaging")
    passphrase_file = folder / "submission" / "passphrase.txt"  # invented data: here the two may lie together
    passphrase = secrets.token_urlsafe(18)
    with written_whole(passphrase_file) as temporary:
        temporary.write_text(passphrase + "\n", encoding="utf-8")
    key, public_key = Ed25519PrivateKey.generate(), folder / "submission" / "demo.pub"
    with written_whole(public_key) as temporary:
        temporary.write_bytes(public_pem(key.public_key()))
    package = verbs.package(
        folder,
        body=BODY,
        seal=passphrase,
        sign=lambda content: sign(content, key),
        wishes=verbs.PackageWishes(acceptances=[Acceptance(REASON, BODY)]),
        overwrite=True,
        at=at,
    ).summary
    progress("verifying")
    extracts = verbs.Given(extracts=[sample.files[dataset] for dataset in _ORDER])
    verified = verbs.verify_package(package.package, passphrase, key=public_key, given=extracts)
    return package, passphrase_file, verified
