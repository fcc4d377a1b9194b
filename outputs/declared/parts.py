"""The parts of a declaration: what each is called, asks and means, and what the guidance says of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from specs.own_yaml import read_own_yaml
from specs.specification import Evidence

_FILE = Path(__file__).with_suffix(".yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(_Entry):
    """One part, such as the name of the key contact."""

    key: str
    """Where it stands: 'key_contact.name'."""
    option: str
    """Of `nfi declare`."""
    title: str
    asks: str = ""
    """The question, where it says more than the title."""
    means: str
    evidence: Evidence | None = None
    """Of what the published guidance asks; None where it is a rule of nfi's own."""
    need: bool = True
    """Whether something is missing without it."""
    instead: str | None = None
    """The key of the part that will do in its place."""
    lacking: str = ""
    """What is missing without it, where that is not its title."""
    datasets: tuple[str, ...] = ()
    """Needed only where one of these is expected; always, if empty."""

    @property
    def missed(self) -> str:
        """What to call it where it is missing."""
        return self.lacking or self.title


class Duty(_Entry):
    """What the key contact does in the web application."""

    text: str
    evidence: Evidence


class Deadline(Duty):
    """By when, in one exercise."""

    exercise: str


class _Parts(_Entry):
    about: str
    sources: tuple[str, ...]
    in_the_web_application: tuple[Duty, ...]
    days: tuple[Deadline, ...]
    parts: tuple[Part, ...]


@cache
def _read() -> _Parts:
    return _Parts.model_validate(read_own_yaml(_FILE))


def parts() -> tuple[Part, ...]:
    """All parts, in the order in which they are asked for. Source: parts.yaml."""
    return _read().parts


def about() -> str:
    """That the record is not the declaration itself: stands wherever the record is shown."""
    return _read().about


def in_the_web_application(exercise: str) -> tuple[Duty, ...]:
    """What remains for the key contact, and by when where that is known."""
    days = (each for each in _read().days if each.exercise == exercise)
    return (*_read().in_the_web_application, *days)
