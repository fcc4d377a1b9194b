"""What is missing or doubtful in a declaration, in words. Nothing here stops anyone: a person decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from outputs.declared.declaration import Declaration, in_words
from outputs.declared.parts import Part, parts


def missing(declaration: Declaration, submitted: Collection[str] = ()) -> tuple[Part, ...]:
    """The parts that are needed and have not been said, in the order in which they are asked for.

    Args:
        declaration: what was said.
        submitted: the data sets at hand, besides those expected.
    """
    datasets = {*declaration.data_sets, *submitted}
    return tuple(part for part in parts() if part.need and _is_missing(part, declaration, datasets))


def _is_missing(part: Part, declaration: Declaration, datasets: Collection[str]) -> bool:
    if part.datasets and datasets and not set(part.datasets).intersection(datasets):
        return False
    said = (declaration.said(key) for key in (part.key, part.instead) if key)
    return all(value is None or value == () for value in said)


def concerns(
    declaration: Declaration, *, exercise: str | None = None, day: date | None = None
) -> tuple[str, ...]:
    """What is doubtful in what was said, a sentence each; parts that are missing are not among it.

    Args:
        declaration: what was said.
        exercise: of the data at hand; None: that of the declaration.
        day: what is dated after it lies in the future; None: not looked at.
    """
    return (
        *_about_the_exercise(declaration, exercise),
        *_about_the_notice(declaration),
        *_about_security(declaration),
        *_about_the_future(declaration, day),
    )


def _about_the_exercise(declaration: Declaration, exercise: str | None) -> Iterator[str]:
    if exercise and exercise != declaration.exercise:
        yield (
            f"The declaration was recorded for {declaration.exercise}, and the data are of {exercise}: "
            "record it anew."
        )


def _about_the_notice(declaration: Declaration) -> Iterator[str]:
    notice = declaration.privacy_notice
    if notice.complies is False:
        yield (
            "The record says that the privacy notices do not comply. The key contact has to declare before "
            "the upload that they do [published 2026/27]."
        )
    year = int(declaration.exercise[:4])
    if notice.date and notice.date.year < year:
        yield (
            f"The privacy notice is of {in_words(notice.date)}, before the year of the exercise "
            f"{declaration.exercise}. People are told before each exercise [published 2012/13]: "
            "see whether they were told again."
        )
    summary = notice.shown.forms or notice.shown.payslips
    if not summary and not notice.shown.web_address:
        yield (
            "Nothing says where the privacy notice is shown: on forms, on payslips, on the web. "
            "It is given in layers [published 2012/13]."
        )
    elif not summary:
        yield (
            "The privacy notice is shown on the web alone. The summary goes to the people concerned, on "
            "forms and payslips [published 2012/13]."
        )
    elif not notice.shown.web_address:
        yield (
            "No web address says where the longer privacy notice is. The summary points to it "
            "[published 2012/13]."
        )


def _about_security(declaration: Declaration) -> Iterator[str]:
    if declaration.security_policy.complies is False:
        yield (
            "The record says that the security policy is not complied with. The key contact has to confirm "
            "before the upload that it is [published 2026/27]."
        )


def _about_the_future(declaration: Declaration, day: date | None) -> Iterator[str]:
    for what, said in (
        ("privacy notice", declaration.privacy_notice.date),
        ("security policy", declaration.security_policy.date),
    ):
        if day and said and said > day:
            yield f"The day of the {what}, {in_words(said)}, lies in the future: correct it."
