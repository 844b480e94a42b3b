"""Writes the table of docs/operate/configuration.md from the code: `python tools/configuration_page.py`."""

from pathlib import Path

from tongban.site.names import NAMES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operate" / "configuration.md"
HEAD = """\
# Configuration

Everything is said by environment; nothing needs to be said to begin. `tongban check --deploy` prints what is in
force, secrets masked. This page is written from the code by `tools/configuration_page.py`; a test compares them.

| name | means | without it |
|---|---|---|
"""
FOOT = """
`off` for `TONGBAN_EMAIL_URL` or `TONGBAN_CLAMD` says that the installation does without on purpose; otherwise it does
not start for the public without them.

**Keys.** Those that are not given are made at the first start under `secrets` in `TONGBAN_VAR`, readable by this
account alone. Where web and worker run on several machines, give `TONGBAN_SECRET_KEY`, `TONGBAN_DATA_KEYS` and
`TONGBAN_INDEX_KEY` to all of them, the same. To turn a key over, add one with the next number and keep the old one
until `tongban keys status` says that nothing needs it: [keys](../security/keys.md).

**Secrets from files.** For each secret `NAME` (keys, tokens, addresses with a password) `NAME_FILE` may name a file
that holds it: what systemd's credentials, Kubernetes or the agent of a vault lay down. It counts before `NAME`.

**Object storage.** Any service that speaks S3. The bucket must exist and should be private; `/` in `KEY` or `SECRET`
is written `%2F`. Without them the surroundings are asked (an instance's role, `AWS_ACCESS_KEY_ID`). `s3+http://` is
for this machine only.
"""


def text() -> str:
    """Return the whole page."""
    return HEAD + "".join(f"| `{name.name}` | {name.means} | {name.without} |\n" for name in NAMES) + FOOT


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
