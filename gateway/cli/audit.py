"""`valv audit`: the offline verifier under the product's own name."""

import sys

import click


@click.command(
    "audit",
    context_settings={"ignore_unknown_options": True, "help_option_names": [], "allow_extra_args": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Verify, prove, check, export, gaps: the same as `python -m audit` (needs nothing of a running lab)."""
    from audit.__main__ import main

    sys.exit(main(list(arguments), sys.stdout, sys.stderr))
