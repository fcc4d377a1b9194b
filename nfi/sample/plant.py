"""Plants everything that planted.yaml names."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from nfi.sample import plant_creditors, plant_payments, plant_people, plant_shared, plant_signs
from nfi.sample.draft import PAYROLL, STANDING, Draft
from nfi.sample.draw import stream
from nfi.sample.planted import Answers, Involved, PlantedKind, planted_kinds

Planter = Callable[[Draft, np.random.Generator], list[Involved]]

PLANTERS: dict[str, Planter] = {
    "rekeyed-invoice": plant_payments.rekeyed_invoice,
    "rekeyed-invoice-altered": plant_payments.rekeyed_invoice_altered,
    "duplicate-creditor-paid-twice": plant_payments.duplicate_creditor_paid_twice,
    "wrong-creditor-paid": plant_payments.wrong_creditor_paid,
    "shared-bank-account": plant_creditors.shared_bank_account,
    "similar-creditor-name": plant_creditors.similar_creditor_name,
    "employee-account-is-creditors": plant_people.employee_account_is_creditors,
    "shared-ni-number": plant_people.shared_ni_number,
    "two-full-time-posts": plant_people.two_full_time_posts,
    "shared-pay-account": plant_people.shared_pay_account,
    "similar-person": plant_people.similar_person,
    "duplicate-creditor-record": plant_creditors.duplicate_creditor_record,
    "monthly-rent": plant_payments.monthly_rent,
    "subscription": plant_payments.subscription,
    "quarterly-lease": plant_payments.quarterly_lease,
    "reversed-and-paid-again": plant_payments.reversed_and_paid_again,
    "duplicate-credited": plant_payments.duplicate_credited,
    "credited-in-full": plant_payments.credited_in_full,
    "split-coding-lines": plant_payments.split_coding_lines,
    "instalments": plant_payments.instalments,
    "generic-number": plant_payments.generic_number,
    "second-post": plant_people.second_post,
    "couple": plant_people.couple,
    "twins": plant_people.twins,
    "declared-sole-trader": plant_people.declared_sole_trader,
    "staff-expenses": plant_people.staff_expenses,
    "group-companies": plant_creditors.group_companies,
    "branches": plant_creditors.branches,
    "factoring": plant_creditors.factoring,
    "two-ni-numbers": plant_people.two_ni_numbers,
    "shared-employee-phone": plant_shared.shared_employee_phone,
    "shared-employee-email": plant_shared.shared_employee_email,
    "many-at-one-address": plant_shared.many_at_one_address,
    "employee-phone-is-creditors": plant_shared.employee_phone_is_creditors,
    "employee-email-is-creditors": plant_shared.employee_email_is_creditors,
    "employee-address-is-creditors": plant_shared.employee_address_is_creditors,
    "employee-name-in-creditors": plant_shared.employee_name_in_creditors,
    "shared-creditor-address": plant_creditors.shared_address,
    "shared-vat-number": plant_creditors.shared_vat_number,
    "shared-company-number": plant_creditors.shared_company_number,
    "shared-creditor-phone": plant_creditors.shared_phone,
    "shared-creditor-email": plant_creditors.shared_email,
    "paid-after-leaving": plant_signs.paid_after_leaving,
    "started-after-leaving": plant_signs.started_after_leaving,
    "no-ni-number": plant_signs.no_ni_number,
    "too-old": plant_signs.too_old,
    "too-young": plant_signs.too_young,
    "post-box-address": plant_signs.post_box_address,
    "pay-without-hours": plant_signs.pay_without_hours,
    "closed-record-paid": plant_signs.closed_record_paid,
    "no-bank-account": plant_signs.no_bank_account,
    "seconded": plant_people.seconded,
    "moved-post": plant_people.moved_post,
    "staff-residence": plant_shared.staff_residence,
    "office-telephone": plant_shared.office_telephone,
    "office-mailbox": plant_shared.office_mailbox,
    "ni-number-to-follow": plant_signs.ni_number_to_follow,
    "foster-carer": plant_shared.foster_carer,
    "shop-below-a-flat": plant_shared.shop_below_a_flat,
    "serviced-office": plant_creditors.serviced_office,
    "care-of-accountants": plant_creditors.care_of_accountants,
    "school-and-its-friends": plant_creditors.school_and_its_friends,
    "novation": plant_creditors.novation,
    "duplicate-employee-reference": plant_people.duplicate_employee_reference,
    "duplicate-internal-number": plant_payments.duplicate_internal_number,
}
"""How each entry of planted.yaml is planted, other than the faults that overwrite one record."""


def plant_all(draft: Draft, seed: int, sizes: dict[str, int]) -> Answers:
    """Plant every kind as often as the sizes ask for.

    Raises:
        RowsUsedUp: the sample is too small for it.
    """
    answers = Answers()
    by_name = {kind.name: kind for kind in planted_kinds()}
    for kind in planted_kinds():
        rng = stream(seed, f"plant {kind.name}")
        for number in range(kind.groups(sizes)):
            if kind.becomes:
                involved = _overwrite(draft, rng, kind, kind.becomes[number % len(kind.becomes)])
            else:
                involved = PLANTERS[kind.name](draft, rng)
            if kind.also:
                answers.add(by_name[kind.also], [record for record in involved if record.dataset == STANDING])
                involved = [record for record in involved if record.dataset != STANDING]
            answers.add(kind, involved)
    return answers


def _overwrite(
    draft: Draft, rng: np.random.Generator, kind: PlantedKind, becomes: dict[str, str]
) -> list[Involved]:
    """A fault: one record, otherwise in order, with other text in some columns; # is any figure."""
    becomes = {
        column: re.sub("#", lambda _: str(rng.integers(10)), value) for column, value in becomes.items()
    }
    if kind.dataset == PAYROLL:
        (row,) = draft.free_people.take()
        draft.people.change(row, becomes)
        return [Involved(PAYROLL, row)]
    (row,) = draft.free_firms.take()
    if kind.dataset == STANDING:
        draft.creditors.records.change(row, becomes)
        return [Involved(STANDING, row)]
    moment = draft.moment(rng)
    line = draft.enter(draft.draw_invoice(rng, row, moment), moment)
    draft.lines.overwritten[line.place] = becomes
    return [line]
