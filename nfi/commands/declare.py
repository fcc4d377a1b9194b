"""`nfi declare`: what the key contact will declare, recorded before the package is made."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from nfi.commands import options
from nfi.commands.declare_questions import ask_all
from nfi.commands.declare_summary import for_machines, show_declaration
from nfi.commands.options import OUT, Json
from nfi.console import messages, paragraph
from nfi.declaring import (
    NothingDeclared,
    Review,
    load_declaration,
    record_declaration,
    review,
)
from nfi.workspace import Workspace
from outputs.declared.concerns import missing
from outputs.declared.declaration import Declaration, DeclarationRefused, read_declaration, with_changes
from outputs.declared.file import write_template

_YES = "yes|no"


def declare(
    folder: options.Workspace = OUT,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", help="The exercise it is for.")] = None,
    sro: Annotated[
        str | None, typer.Option("--sro", metavar="NAME", help="Senior responsible officer.")
    ] = None,
    sro_role: Annotated[
        str | None,
        typer.Option("--sro-role", metavar="ROLE", help="Their role, such as Director of Finance."),
    ] = None,
    key_contact: Annotated[
        str | None, typer.Option("--key-contact", metavar="NAME", help="Key contact.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email", help="E-mail address of the key contact.")] = None,
    telephone: Annotated[
        str | None, typer.Option("--telephone", help="Telephone number of the key contact.")
    ] = None,
    notice: Annotated[
        str | None, typer.Option("--notice", metavar=_YES, help="Whether your privacy notices comply.")
    ] = None,
    notice_date: Annotated[
        str | None, typer.Option("--notice-date", metavar="DAY", help="Day on which people were last told.")
    ] = None,
    notice_forms: Annotated[
        str | None, typer.Option("--notice-forms", metavar="TEXT", help="Forms that carry its summary.")
    ] = None,
    notice_payslips: Annotated[
        str | None, typer.Option("--notice-payslips", metavar="TEXT", help="Payslips or letters that did.")
    ] = None,
    notice_web: Annotated[
        str | None, typer.Option("--notice-web", metavar="ADDRESS", help="Where the longer notice is.")
    ] = None,
    notice_lists: Annotated[
        list[str] | None,
        typer.Option(
            "--notice-lists",
            metavar="NAMES",
            help="Data that it lists, with commas between, or all. Repeatable.",
        ),
    ] = None,
    security: Annotated[
        str | None,
        typer.Option("--security", metavar=_YES, help="Whether you comply with the security policy."),
    ] = None,
    security_date: Annotated[
        str | None, typer.Option("--security-date", metavar="DAY", help="Day on which that was established.")
    ] = None,
    data_set: Annotated[
        list[str] | None,
        typer.Option("--data-set", metavar="NAMES", help="Data sets expected of you. Repeatable."),
    ] = None,
    agency_payroll: Annotated[
        str | None,
        typer.Option(
            "--agency-payroll", metavar="none|authorised", help="Payroll in the files run for other bodies."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Take all parts from a file that you filled in."),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Show what is recorded; change nothing.")] = False,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="FILE", help="Write a file to fill in; record nothing."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --template: write over a file that is there.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Record what your key contact will declare. The declaration itself is made in the NFI web application.

    Options change what they name and keep the rest; a blank ("") takes it away. Without options, nfi asks.

    Example: nfi declare nfi-work --sro "A. Officer" --notice yes --notice-date "1 July 2026"
    """
    day = datetime.now(UTC).astimezone().date()
    workspace = Workspace(folder)
    answers = {
        key: value
        for key, value in {
            "exercise": exercise,
            "senior_responsible_officer.name": sro,
            "senior_responsible_officer.role": sro_role,
            "key_contact.name": key_contact,
            "key_contact.email": email,
            "key_contact.telephone": telephone,
            "privacy_notice.complies": notice,
            "privacy_notice.date": notice_date,
            "privacy_notice.shown.forms": notice_forms,
            "privacy_notice.shown.payslips": notice_payslips,
            "privacy_notice.shown.web_address": notice_web,
            "privacy_notice.lists": notice_lists,
            "security_policy.complies": security,
            "security_policy.date": security_date,
            "data_sets": data_set,
            "agency_payroll": agency_payroll,
        }.items()
        if value is not None
    }
    if (show or template) and (answers or file or (show and template)):
        raise DeclarationRefused("--show and --template stand alone: leave the other options out.")
    if template:
        write_template(template, force=force)
        _say_how_to_go_on(template, folder)
    elif show:
        declaration = load_declaration(workspace)
        if declaration is None:
            raise NothingDeclared(f"{folder}: no declaration is recorded here. First: nfi declare {folder}")
        _show(declaration, review(workspace, declaration, day=day), as_json=as_json)
    else:
        declaration = _answered(workspace, file, answers, day)
        path = record_declaration(workspace, declaration, at=datetime.now(UTC))
        _show(declaration, review(workspace, declaration, day=day), as_json=as_json)
        paragraph(messages(), f"Written: {path}. It is a record, and not the declaration itself.")


def _answered(
    workspace: Workspace, file: Path | None, answers: Mapping[str, object], day: date
) -> Declaration:
    """The declaration as the file, the options or the person at the terminal say.

    Raises:
        DeclarationRefused: nothing says anything, and nobody is there to ask.
    """
    if file:
        return with_changes(read_declaration(file, day=day), answers, day=day)
    recorded = load_declaration(workspace) or Declaration()
    if answers:
        return with_changes(recorded, answers, day=day)
    at_hand = review(workspace, recorded, day=day).submitted
    if sys.stdin.isatty():
        return ask_all(recorded, at_hand, day=day)
    parts = "; ".join(f"{part.missed} ({part.option})" for part in missing(recorded, at_hand))
    raise DeclarationRefused(
        "nothing to record: no option says anything, and there is no terminal to ask at. "
        + (
            f"Missing: {parts}. Or fill in a file: nfi declare --template FILE"
            if parts
            else "Nothing is missing."
        )
    )


def _show(declaration: Declaration, reviewed: Review, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(for_machines(declaration, reviewed), indent=2, ensure_ascii=False))
    else:
        show_declaration(declaration, reviewed)


def _say_how_to_go_on(template: Path, folder: Path) -> None:
    command = shlex.join(["nfi", "declare", str(folder), "--file", str(template)])
    messages().print(f"Written: {template}. Fill it in, then:\n  {command}", soft_wrap=True)
