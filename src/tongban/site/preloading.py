"""What every process needs is loaded before it begins; by those that serve before they part, to hold it once.

A process that is started again is there at once, too: it begins with everything in memory. Nothing here may open a
connection or start a thread: neither survives the fork.
"""

import gc
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils import translation

from tongban.catalogue.rules import wording
from tongban.papers import queries as papers
from tongban.site.allocating import bound_memory


def preload() -> None:
    """Load all that lasts, before the serving processes part."""
    bound_memory()
    _load_addresses()
    _load_templates()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):  # which loads its words
            continue
    wording.warm_up()
    papers.read_typefaces()
    _leave_alone()


def preload_worker() -> None:
    """Load what a worker needs."""
    papers.read_typefaces()
    _leave_alone()


NEW_OBJECTS = 20_000
"""From so many on the collector looks at new ones; Python's own measure of 700 is for small programs."""


def _leave_alone() -> None:
    """Let the collector of garbage leave alone all that was loaded, and come less often.

    It marks each object that it looks at; the page of memory is then no longer common to those that part. Pages and
    batches make thousands of objects that are gone a moment later: looking at them each time took 5 % of the time of a
    page of a case, and two fifths of the worker's for deemed acceptances.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def _load_addresses() -> None:
    """Import all views: whatever is asked of the table of addresses first makes it."""
    get_resolver().reverse_dict.keys()


def _load_templates() -> None:
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            for name in _names():
                engine.get_template(name)


def _names() -> Iterator[str]:
    for folder in get_app_template_dirs("templates"):
        if "tongban" in Path(folder).parts:
            yield from (str(path.relative_to(folder)) for path in sorted(Path(folder).rglob("*.*")) if path.is_file())
