"""`tongban import-organisations`."""

import argparse

HELP = "coming"
MANUAL = ""


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(_options: argparse.Namespace) -> int:
    """Run."""
    return 1
