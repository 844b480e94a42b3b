"""`tongban manage`: Django's own management commands."""

import argparse

from tongban.site.commands.surroundings import database, set_up_django

HELP = "run one of Django's management commands (for developers)"
MANUAL = """\
Examples:
  tongban manage makemigrations cases
  tongban manage shell
"""
WITHOUT_DATABASE = frozenset({"makemigrations", "collectstatic", "findstatic", "help", "check", "diffsettings"})
AS_OWNER = frozenset({"migrate", "sqlmigrate", "showmigrations", "optimizemigration"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take everything that follows as it is."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="the management command and its arguments")


def run(options: argparse.Namespace) -> int:
    """Set up Django, with the database where the command needs it, and pass on."""
    arguments: list[str] = options.arguments or ["help"]
    if arguments[0] in WITHOUT_DATABASE:
        set_up_django("nobody")
        _execute(arguments)
        return 0
    with database():
        set_up_django("owner" if arguments[0] in AS_OWNER else "app")
        _execute(arguments)
    return 0


def _execute(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tongban manage", *arguments])
