"""A signed-in client of the API that knows whether it was answered."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import requests

SERVER_FAULT = 500
AWAY = 503
BUSY = 429
PATIENCE_SECONDS = 20


class Cut(Exception):  # noqa: N818 - what happened to the line
    """No answer came, or one that does not tell whether it was done: it has to be asked again."""


class Line:
    """One session over HTTP. Every answer is counted by its class.

    That a part does not answer now (503) is no answer; any other fault of the server is a broken promise.
    """

    def __init__(self, address: str, cookies: Mapping[str, str], answers: Counter[str], strange: list[str]) -> None:
        """Take up a session by its cookies; broken promises go into `strange`."""
        self._address = address
        self._answers = answers
        self._strange = strange
        self._session = requests.Session()
        self._session.cookies.update(cookies)
        self._session.headers["X-CSRFToken"] = cookies["csrftoken"]
        self._session.headers["Accept-Language"] = "en"

    def ask(self, method: str, path: str, **sent: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - requests'
        """Send a request to the API; returns status and JSON. Raises Cut."""
        headers = sent.pop("headers", {})
        try:
            answer = self._session.request(
                method, f"{self._address}/api/v1{path}", timeout=PATIENCE_SECONDS, headers=headers, **sent
            )
        except requests.RequestException as reason:
            self._answers["no answer"] += 1
            raise Cut from reason
        self._answers[f"{answer.status_code}"] += 1
        if answer.status_code >= SERVER_FAULT and answer.status_code != AWAY:
            self._strange.append(f"{method} {path.rpartition('/')[2]}: {answer.status_code} {answer.text[:300]}")
        if answer.status_code >= SERVER_FAULT or answer.status_code == BUSY:
            raise Cut(str(answer.status_code))
        return answer.status_code, answer.json() if answer.content else {}
