"""How alike two company names are, by the words that they share and how rare these are in the ledger.

The score is a Dice coefficient of words weighed in bits: twice what agrees, over twice what agrees plus what
speaks against it. What agrees tells less if many names hold the same words together ('asbestos removal',
'Citizens Advice'). Against it speak a fixed sum, so that little agreement is never enough, and the words that
only one name has: little if the other name has no such words, more if it begins with one of them.
Measured in decision 0018.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.similar.common_words import common_words
from matching.similar.words import Flags, Floats, Integers, NameWords, Spellings

NEVER_ENOUGH = 6.0
"""Bits that speak against any two names."""
ONE_SIDED, TWO_SIDED = 0.25, 1.5
"""Cost of the more and of the less that only one name has, per bit."""
PLACES_IN_BOTH = 1.0
"""Cost per bit of words that say where and stand in one name only, of the lesser in both names."""
BEGINS_OTHERWISE = 3.0
"""Cost of the words of one name, other than places, is so many times higher if its first is among them."""
FAMILY = 0.5
"""Bits that the words which agree tell less, with each doubling of the names that hold them together."""
OTHER_NUMBERS, OTHER_SIDES = 0.6, 0.75
"""Factors of the score if both names have numbers, or words such as 'north', that the other has not."""
CODE_BITS = 2.0
"""What a reference number in a name tells: four digits or more."""
BITS_OF_AN_INITIAL = 1.8
"""Three alone are not enough, four are."""
INITIALS_FROM = 3

NEIGHBOURS = 15
"""Within a block each name is compared with at most this many that follow it in alphabetical order."""
_TOO_COMMON = 100
"""A word that more names hold does not bring two names together on its own."""
_BLOCKING_WORDS = 4
"""The rarest words of a name, by which it is found."""
_MOST_WORDS = 12
"""Of a name; what comes after is not compared."""
_AT_A_TIME = 20_000
"""Pairs that are scored together, so that what is worked out for them fits into the processor's memory."""

Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Side:
    """One name of each pair: a row per pair, a column per word."""

    word: Places
    """Numbers of the words, -1 where the name has no more."""
    bits: Floats
    """What agrees with the other name, 0 where nothing does."""

    @property
    def alone(self) -> Flags:
        """The words that the other name has not."""
        lonely: Flags = (self.word >= 0) & (self.bits == 0)
        return lonely

    def of(self, pairs: Integers) -> Side:
        """The same of some of the pairs."""
        return Side(self.word[pairs], self.bits[pairs])


@dataclass(frozen=True)
class Told:
    """A word of one of two names: whether the other name has it too, and how many bits that is worth."""

    word: str
    agrees: bool
    bits: float


