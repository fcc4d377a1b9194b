"""Addresses with post codes that exist (uk-postcodes-parsing), in their town, in invented streets."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nfi.sample.draw import IntArray, TextArray, distinct, picks, text, words_drawn
from nfi.sample.words import Place, Streets

HOUSES = 60
"""Houses under one post code: numbers 1 to 60 are homes, 61 to 120 premises."""
ADDRESS = ("address_line_1", "address_line_2", "address_line_3", "address_line_4", "post_code")
FLATS, HOUSE_NAMES, UNITS, BUILDINGS = 0.12, 0.05, 0.3, 0.12


@dataclass(frozen=True)
class Addresses:
    """Some addresses: a column for each field of ADDRESS, and which place each is in."""

    columns: dict[str, TextArray]
    place: IntArray


class Area:
    """Some places with all their post codes; each post code is one street."""

    def __init__(self, rng: np.random.Generator, places: Sequence[Place], streets: Streets) -> None:
        self.places = places
        self._streets = streets
        codes = [
            (f"{outcode} {incode}", place)
            for place, its in enumerate(places)
            for outcode in its.outcodes
            for incode in inward_codes(outcode)
        ]
        self._post_codes = text([code for code, _ in codes])
        self._place = np.array([place for _, place in codes], dtype=np.int64)
        names = words_drawn(rng, streets.names, len(codes), exponent=0.5)
        types = words_drawn(rng, streets.types, len(codes), exponent=0.6)
        self._street = text([f"{name} {kind}" for name, kind in zip(names, types, strict=True)])

    @property
    def room(self) -> int:
        """How many different homes there are, and as many premises."""
        return len(self._post_codes) * HOUSES

    def homes(self, rng: np.random.Generator, size: int) -> Addresses:
        """Homes, all different."""
        code, number = np.divmod(distinct(rng, size, self.room), HOUSES)
        house = [f"{n + 1} {street}" for n, street in zip(number.tolist(), self._street[code], strict=True)]
        flat = np.where(rng.random(size) < FLATS, picks(rng, [1.0] * 12, size) + 1, 0)
        named = rng.random(size) < HOUSE_NAMES
        names = words_drawn(rng, self._streets.houses, size)
        firsts = [
            f"Flat {n}" if n else f"{name}" if has_name else ""
            for n, name, has_name in zip(flat.tolist(), names, named.tolist(), strict=True)
        ]
        return self._written(code, [[first, line] for first, line in zip(firsts, house, strict=True)])

    def premises(self, rng: np.random.Generator, size: int) -> Addresses:
        """Offices, workshops and the like, all different and no one's home."""
        code, number = np.divmod(distinct(rng, size, self.room), HOUSES)
        form = picks(rng, [UNITS, BUILDINGS, 1 - UNITS - BUILDINGS], size).tolist()
        estate = words_drawn(rng, self._streets.estates, size)
        building = words_drawn(rng, self._streets.names, size)
        lines = [
            [f"Unit {n % 40 + 1}, {name} {kind}", f"{n + HOUSES + 1} {street}"]
            if how == 0
            else [f"{name} House", f"{n + HOUSES + 1} {street}"]
            if how == 1
            else ["", f"{n + HOUSES + 1} {street}"]
            for how, n, name, kind, street in zip(
                form, number.tolist(), building, estate, self._street[code], strict=True
            )
        ]
        return self._written(code, lines)

    def _written(self, code: IntArray, lines: list[list[str]]) -> Addresses:
        """Four lines without gaps: what stands before the street, street, town, county."""
        place = self._place[code]
        rows = []
        for parts, where in zip(lines, place.tolist(), strict=True):
            its = self.places[where]
            filled = [part for part in (*parts, its.town, its.county) if part]
            rows.append((*filled, *[""] * (4 - len(filled))))
        columns = {name: text([row[n] for row in rows]) for n, name in enumerate(ADDRESS[:4])}
        return Addresses(columns | {"post_code": self._post_codes[code]}, place)


def inward_codes(outcode: str) -> list[str]:
    """All inward codes of an outward code ('4AP' of 'LS1'), in order.

    uk-postcodes-parsing holds them as one module for each outward code, offline, from the ONS Postcode
    Directory. They are sets there, so they are sorted here: the order must not hang on the interpreter.
    """
    module = importlib.import_module(f"uk_postcodes_parsing.outcodes.{outcode.lower()}")
    codes: set[str] = module.INCODES
    return sorted(codes)


def joined(first: Addresses, second: Addresses, *, places_before: int) -> Addresses:
    """Two lots of addresses, one below the other; the places of the second are numbered after the first's."""
    columns = {name: np.concatenate([first.columns[name], second.columns[name]]) for name in ADDRESS}
    return Addresses(columns, np.concatenate([first.place, second.place + places_before]))
