"""Records that may share their reference, number or name with another: few, set apart for a closer look.

Every record's key is put through a 64-bit hash, all keys in one reading of the columns they need. Records
whose hash no other record has share nothing. What is left holds every record that does share something,
and now and then one that only shares a hash: the queries on it compare the values themselves. Records that
only the engine can read are not set apart: they are counted, and looked at where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.data_set.context import AcrossContext
from specs.engine import Held, Table
from specs.quoting import quoted

MOST = 250_000
"""Records that may share one key, up to which they are set apart; more are looked at where they are."""
_MARKS = 1 << 20  # places in which wanted hashes are marked: most others fall beside them

_Hash = TypeVar("_Hash", np.uint32, np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedKey:
    """What records must have in common, as SQL, before they are looked at closely."""

    parts: tuple[str, ...]
    """Expressions over one record."""
    filled: str
    """Condition under which a record has the key."""
    with_one: str | None = None
    """Condition that at least one of them must meet; None: any two records will do."""
    columns: tuple[str, ...]
    """Columns that the closer look needs."""


@dataclass(frozen=True, slots=True)
class SetApart:
    """The records that may share a key, for each key asked for."""

    counts: Mapping[SharedKey, int]
    """How many records may share each key."""
    records: Mapping[SharedKey, Table]
    """Where to look for those that do: among the records set apart or, where they are many, among all."""


def set_apart(context: AcrossContext, keys: Sequence[SharedKey]) -> SetApart:
    """The records that may share one of these keys with another record."""
    keys = list(dict.fromkeys(keys))
    if not keys:
        return SetApart({}, {})
    if isinstance(context.records, Held):
        (counts,) = context.engine.sql(sharing_query(keys), records=context.records).to_pylist()
        shared = {key: counts[f"sharing_{place}"] for place, key in enumerate(keys, start=1)}
        return SetApart(shared, dict.fromkeys(keys, context.records))
    hashes = context.engine.sql(hashes_query(keys), records=context.records)
    rows: npt.NDArray[np.int64] = hashes.column("source_row").to_numpy()
    sharing: dict[SharedKey, npt.NDArray[np.int64]] = {}
    for place, key in enumerate(keys, start=1):
        starts = hashes.column(f"starts_{place}") if key.with_one else None
        sharing[key] = rows[_may_share(hashes.column(f"key_{place}"), starts)]
    del hashes
    records: dict[SharedKey, Table] = dict.fromkeys(keys, context.records)
    if few := {key: np.sort(found) for key, found in sharing.items() if 0 < len(found) <= MOST}:
        wanted = np.unique(np.concatenate(list(few.values())))
        columns = dict.fromkeys(name for key in few for name in key.columns)
        fetched = context.engine.sql(
            set_apart_query(list(columns)),
            records=context.records,
            wanted=pa.table({"source_row": wanted}),
        )
        for key, found in few.items():
            held = fetched.select(["source_row", *key.columns])
            records[key] = held.take(np.searchsorted(wanted, found))
    return SetApart({key: len(found) for key, found in sharing.items()}, records)


def sharing_query(keys: Sequence[SharedKey]) -> str:
    """The query for how many records share each key with another: one row of sharing_1 and so on.

    For records that only the engine can read: neither they nor their hashes are brought here.
    """
    steps, counts = [], []
    for place, key in enumerate(keys, start=1):
        parts = ", ".join(f"{part} as part_{number}" for number, part in enumerate(key.parts, start=1))
        names = ", ".join(f"part_{number}" for number, _part in enumerate(key.parts, start=1))
        starts = f", case when {key.with_one} then 1 end as starts" if key.with_one else ""
        with_one = "\n      and count(starts) > 0" if key.with_one else ""
        steps.append(
            f"""\
keyed_{place} as (            -- one row per record that has the key
    select {parts}{starts}
    from records
    where {key.filled}
),
shared_{place} as (           -- one row per key that several records have
    select count(*) as key_records
    from keyed_{place}
    group by {names}
    having count(*) > 1{with_one}
)"""  # noqa: S608 (identifiers from a checked specification only)
        )
        counts.append(
            f"(select cast(coalesce(sum(key_records), 0) as bigint) from shared_{place}) as sharing_{place}"  # noqa: S608 (our own names)
        )
    return (
        "with\n"
        + ",\n".join(steps)
        + f"""
select                  -- one row
    {f",{chr(10)}    ".join(counts)}
order by 1
"""
    )


def hashes_query(keys: Sequence[SharedKey]) -> str:
    """The query for each record's keys: source_row, key_1 and so on, starts_1 (meets `with_one`).

    A key is null where the record has none. In no order: what is made of the rows does not depend on it,
    and putting a million of them in order would take longer than all the rest.
    """
    wanted = []
    for place, key in enumerate(keys, start=1):
        wanted.append(
            f",\n    case when {key.filled}\n        then hash({', '.join(key.parts)}) end as key_{place}"
        )
        if key.with_one:
            wanted.append(f",\n    {key.with_one} as starts_{place}")
    return f"""\
select                  -- one row per record
    source_row{"".join(wanted)}
from records
"""  # noqa: S608 (identifiers from a checked specification only)


def set_apart_query(columns: Sequence[str]) -> str:
    """The query for the records whose rows stand in `wanted`: source_row and these columns."""
    return f"""\
select source_row, {", ".join(quoted(name) for name in columns)}
from records
where source_row in (select source_row from wanted)
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def _may_share(column: pa.ChunkedArray, starts: pa.ChunkedArray | None) -> npt.NDArray[np.intp]:
    """The places of hashes that occur again or, with `starts`, that stand at one of those places as well."""
    places = np.flatnonzero(pc.is_valid(column).to_numpy()) if column.null_count else None
    hashes: npt.NDArray[np.uint64] = (column.drop_null() if column.null_count else column).to_numpy()
    if starts is not None:
        is_start: npt.NDArray[np.bool_] = starts.to_numpy()
        again = hashes[is_start if places is None else is_start[places]]
        found = _among(hashes, again)
    else:
        # one half of each hash leaves few, in half the time
        half = hashes.astype(np.uint32)
        few = _among(half, _repeated(half))
        found = few[np.isin(hashes[few], _repeated(hashes[few]))]
    return found if places is None else places[found]


def _repeated(hashes: npt.NDArray[_Hash]) -> npt.NDArray[_Hash]:
    """Those that occur more than once."""
    in_order = np.sort(hashes)
    again: npt.NDArray[_Hash] = in_order[1:][in_order[1:] == in_order[:-1]]
    return again


def _among(hashes: npt.NDArray[_Hash], wanted: npt.NDArray[_Hash]) -> npt.NDArray[np.intp]:
    """The places of those that are wanted. Most others are told from them by their last bits."""
    last_bits = hashes.dtype.type(_MARKS - 1)
    marked = np.zeros(_MARKS, dtype=np.bool_)
    marked[wanted & last_bits] = True
    places = np.flatnonzero(marked[hashes & last_bits])
    return places[np.isin(hashes[places], wanted)]
