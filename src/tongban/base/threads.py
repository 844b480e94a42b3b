"""What Django keeps for each thread (language, addresses, connections), kept in the quickest way there is.

Django keeps it in asgiref's `Local`, which follows a request across coroutines and threads: 1 µs each time, and a page
asks for the language four hundred times. Requests and jobs of ours stay on the thread on which they began (WSGI,
granian; the jobs of the worker are plain functions), so `threading.local` says the same in a tenth of it.
"""

import threading

from django.db import connections
from django.urls import base as urls
from django.utils import timezone
from django.utils.translation import trans_real


def keep_by_thread() -> None:
    """Replace Django's places. To be called before anything is kept in them: when the rooms are loaded."""
    trans_real._active = threading.local()  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    timezone._active = threading.local()  # type: ignore[attr-defined]  # noqa: SLF001
    urls._prefixes, urls._urlconfs = threading.local(), threading.local()  # type: ignore[attr-defined]  # noqa: SLF001
    connections._connections = threading.local()  # type: ignore[attr-defined]  # noqa: SLF001
