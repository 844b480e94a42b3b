"""Over HTTPS cookies belong to this host alone, and the API never answers plain HTTP with a way round."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import django
django.setup()
from django.conf import settings
from django.test import Client
names = ("SESSION", "CSRF", "LANGUAGE")
print(*(getattr(settings, f"{name}_COOKIE_NAME") for name in names), settings.TONGBAN_TYPE_COOKIE)
print(*(getattr(settings, f"{name}_COOKIE_SECURE") for name in names))
plain, safe = Client(), {"secure": True, "HTTP_HOST": "banshi.example.gov.cn"}
page = plain.get("/privacy", HTTP_HOST="banshi.example.gov.cn")
print(page.status_code, page["Location"])
for method in ("get", "post"):
    answer = getattr(plain, method)("/api/v1/session", HTTP_HOST="banshi.example.gov.cn")
    print(answer.status_code, answer["Content-Type"], answer.json()["code"])
page = plain.get("/about", **safe)
print(page.status_code, page["Strict-Transport-Security"])
answer = plain.post("/type", {"type": "large", "next": "/"}, HTTP_REFERER="https://banshi.example.gov.cn/", **safe)
print(answer.cookies["__Host-type"].OutputString())
print(plain.get("/about", HTTP_HOST="evil.example").status_code, plain.get("/about", **safe | {"HTTP_HOST": "evil.example"}).status_code)
"""


def _told(var: Path) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE", "DJANGO"))}
    environment = kept | {
        "TONGBAN_VAR": str(var),
        "TONGBAN_AS": "nobody",
        "TONGBAN_PUBLIC_URL": "https://banshi.example.gov.cn",
        "TONGBAN_DEBUG": "on",  # styles from their sources: nothing is collected here
        "TONGBAN_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "tongban.site.settings",
    }
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def test_cookies_redirects_and_hosts(tmp_path: Path) -> None:
    told = _told(tmp_path)
    assert told[0] == "__Host-sessionid __Host-csrftoken __Host-django_language __Host-type"
    assert told[1] == "True True True"
    assert told[2] == "301 https://banshi.example.gov.cn/privacy"
    assert told[3:5] == ["403 application/problem+json https_needed"] * 2
    assert told[5] == "200 max-age=31536000; includeSubDomains"
    assert "Secure" in told[6]
    assert "Path=/" in told[6]
    assert "Domain" not in told[6]
    assert told[7] == "400 400"
