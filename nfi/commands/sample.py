"""`nfi sample`: believable extracts of invented people and suppliers, with an answer key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nfi.console import messages, progress, results, table
from nfi.sample import make_sample


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the extracts.")],
    employees: Annotated[int, typer.Option(help="Payroll records.")] = 2_000,
    creditors: Annotated[int, typer.Option(help="Standing data records.")] = 1_500,
    payments: Annotated[int, typer.Option(help="Payment history records.")] = 40_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Write over extracts that are there.")] = False,
) -> None:
    """Write synthetic extracts: payroll, creditors standing, payment history, and answers.csv.

    Every person and supplier is invented. Inconsistencies, innocent look-alikes and faults are planted,
    and answers.csv says which is which.

    Example: nfi sample extracts --employees 5000 --creditors 8000 --payments 200000 --seed 7
    """
    with progress("Making a sample"):
        made = make_sample(
            folder, employees=employees, creditors=creditors, payments=payments, seed=seed, force=force
        )
    shown = table("file", "rows", right=("rows",))
    for name, rows in made.rows.items():
        shown.add_row(str(made.files[name]), f"{rows:,}")
    results().print(shown)
    messages().print(f"Next: nfi check {made.files['payroll']} --dataset payroll")
