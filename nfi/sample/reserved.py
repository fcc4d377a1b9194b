"""Numbers in the right form that should belong to no one: NI, banks, telephones, VAT, companies.

What is known of each range, and how well, stands in words.yaml.

Each is given out once. Where a range is used up (there are only a thousand drama numbers of a kind) the rest
stay blank, so that no two records agree by accident.
"""

from __future__ import annotations

import numpy as np

from nfi.sample.draw import TextArray, distinct, picks, text, zipf_weights
from nfi.sample.words import Reserved

BRANCHES = 60
"""How many bank branches the people and firms of one area use between them."""
ACCOUNTS = 100_000_000
DRAMA_NUMBERS = 1000


def ni_numbers(rng: np.random.Generator, reserved: Reserved, size: int) -> TextArray:
    """NI numbers with prefixes for administration only; all different in their first eight characters."""
    chosen = distinct(rng, size, len(reserved.ni_prefixes) * 1_000_000)
    suffixes = picks(rng, [1, 1, 1, 1], size)
    return text(
        [
            f"{reserved.ni_prefixes[number // 1_000_000]}{number % 1_000_000:06d}{'ABCD'[suffix]}"
            for number, suffix in zip(chosen.tolist(), suffixes.tolist(), strict=True)
        ]
    )


def sort_codes(rng: np.random.Generator, branches: TextArray, size: int) -> TextArray:
    """Sort codes of six digits, some branches with many more customers than others."""
    return branches[picks(rng, zipf_weights(len(branches), exponent=0.8), size)]


def branches(rng: np.random.Generator, reserved: Reserved) -> TextArray:
    """The sort codes of the area's bank branches."""
    chosen = distinct(rng, BRANCHES, len(reserved.sort_codes) * 10_000)
    return text([f"{reserved.sort_codes[n // 10_000]}{n % 10_000:04d}" for n in chosen.tolist()])


def bank_accounts(rng: np.random.Generator, size: int) -> TextArray:
    """Account numbers of eight digits, all different whatever the sort code."""
    return text([f"{number:08d}" for number in distinct(rng, size, ACCOUNTS).tolist()])


def drama_numbers(rng: np.random.Generator, beginning: str, *, wanted: int, spare: int = 0) -> list[str]:
    """Telephone numbers that Ofcom keeps for drama, at most 1,000 less `spare`: 07700 900123."""
    room = DRAMA_NUMBERS - spare
    chosen = distinct(rng, min(wanted, room), room)
    return [f"{beginning}{number:03d}" for number in chosen.tolist()]


def vat_number(first_seven: int) -> str:
    """Nine digits: seven and the check digits by modulus 97, so that the weighted sum divides by 97."""
    figures = f"{first_seven:07d}"
    weighted = sum(weight * int(figure) for weight, figure in zip(range(8, 1, -1), figures, strict=True))
    return f"{figures}{97 - weighted % 97:02d}"


def vat_numbers(rng: np.random.Generator, reserved: Reserved, wanted: int) -> list[str]:
    """VAT numbers with right check digits in a range that is not issued; fewer where the range is used up."""
    room = reserved.vat_to - reserved.vat_from
    chosen = distinct(rng, min(wanted, room), room)
    return [vat_number(reserved.vat_from + number) for number in chosen.tolist()]


def company_numbers(rng: np.random.Generator, reserved: Reserved, wanted: int) -> list[str]:
    """Company numbers of eight digits, above all that have been issued."""
    room = reserved.company_to - reserved.company_from
    return [str(reserved.company_from + number) for number in distinct(rng, wanted, room).tolist()]


def partnership_numbers(rng: np.random.Generator, reserved: Reserved, wanted: int) -> list[str]:
    """Numbers of limited liability partnerships: OC and six digits; fewer where the range is used up."""
    room = reserved.partnership_to - reserved.partnership_from
    chosen = distinct(rng, min(wanted, room), room)
    return [f"OC{reserved.partnership_from + number}" for number in chosen.tolist()]
