"""What a verification comes to, in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from outputs.verify.verdict import Area, State, Verdict, Verification

_MEANING = {
    State.SAME: "what stands in the package is what was worked out again",
    State.DIFFERS: "it is not; the first place and the way in which it differs are named",
    State.NOT_REPEATED: "it could not be worked out again here; what is missing is named",
}


def title(found: Verification) -> str:
    """The heading of the report."""
    return f"Verification of {found.package}"


def verdict(found: Verification) -> str:
    """In one sentence, whether anything differs."""
    counts = found.counts()
    left = (
        f" {_things(counts[State.NOT_REPEATED])} could not be repeated." if counts[State.NOT_REPEATED] else ""
    )
    if found.holds:
        return f"Nothing differs: {_things(counts[State.SAME])} compared, all the same.{left}"
    compared = counts[State.SAME] + counts[State.DIFFERS]
    return (
        f"{counts[State.DIFFERS]:,} of {_things(compared)} compared differ{_s(counts[State.DIFFERS])}.{left}"
    )


def next_step(found: Verification) -> str:
    """What whoever reads the report does now."""
    if found.holds:
        return (
            "Compare the SHA-256 of the manifest with the one noted down when the package was made: "
            "it alone, or a signature that was found valid, tells that the whole is the one that was made."
        )
    if found.versions:
        return (
            "Other versions made this package, as named below: verify with those first. Do not rely on it "
            "until each difference is explained."
        )
    if {each.area for each in found.of_state(State.DIFFERS)} == {Area.REPEATED}:
        return (
            "In itself the package is sound, but these extracts do not give it. Find out which of them is "
            "not the one that was sent."
        )
    return "Do not rely on this package until each difference is explained: ask whoever made it for it again."


def together(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Verdicts as lines, with those that say the same of several subjects on one."""
    subjects: dict[Verdict, list[str]] = {}
    for each in verdicts:
        subjects.setdefault(each.model_copy(update={"subject": ""}), []).append(each.subject)
    for each, names in subjects.items():
        yield each.model_copy(update={"subject": ", ".join(names)}).in_words()


def facts(found: Verification) -> Iterator[tuple[str, str]]:
    """What was verified and with what, as label and text."""
    yield "Body", found.body
    yield "Exercise", found.exercise
    yield "SHA-256 of the manifest", found.manifest_sha256
    yield "Made with", found.made_with
    yield "Verified with", found.verified_with
    yield (
        "Extracts",
        "given: mapping, corrections, check and packaging were repeated"
        if found.with_extracts
        else "not given: the files in the package were checked again, as they were sent",
    )


def meanings() -> Iterator[tuple[str, str]]:
    """Each state and what it means."""
    yield from ((state.value, meaning) for state, meaning in _MEANING.items())


def _things(number: int) -> str:
    return f"{number:,} thing{'' if number == 1 else 's'}"


def _s(number: int) -> str:
    return "s" if number == 1 else ""
