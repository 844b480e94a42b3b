"""What stands in front of the product to count its queries, or to see where its time goes. Never in the product."""

import re
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from pyinstrument import Profiler
from pyinstrument.session import Session

from bench.sites.addresses import QUERIES, REPORT

Handler = Callable[[HttpRequest], HttpResponse]
TICK_SECONDS = 0.0005
_SAVEPOINT = re.compile(r'"s\d+_x\d+"')


class Counted:
    """Counts the queries of one request, and the time spent in them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.queries, self.seconds = 0, 0.0
        self.statements: dict[str, list[float]] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001 - Django's signature
        """Pass a query on."""
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            self.queries += 1
            self.seconds += took
            self.statements.setdefault(_SAVEPOINT.sub("…", sql), []).append(took)


class CountingMiddleware:
    """Says in a header how many queries an answer took."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count, and tell."""
        counted = Counted()
        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response[QUERIES] = str(counted.queries)
        return response


class ProfilingMiddleware:
    """Profiles every request, one at a time, and answers with the sum at its own address.

    It begins when it is first told to forget: what is loaded, planned and kept at first requests is no part of it.
    """

    def __init__(self, get_response: Handler) -> None:
        """Begin with nothing."""
        self.get_response = get_response
        self.begun = False
        self._forget()

    def _forget(self) -> None:
        self.session: Session | None = None
        self.requests, self.seconds, self.counted = 0, 0.0, Counted()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Profile a request; or report."""
        if request.path == REPORT:
            report = self._report()
            if "forget" in request.GET:
                self._forget()
                self.begun = True
            return report
        if not self.begun:
            return self.get_response(request)
        profiler = Profiler(interval=TICK_SECONDS, async_mode="disabled")
        began = time.perf_counter()
        with connection.execute_wrapper(self.counted), profiler:
            response = self.get_response(request)
        self.requests += 1
        self.seconds += time.perf_counter() - began
        if profiler.last_session is not None:
            known = self.session
            self.session = Session.combine(known, profiler.last_session) if known else profiler.last_session
        return response

    def _report(self) -> HttpResponse:
        count = max(self.requests, 1)
        whole, database = 1000 * self.seconds / count, 1000 * self.counted.seconds / count
        queries = self.counted.queries / count
        words = [f"{self.requests} requests, {whole:.2f} ms each, {database:.2f} ms of it in {queries:.1f} queries"]
        if self.session is not None:
            printed = Profiler(interval=TICK_SECONDS)
            printed._last_session = self.session  # noqa: SLF001 - the profiler prints its own last session only
            words.append(printed.output_text(unicode=True, color=False, show_all=False))
        words += [_statement(sql, took, count) for sql, took in self.counted.statements.items()]
        return HttpResponse("\n".join(words), content_type="text/plain; charset=utf-8")


def _statement(sql: str, took: list[float], requests: int) -> str:
    """Say how often a request sends a statement, and how long one takes."""
    return f"{len(took) / requests:6.2f} × {1000 * sum(took) / len(took):6.2f} ms  {sql[:300]}"
