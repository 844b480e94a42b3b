"""wapiti over the site, as a resident, an official and a data steward; a programme of its own, under the GPL, in an environment of its own."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from bench.attack.bounds import Bounds
from bench.attack.city import City
from bench.attack.found import Findings
from bench.attack.people import OFFICIAL, RESIDENT, STEWARD, Player

PINNED = Path(__file__).parents[1] / "wapiti.txt"
MODULES = "exec,file,sql,timesql,xss,permanentxss,redirect,ssrf,xxe,crlf,csrf,cookieflags,http_headers,csp,backup,htaccess,methods,upload"
LEFT_OUT = ("sign-out", "demo/sign-in", "profile/password", "profile/username", "discard", "language")
FEWEST_PAGES = 10
SPARE_SECONDS = 120
EXPECTED = frozenset({"Secure Flag cookie", "HTTP Strict Transport Security (HSTS)"})
"""The demo city speaks plain HTTP on this machine; what HTTPS brings is shown by `site/tests/test_https.py`."""


WITHOUT_TOKEN = frozenset({"/type", "/language"})
"""Settings of the reader that take no token but refuse other sites: `base.web.same_site`; the part `sessions` tries them."""


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Install it if it is not there yet, and let it go."""
    programme = _installed(found)
    if programme is None:
        return
    for player in (RESIDENT, OFFICIAL, STEWARD):
        _scan(city, programme, player, bounds, found)


def environment(name: str, pinned: Path) -> Path | None:
    """Return the folder of programmes of a separate virtual environment under `var/`, made when it is not there yet."""
    digest = hashlib.sha256(pinned.read_bytes()).hexdigest()[:12]
    folder = Path("var") / "attack" / f"{name}-{digest}"
    done = folder / "complete"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        command = [str(folder / "bin" / "pip"), "install", "-q", "--require-hashes", "-r", str(pinned)]
        installed = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900)
        if installed.returncode:
            return None
        done.touch()
    return (folder / "bin").resolve()


def _installed(found: Findings) -> Path | None:
    programmes = environment("wapiti", PINNED)
    if programmes is None:
        found.not_run = "wapiti could not be installed: no package index is reachable"
        return None
    return programmes / "wapiti"


def _scan(city: City, programme: Path, player: Player, bounds: Bounds, found: Findings) -> None:
    username, kind = player.username, player.kind
    browser = city.browser(username)
    report, before = city.var.parent / f"{username}.json", city.log_size()
    each = max(8, bounds.seconds // 10)
    begin = {RESIDENT: "/my", STEWARD: "/office/data/"}.get(player, "/office/")
    left_out = [word for name in LEFT_OUT for word in ("-x", f"{city.base}/{name}*")]
    command = [
        str(programme), "-u", city.base + begin, "--scope", "domain", "-m", MODULES, "-f", "json", "-o", str(report),
        "--max-scan-time", str(bounds.seconds), "--max-attack-time", str(each), "--max-links-per-page", "40",
        "-d", "4", "--tasks", "4", "-S", "polite", "--flush-session", "--no-bugreport", "-v", "0", "--store-session", str(city.var.parent),
        "--header", f"Cookie: {'; '.join(f'{one.name}={one.value}' for one in browser.session.cookies)}", *left_out,
    ]  # fmt: skip
    most = bounds.seconds + each * len(MODULES.split(",")) + SPARE_SECONDS
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=most)
    except subprocess.TimeoutExpired:
        found.not_run = f"wapiti did not end within {most} seconds as {kind}"
        return
    if not report.exists():
        found.not_run = f"wapiti ended with {done.returncode}: {(done.stderr or done.stdout)[-300:]}"
        return
    told = json.loads(report.read_text(encoding="utf-8"))
    pages = int(told["infos"].get("crawled_pages_nbr", 0))
    asked = int(told["infos"].get("detailed_report_level", 0)) or pages
    found.tried += max(pages, asked)
    found.notes.append(f"{kind}: {pages} pages crawled")
    found.expect(pages > FEWEST_PAGES, f"{kind}: only {pages} pages were crawled: the scan proves nothing")
    for sort in ("vulnerabilities", "anomalies"):
        for name, several in told[sort].items():
            for one in several:
                known = name == "Cross Site Request Forgery" and one["path"] in WITHOUT_TOKEN
                found.expect(
                    known or name in EXPECTED, f"{kind}: {name}: {one['method']} {one['path']}: {one['info'][:160]}"
                )
    for fault in city.faults(before):
        found.expect(holds=False, words=f"{kind}: {fault}")
