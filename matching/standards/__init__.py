"""Standard forms, so that values which mean the same compare as equal.

In come arrays of text, one per column; out comes an array of the same length: null where there is nothing
to compare (blank, a placeholder, a number that cannot be one). A standard gives one text per row, or a list
of texts of which any may agree. All work is on whole Arrow arrays, once for each distinct value.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from matching.standards.accounts import bank_account
from matching.standards.companies import company_name, company_names
from matching.standards.contacts import email_address, telephones
from matching.standards.invoices import (
    invoice_core,
    invoice_digits,
    invoice_folded,
    invoice_near,
    invoice_number,
    invoice_swapped,
)
from matching.standards.people import (
    forename,
    forenames_meant,
    nino,
    payee_as_person,
    person_name,
    surname,
    surname_and_initial,
)
from matching.standards.places import address, post_code, premises, street_and_town
from matching.standards.registrations import company_number, vat_number
from matching.standards.text import digits, name_words

Standard = Callable[..., pa.Array]

LISTED = frozenset(
    function.__name__
    for function in (
        company_names,
        forenames_meant,
        invoice_near,
        invoice_swapped,
        name_words,
        payee_as_person,
        street_and_town,
        telephones,
    )
)
"""The standards that give lists, any member of which may agree."""

STANDARDS: dict[str, Standard] = {
    function.__name__: function
    for function in (
        address,
        bank_account,
        company_name,
        company_names,
        company_number,
        digits,
        email_address,
        forename,
        forenames_meant,
        invoice_core,
        invoice_digits,
        invoice_folded,
        invoice_near,
        invoice_number,
        invoice_swapped,
        name_words,
        nino,
        payee_as_person,
        person_name,
        post_code,
        premises,
        street_and_town,
        surname,
        surname_and_initial,
        telephones,
        vat_number,
    )
}
"""The functions that records.yaml may name."""