class CompanyNames:
    """Names in the form of the standard company_name, ready to be compared with one another."""

    neighbours = NEIGHBOURS

    def __init__(self, names: Sequence[str]) -> None:
        self.words = NameWords.of(names)
        self.spellings = Spellings.among(self.words)

    def blocks(self) -> pa.Table:
        """Which names may be one: `text` (place in the list), `block` (int64). Two that share a block may.

        Rare words, pairs of words where the words alone are common, words written as one, initials. A word
        stands for itself and for its most usual spelling.
        """
        count = len(self.words.texts)
        name, word = self._rarest
        usual = self._usual[word]
        is_common = self._names_with_usual[usual] > NEIGHBOURS
        alone = [(name, word), (name, usual), np.divmod(self._joined, count), self._initialled]
        nodes, blocks = self._not_too_common(*(np.concatenate(part) for part in zip(*alone, strict=True)))
        for first, second in self._pairs_of_rarest:
            both = is_common[first] & is_common[second]
            pair = _pair_key(usual[first], usual[second], count)
            nodes, blocks = np.append(nodes, name[first][both]), np.append(blocks, count + pair[both])
        nodes, blocks = self._distinct(nodes, blocks)
        return pa.table({"text": nodes, "block": blocks})

    def score(self, first: Integers, second: Integers, least: float) -> Floats:
        """The similarity of names by their places in the list, 0 to 1 either way round; 0 below `least`."""
        starts = range(0, len(first), _AT_A_TIME)
        with ThreadPoolExecutor() as pool:
            parts = pool.map(
                lambda start: self._score(
                    first[start : start + _AT_A_TIME], second[start : start + _AT_A_TIME], least
                ),
                starts,
            )
            return np.concatenate([np.zeros(0), *parts])

    def told(self, first: int, second: int) -> tuple[list[Told], list[Told]]:
        """The words of two names, by their places in the list: which agree, and the bits of each."""
        left, right = self._sides(np.array([first]), np.array([second]))
        return self._told(left), self._told(right)

    def _told(self, side: Side) -> list[Told]:
        return [
            Told(self.words.texts[word], agrees=bits > 0, bits=bits or float(self._cost[word]))
            for word, bits in zip(side.word[0].tolist(), side.bits[0].tolist(), strict=True)
            if word >= 0
        ]

    def _score(self, first: Integers, second: Integers, least: float) -> Floats:
        left, right = self._sides(first, second)
        agreed = np.minimum(left.bits.sum(axis=1), right.bits.sum(axis=1))
        (where_left, rest_left), (where_right, rest_right) = self._against(left), self._against(right)
        all_left, all_right = where_left + rest_left, where_right + rest_right
        against = (
            ONE_SIDED * np.maximum(all_left, all_right)
            + TWO_SIDED * np.minimum(all_left, all_right)
            + PLACES_IN_BOTH * np.minimum(where_left, where_right)
        )
        score = np.zeros(len(first))
        open_ = np.flatnonzero(_dice(agreed, against) >= least)
        left, right = left.of(open_), right.of(open_)
        family = np.log2(np.maximum(np.maximum(self._family(left), self._family(right)) - 1, 1))
        score[open_] = _dice(np.maximum(agreed[open_] - FAMILY * family, 0), against[open_])
        for kind, factor in ((self._is_number, OTHER_NUMBERS), (self._is_side, OTHER_SIDES)):
            both = (left.alone & kind[left.word]).any(axis=1) & (right.alone & kind[right.word]).any(axis=1)
            score[open_[both]] *= factor
        return np.where(score >= least, score, 0.0)

    def _sides(self, first: Integers, second: Integers) -> tuple[Side, Side]:
        """What of each name agrees: the same word, another spelling, two words as one, initials."""
        left, right = self._matrix[first], self._matrix[second]
        same = left[:, :, None] == right[:, None, :]
        sides = []
        for own, own_names, other_names, agrees in (
            (left, first, second, same.any(axis=2)),
            (right, second, first, same.any(axis=1)),
        ):
            bits = np.where(agrees & (own >= 0), self._bits[own], 0.0)
            self._add_spellings(bits, own, other_names)
            self._add_joined(bits, own, own_names, other_names)
            self._add_initials(bits, own, own_names, other_names)
            sides.append(Side(own, bits))
        return sides[0], sides[1]

    def _add_spellings(self, bits: Floats, own: Places, other_names: Integers) -> None:
        """Words of which the other name has another spelling: the bits of the commoner, less unlikeness."""
        row, column = np.nonzero((bits == 0) & (own >= 0) & self._has_spellings[own])
        word = own[row, column]
        counts = self.spellings.start[word + 1] - self.spellings.start[word]
        which = np.repeat(np.arange(len(word)), counts)
        place = (
            self.spellings.start[word][which] + np.arange(len(which)) - (np.cumsum(counts) - counts)[which]
        )
        spelling = self.spellings.other[place]
        held = self._holds(other_names[row[which]], spelling)
        which, place, spelling = which[held], place[held], spelling[held]
        value = self.spellings.likeness[place] * np.minimum(self._bits[word[which]], self._bits[spelling])
        np.maximum.at(bits, (row[which], column[which]), value)

    def _add_joined(self, bits: Floats, own: Places, own_names: Integers, other_names: Integers) -> None:
        """Two words that the other name writes as one, and the other way round."""
        for joined in (self._joined_before, self._joined_after):
            as_one = joined[own_names]
            row, column = np.nonzero((bits == 0) & (as_one >= 0))
            held = self._holds(other_names[row], as_one[row, column])
            row, column = row[held], column[held]
            bits[row, column] = self._bits[own[row, column]]
        row, column = np.nonzero((bits == 0) & (own >= 0) & self._is_joined_word[own])
        found = _among(self._joined, other_names[row] * len(self.words.texts) + own[row, column])
        row, column = row[found], column[found]
        bits[row, column] = self._bits[own[row, column]]

    def _add_initials(self, bits: Floats, own: Places, own_names: Integers, other_names: Integers) -> None:
        """A name whose initials are a word of the other, and that word."""
        initials = self._initials[own_names]
        row = np.flatnonzero(initials >= 0)
        row = row[self._holds(other_names[row], initials[row])]
        bits[row] = np.where((bits[row] == 0) & (own[row] >= 0), self._bits[own[row]], bits[row])
        row, column = np.nonzero((bits == 0) & (own >= 0) & (own == self._initials[other_names][:, None]))
        word = own[row, column]
        bits[row, column] = np.minimum(self._bits[word], BITS_OF_AN_INITIAL * self._length[word])

    def _against(self, side: Side) -> tuple[Floats, Floats]:
        """Bits of the words that the other name has not: those that say where, and the rest."""
        alone = side.alone
        cost = np.where(alone, self._cost[side.word], 0.0)
        is_place = self._is_place[side.word]
        rest = np.where(is_place, 0.0, cost).sum(axis=1)
        begins_otherwise = alone[np.arange(len(alone)), self._head(side.word)]
        return np.where(is_place, cost, 0.0).sum(axis=1), np.where(
            begins_otherwise, BEGINS_OTHERWISE * rest, rest
        )

    def _head(self, word: Places) -> Integers:
        """Of each name, where its first word of two letters or more stands; initials say little."""
        head: Integers = np.argmax(self._length[word] > 1, axis=1)
        return head

    def _family(self, side: Side) -> Integers:
        """How many names hold the two rarest of the words that agree, these two names among them."""
        nowhere = self.words.names + 1
        held = np.where(side.bits > 0, self.words.names_with[side.word], nowhere)
        rows = np.arange(len(held))
        rarest = np.argmin(held, axis=1)
        least = held[rows, rarest]
        held[rows, rarest] = nowhere
        next_one = np.argmin(held, axis=1)
        has_two = held[rows, next_one] < nowhere
        together = self._names_with_both(
            side.word[rows, rarest].astype(np.int64), side.word[rows, next_one].astype(np.int64)
        )
        family: Integers = np.where(has_two & (together > 0), together, np.where(least < nowhere, least, 0))
        return family

    def _names_with_both(self, one: Integers, other: Integers) -> Integers:
        """How many names hold two words among their rarest; 0 where that is not known."""
        known, counts = self._together
        if not len(known):
            return np.zeros(len(one), dtype=np.int64)
        asked = _pair_key(one, other, len(self.words.texts))
        place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        found: Integers = np.where(known[place] == asked, counts[place], 0)
        return found

    @cached_property
    def _together(self) -> tuple[Integers, Integers]:
        """Pairs of words that stand together in names, as one number each, sorted, and in how many names."""
        _, word = self._rarest
        found = [
            _pair_key(word[first], word[second], len(self.words.texts))
            for first, second in self._pairs_of_rarest
        ]
        return np.unique(np.concatenate(found), return_counts=True)

    @cached_property
    def _rarest(self) -> tuple[Integers, Integers]:
        """Names and their rarest words, by name and then by rarity; not those that no other name has."""
        name, word = np.divmod(self.words.held, len(self.words.texts))
        is_shared = (self._names_with_usual[self._usual[word]] > 1) | self._stands_for_others[word]
        name, word = name[is_shared], word[is_shared]
        order = np.lexsort((word, self.words.names_with[word], name))
        name, word = name[order], word[order]
        place = np.arange(len(name)) - np.searchsorted(name, name)
        return name[place < _BLOCKING_WORDS], word[place < _BLOCKING_WORDS]

    @cached_property
    def _pairs_of_rarest(self) -> list[tuple[Integers, Integers]]:
        """Places in `_rarest` of each two words of one name."""
        name, _ = self._rarest
        steps = [
            (np.arange(len(name))[:-step], np.arange(len(name))[step:]) for step in range(1, _BLOCKING_WORDS)
        ]
        return [(low[same], high[same]) for low, high in steps for same in [name[low] == name[high]]]

    @cached_property
    def _usual(self) -> Integers:
        """Of each word, the spelling of it that most names have; itself where it has no other."""
        words, spellings = np.arange(len(self.words.texts)), self.spellings
        word, other = np.append(spellings.word, words), np.append(spellings.other, words)
        order = np.lexsort((other, -self.words.names_with[other], word))
        usual: Integers = other[order][np.searchsorted(word[order], words)]
        return usual

    @cached_property
    def _names_with_usual(self) -> Integers:
        name, word = np.divmod(self.words.held, len(self.words.texts))
        keys = np.unique(name * len(self.words.texts) + self._usual[word])
        return np.bincount(keys % len(self.words.texts), minlength=len(self.words.texts))

    def _not_too_common(self, nodes: Integers, blocks: Integers) -> tuple[Integers, Integers]:
        nodes, blocks = self._distinct(nodes, blocks)
        counts = np.bincount(blocks)
        kept = (counts[blocks] <= _TOO_COMMON) & (counts[blocks] > 1)
        return nodes[kept], blocks[kept]

    def _distinct(self, nodes: Integers, blocks: Integers) -> tuple[Integers, Integers]:
        blocks, nodes = np.divmod(np.unique(blocks * self.words.names + nodes), self.words.names)
        return nodes, blocks

    @cached_property
    def _matrix(self) -> Places:
        """Each name's words by number, -1 after the last."""
        words = self.words
        column = np.arange(len(words.word)) - words.start[words.name]
        most = min(int(column.max(initial=0)) + 1, _MOST_WORDS)
        matrix = np.full((words.names, most), -1, dtype=np.int32)
        within = column < most
        matrix[words.name[within], column[within]] = words.word[within]
        return matrix

    @cached_property
    def _bits(self) -> Floats:
        return self.words.bits

    @cached_property
    def _cost(self) -> Floats:
        """Of each word, the bits that speak against two names if only one has it."""
        cost = self.words.bits.copy()
        digits = np.array([sum(map(str.isdigit, text)) for text in self.words.texts])
        cost[digits >= 4] = CODE_BITS
        cost[self.words.marked(common_words().small_words)] = 0
        return cost

    @cached_property
    def _is_place(self) -> Flags:
        return self.words.marked(common_words().where)

    @cached_property
    def _is_side(self) -> Flags:
        return self.words.marked(common_words().sides)

    @cached_property
    def _is_number(self) -> Flags:
        return np.array([text[:1].isdigit() for text in self.words.texts], dtype=np.bool_)

    @cached_property
    def _length(self) -> Integers:
        return np.array([len(text) for text in self.words.texts], dtype=np.int64)

    @cached_property
    def _has_spellings(self) -> Flags:
        has: Flags = np.diff(self.spellings.start) > 0
        return has

    def _holds(self, names: Integers, words: npt.NDArray[np.integer]) -> Flags:
        """Whether each name holds each word."""
        return _among(self.words.held, names * len(self.words.texts) + words)

    @cached_property
    def _joined_after(self) -> Places:
        """As `_matrix`: the word that each makes with the next one of its name; -1 where that is none."""
        matrix, texts, number = self._matrix, self.words.texts, self.words.number
        made = np.full_like(matrix, -1)
        row, column = np.nonzero(matrix[:, 1:] >= 0)
        two = matrix[row, column].astype(np.int64) * len(texts) + matrix[row, column + 1]
        distinct, inverse = np.unique(two, return_inverse=True)
        pairs = zip(*(part.tolist() for part in np.divmod(distinct, len(texts))), strict=True)
        one = [number.get(texts[before] + texts[after], -1) for before, after in pairs]
        made[row, column] = np.array(one, dtype=np.int32)[inverse]
        return made

    @cached_property
    def _joined_before(self) -> Places:
        """The same with the word before."""
        made = np.full_like(self._joined_after, -1)
        made[:, 1:] = self._joined_after[:, :-1]
        return made

    @cached_property
    def _joined(self) -> Integers:
        """`name * words + word` of the words that two neighbouring words of a name make, sorted."""
        row, column = np.nonzero(self._joined_after >= 0)
        return np.unique(row * len(self.words.texts) + self._joined_after[row, column])

    @cached_property
    def _is_joined_word(self) -> Flags:
        made = np.zeros(len(self.words.texts), dtype=np.bool_)
        made[self._joined % len(self.words.texts)] = True
        return made

    @cached_property
    def _stands_for_others(self) -> Flags:
        """Of each word, whether two neighbouring words of a name, or its initials, make it."""
        made = self._is_joined_word.copy()
        made[self._initials[self._initials >= 0]] = True
        return made

    @cached_property
    def _initials(self) -> Integers:
        """Of each name, the word that its initials make, small words left out; -1 where that is none."""
        small, number = common_words().small_words, self.words.number
        letters = np.array(["" if text in small else text[0] for text in self.words.texts], dtype=object)
        made = [
            number.get("".join(letters[row[row >= 0]]), -1) if (row >= 0).sum() >= INITIALS_FROM else -1
            for row in self._matrix
        ]
        is_short = self._length < INITIALS_FROM
        initials = np.array(made, dtype=np.int64)
        return np.where((initials >= 0) & ~is_short[initials], initials, -1)

    @cached_property
    def _initialled(self) -> tuple[Integers, Integers]:
        """Names whose initials are a word, and that word."""
        names = np.flatnonzero(self._initials >= 0)
        return names, self._initials[names]


def _dice(agreed: Floats, against: Floats) -> Floats:
    score: Floats = 2 * agreed / (2 * agreed + NEVER_ENOUGH + against)
    return score


def _pair_key(one: Integers, other: Integers, count: int) -> Integers:
    """One number for two words, in either order; above 0."""
    key: Integers = (np.minimum(one, other) + 1) * count + np.maximum(one, other)
    return key


def _among(sorted_keys: Integers, asked: Integers) -> Flags:
    if not len(sorted_keys):
        return np.zeros(len(asked), dtype=np.bool_)
    found: Flags = sorted_keys[np.minimum(np.searchsorted(sorted_keys, asked), len(sorted_keys) - 1)] == asked
    return found
