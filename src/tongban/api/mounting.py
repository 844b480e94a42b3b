"""The API as a whole: mounts what the rooms offer, and describes it in OpenAPI 3.1."""

from http import HTTPStatus
from typing import Any

from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from tongban.accounts.api.routes import router as accounts
from tongban.api.parsing import StrictParser
from tongban.api.problems import MEDIA_TYPE, answered, hand_problems
from tongban.applications.api.drafts import router as drafts
from tongban.applications.api.materials import router as materials
from tongban.applications.api.materials import supplements
from tongban.base.api import Problem
from tongban.cases.api.clocks import router as clocks
from tongban.cases.api.routes import router as cases
from tongban.cases.api.task_clocks import router as task_clocks
from tongban.cases.api.tasks import router as tasks
from tongban.catalogue.api.routes import router as catalogue
from tongban.exchange.api.feeding import router as feeds
from tongban.exchange.api.routes import router as exchange
from tongban.sharing.api.mine import router as my_data
from tongban.sharing.api.supply_routes import router as supply

VERSION = "1.0.0"
DESCRIPTION = """\
Everything a resident and an official can do on the pages of Tongban, from finding a matter to holding its result.

Sign in with `POST /session`; send the cookie it sets, and its `csrf_token` as `X-CSRFToken` with whatever changes
something. Every refusal is a problem document (RFC 9457) with sentences in the language of `Accept-Language`
(Chinese unless English is asked for). Instants are in UTC, dates are dates of the office (Asia/Shanghai), money is
whole fen. What is not in a list of known fields is refused. An object that is absent and one that may not be seen
answer alike: 404."""
SAFE = frozenset({"get", "head", "options"})
ALWAYS = (400, 422, 429, 500, 503)


class JourneyAPI(NinjaAPI):
    """The API of the journey. All its answers, also to wrong methods, are described."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = answered(pattern.callback)
        return patterns

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description, with the problems that each operation may answer."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema(mode="serialization")
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _describe_problems(operation, path, method)
        return schema


def _describe_problems(operation: dict[str, Any], path: str, method: str) -> None:
    for status in sorted(_problem_statuses(operation, path, method)):
        operation["responses"].setdefault(
            status,
            {
                "description": HTTPStatus(status).phrase,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )


def _problem_statuses(operation: dict[str, Any], path: str, method: str) -> set[int]:
    statuses = set(ALWAYS)
    if "{" in path:
        statuses.add(404)
    if operation.get("security"):
        statuses |= {401, 403, 404}  # 404: what is named in the question may be somebody else's
    if method not in SAFE:
        statuses |= {403, 404, 409, 410, 413, 415}
    return statuses


api = JourneyAPI(title="Tongban", version=VERSION, description=DESCRIPTION, docs_url=None, parser=StrictParser(),
                 urls_namespace="api")  # fmt: skip
hand_problems(api)
for router in (
    catalogue, accounts, drafts, materials, supplements, cases, clocks, tasks, task_clocks, exchange, feeds, my_data,
    supply,
):  # fmt: skip
    api.add_router("", router)
