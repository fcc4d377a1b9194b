"""A payroll that holds some people twice: the synthetic employees of `nfi sample`, and copies with slips.

One in twenty gets a second record under another reference, as two payrolls that were put together have them:
most with a slip or two in the name, the date of birth or the address, some moved, some with blanks. All is
drawn with a seed. Who a record is, its National Insurance number tells, which neither side sees: a person in
two posts, as the sample plants them, is known too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.labelled import SEED, LabelledSet, labelled, text_table
from nfi.sample import make_sample

SHARE = 0.05
"""Of the employees, those with a second record."""

HEADINGS = {
    "Surname": "surname",
    "Forename(s)": "forename",
    "Sex": "sex",
    "Date of birth": "date_of_birth",
    "Address line 1": "address_line_1",
    "Address line 2": "address_line_2",
    "Post code": "post_code",
}
"""What both sides see of a person: heading of the sample -> column."""

MAPPING = """\
dataset: payroll
fields:
  Employee reference number: reference
  Surname: surname
  Forename(s): forename
  Sex: sex
  Date of birth: date_of_birth
  Address line 1: address_line_1
  Address line 2: address_line_2
  Post code: post_code
date_format: ddmmyyyy
"""

SHORT = {
    "elizabeth": "Liz", "william": "Bill", "robert": "Bob", "margaret": "Maggie", "katherine": "Kate",
    "michael": "Mike", "christopher": "Chris", "thomas": "Tom", "joseph": "Joe", "daniel": "Dan",
    "matthew": "Matt", "andrew": "Andy", "anthony": "Tony", "james": "Jim", "samuel": "Sam",
    "jennifer": "Jen", "rebecca": "Becky", "susan": "Sue", "alexandra": "Alex", "victoria": "Vicky",
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Person = dict[str, str | None]
Slip = Callable[[Person, Person, np.random.Generator], None]
"""Changes a person; the second is a stranger, of whom a new address may be taken."""


def keyed_wrong(column: str, characters: str = LETTERS) -> Slip:
    """One character left out, doubled, exchanged with the next or replaced."""

    def slip(person: Person, _: Person, draw: np.random.Generator) -> None:
        text = person[column]
        if not text or len(text) < 3:
            return
        place = int(draw.integers(1, len(text) - 1))
        before, here, behind = text[:place], text[place], text[place + 1 :]
        person[column] = (
            before + behind,
            before + here + here + behind,
            before + behind[:1] + here + behind[1:],
            before + characters[int(draw.integers(len(characters)))] + behind,
        )[int(draw.integers(4))]

    return slip


def short_name(person: Person, _: Person, draw: np.random.Generator) -> None:
    """A pet name, or only the initial."""
    forename = person["forename"] or ""
    person["forename"] = SHORT.get(forename.lower(), forename[:1] or None)


def moved(person: Person, stranger: Person, _: np.random.Generator) -> None:
    """Another address."""
    for column in ("address_line_1", "address_line_2", "post_code"):
        person[column] = stranger[column]


def married(person: Person, stranger: Person, _: np.random.Generator) -> None:
    """Another surname."""
    person["surname"] = stranger["surname"]


def day_and_month(person: Person, _: Person, draw: np.random.Generator) -> None:
    """Day and month exchanged where that is a date, else another day."""
    born = person["date_of_birth"]
    if born and len(born) == 8:
        day, month = born[:2], born[2:4]
        person["date_of_birth"] = (
            month + day if int(day) <= 12 else f"{draw.integers(1, 29):02d}{month}"
        ) + born[4:]


def left_blank(column: str) -> Slip:
    """Nothing where there was something."""

    def slip(person: Person, _: Person, __: np.random.Generator) -> None:
        person[column] = None

    return slip


SLIPS: Mapping[Slip, float] = {
    keyed_wrong("surname"): 0.20,
    keyed_wrong("forename"): 0.15,
    keyed_wrong("address_line_1"): 0.15,
    keyed_wrong("date_of_birth", "0123456789"): 0.10,
    short_name: 0.15,
    moved: 0.15,
    married: 0.05,
    day_and_month: 0.05,
    left_blank("date_of_birth"): 0.05,
    left_blank("post_code"): 0.05,
    left_blank("sex"): 0.05,
}
"""Each slip, and how likely a copy has it."""


def payroll_with_duplicates(folder: Path, employees: int) -> LabelledSet:
    """Employees of a sample and copies of some, as one file, in a drawn order."""
    sample = make_sample(
        folder / "sample", employees=employees, creditors=400, payments=1_000, seed=SEED, force=True
    )
    table = text_table(sample.files["payroll"])
    columns = {column: table[heading] for heading, column in HEADINGS.items()}
    rows = pa.array(np.arange(table.num_rows)).cast(pa.string())
    people = pa.table({**columns, "person": pc.coalesce(table["National insurance number"], rows)})
    draw = np.random.default_rng(SEED)
    chosen = draw.choice(people.num_rows, size=int(people.num_rows * SHARE), replace=False)
    strangers = people.take(draw.integers(0, people.num_rows, len(chosen))).to_pylist()
    copies = people.take(chosen).to_pylist()
    for person, stranger in zip(copies, strangers, strict=True):
        for slip, likely in SLIPS.items():
            if draw.random() < likely:
                slip(person, stranger, draw)
    together = pa.concat_tables([people, pa.Table.from_pylist(copies, schema=people.schema)])
    return labelled("payroll", "payroll", [together], "person", leave_out=[], mapping=MAPPING)
