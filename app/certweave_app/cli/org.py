"""``certweave org``: which organisations a service knows, and who may log in for them."""

import argparse
import secrets
import sys

from certweave_app.cli.frame import Exit, MisuseError, Verbs, add_verb, say
from certweave_app.cli.members import add_service, open_brands, open_directory
from certweave_edge import clock


def add_parser(verbs: Verbs) -> None:
    """Add ``org`` with its part."""
    parser = add_verb(
        verbs,
        "org",
        "register organisations",
        example="certweave org add fa --service issuer --name 'Fibre Assurance'",
    )
    parts = parser.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    add = add_verb(
        parts,
        "add",
        "register an organisation with an account for the pages",
        about="Prints the login and a password of its own making, once.",
        example="certweave org add fa --service issuer --name 'Fibre Assurance'",
    )
    add.add_argument("org", metavar="NAME", help="short name for addresses: small letters, digits, hyphens")
    add.add_argument("--name", metavar="TEXT", help="name as people read it (default: NAME)")
    add.add_argument("--login", metavar="LOGIN", help="of the account (default: NAME)")
    add.add_argument(
        "--product-host", metavar="HOST", help="host of its product codes, for a brand in the wallet"
    )
    add_service(add)
    add.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Register an organisation and print its account."""
    if options.product_host and options.service != "wallet":
        raise MisuseError("--product-host: brands are in the wallet; add --service wallet")
    password = secrets.token_urlsafe(15)
    login = options.login or options.org
    entry = (options.org, options.name or options.org, login, password)
    if options.product_host:
        with open_brands(options) as (directory, products):
            products.check_host(options.org, options.product_host)
            directory.register(*entry, now=clock.now())
            products.add_host(options.org, options.product_host)
    else:
        with open_directory(options, make=True) as directory:
            directory.register(*entry, now=clock.now())
    sys.stdout.write(f"login:    {login}\npassword: {password}\n")
    say("The password is shown this once.")
    return Exit.VALID
