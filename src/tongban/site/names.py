# ruff: noqa: E501 - a table reads best with one row on a line
"""Every name of the environment, with what it means: what `docs/operate/configuration.md` and `tongban check` show."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

MASK = "…"


@dataclass(frozen=True, slots=True)
class Name:
    """One name: what it means, what holds without it, and whether its value (or a part of it) is a secret."""

    name: str
    means: str
    without: str
    secret: bool = False

    def shown(self, environment: Mapping[str, str]) -> str:
        """Return the value as an operator may see it, on a screen that others see too."""
        value = environment.get(self.name, "")
        if not value:
            return f"({self.without})"
        return _masked(value) if self.secret else value


def _masked(value: str) -> str:
    """Hide a secret; of an address only the password, so that the rest can be checked by eye."""
    parts = urlsplit(value)
    if not parts.scheme or not parts.netloc:
        return MASK
    before, at, host = parts.netloc.rpartition("@")
    user, colon, _password = before.partition(":")
    query = f"?{MASK}" if "password" in parts.query else f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{user}{colon and f':{MASK}'}{at}{host}{parts.path}{query}"


NAMES = (
    Name("TONGBAN_VAR", "folder for everything kept on this machine", "`./var`"),
    Name("DATABASE_URL", "libpq address of the app: `postgresql://USER:PASSWORD@HOST/DATABASE`", "embedded PostgreSQL", secret=True),
    Name("DATABASE_OWNER_URL", "libpq address of the owner, who migrates, backs up and restores", "that of the app", secret=True),
    Name("TONGBAN_FILES_URL", "where uploads and papers are kept: a folder, or `s3+https://KEY:SECRET@HOST/BUCKET/PREFIX?region=REGION`", "`files` in `TONGBAN_VAR`", secret=True),
    Name("TONGBAN_PUBLIC_URL", "address residents use, `https://…`; turns on HSTS and secure cookies", "plain HTTP on this machine"),
    Name("TONGBAN_ALLOWED_HOSTS", "further names the site answers to, parted by commas", "this machine"),
    Name("TONGBAN_BEHIND_PROXY", "on: believe `X-Forwarded-Proto`, `-Host` and `-For` of the proxy in front", "off"),
    Name("TONGBAN_EMAIL_URL", "`smtp://`, `smtp+tls://` or `smtps://` `USER:PASSWORD@HOST:PORT`", "messages wait", secret=True),
    Name("TONGBAN_EMAIL_FROM", "sender of messages", "`tongban@localhost`"),
    Name("TONGBAN_CLAMD", "`HOST:PORT` of clamd", "uploads are marked as not scanned"),
    Name("TONGBAN_PLAIN_HOSTS", "hosts of PostgreSQL, mail and clamd that may be spoken to without TLS, parted by commas: containers of one machine, where nobody else listens; `web` and `door`: the proxy in front speaks to them so", "this machine alone"),
    Name("TONGBAN_PASSWORD_HOSTS", "hosts of PostgreSQL that may be spoken to with a password that never changes, parted by commas: containers of one machine; elsewhere a client certificate or a socket", "none but this machine"),
    Name("TONGBAN_TLS_CERTIFICATE", "file of the certificate, with what it is signed by, that `tongban web` and `tongban door` show the proxy in front; they then speak TLS 1.3 alone", "plain HTTP, on this machine alone"),
    Name("TONGBAN_TLS_KEY", "file of its key", "none"),
    Name("TONGBAN_CITY", "the city as its residents know it", "the demo city's"),
    Name("TONGBAN_CITY_EN", "the same in English", "the demo city's"),
    Name("TONGBAN_CONTACT_PHONE", "whom residents call", "12345"),
    Name("TONGBAN_OFFICE_HOURS", "office hours until others are settled under Office → Calendar, `9:00-12:00,13:00-17:00`; set it before the first case comes in", "those"),
    Name("TONGBAN_JURISDICTION", "schema of this jurisdiction", "`city`"),
    Name("TONGBAN_OWNER_ROLE", "name of the role that owns the tables", "`tongban_owner`"),
    Name("TONGBAN_APP_ROLE", "name of the role that reads and writes rows", "`tongban_app`"),
    Name("TONGBAN_GATE_ROLE", "name of the role that reads registers", "`tongban_gate`"),
    Name("TONGBAN_SECRET_KEY", "signs sessions; at least 50 characters", "made in `secrets` in `TONGBAN_VAR`", secret=True),
    Name("TONGBAN_DATA_KEYS", "`1:<64 hex digits>,2:…`; the highest number seals, all open", "made in `secrets` in `TONGBAN_VAR`", secret=True),
    Name("TONGBAN_INDEX_KEY", "64 hex digits, or while it is turned over `1:<64 hex digits>,2:…`; finds what is sealed; never changed but by `tongban keys`", "made in `secrets` in `TONGBAN_VAR`", secret=True),
    Name("TONGBAN_FEED_KEY", "128 hex digits; names people to receivers of feeds; needed once index key 1 is gone", "made of index key 1", secret=True),
    Name("TONGBAN_LEDGER_KEY", "64 hex digits; signs the ledger's checkpoints, which others then check; where web and worker run on several machines, give it to all", "made in `secrets` in `TONGBAN_VAR`", secret=True),
    Name("TONGBAN_LEDGER_ORIGIN", "name of the ledger on its checkpoints, its address without the scheme; never change it", "host of `TONGBAN_PUBLIC_URL` and `/ledger`"),
    Name("TONGBAN_LEDGER_FORMER_KEYS", "keys the ledger was signed with before, as `tongban ledger key` printed them, parted by commas", "none"),
    Name("TONGBAN_LEDGER_WITNESSES", "`KEY ADDRESS` of each witness, parted by commas, as `tongban ledger witness` prints it", "nobody else signs checkpoints"),
    Name("TONGBAN_SOURCES", "where outside sources of data may be, and services that pages offer to neighbours, parted by commas: origins such as `https://host:port` and `postgresql://host:port`, folders such as `file:///srv/drops`", "nowhere"),
    Name("TONGBAN_WEBHOOKS", "origins to which changes may be sent, parted by commas: `https://host:port`", "nowhere"),
    Name("TONGBAN_METRICS_TOKEN", "opens `/metrics` to who sends it as `Authorization: Bearer`; at least 16 characters", "`/metrics` does not exist", secret=True),
    Name("TONGBAN_WEB_THREADS", "requests at once in each serving process", "3"),
    Name("TONGBAN_WORKER_HEARTBEAT", "seconds between two signs of life of a worker; after four times that its jobs are taken up again", "3"),
    Name("TONGBAN_LIMITS", "`off`, or changes of `site/limits.py` such as `search=3000/60,factor=10`: for one address so many in so many seconds; `factor` multiplies all, for measuring", "those of the table"),
    Name("TONGBAN_SESSION_IDLE", "minutes without a request after which a session ends", "60"),
    Name("TONGBAN_SESSION_LONGEST", "minutes after which a session ends in any case", "720"),
    Name("TONGBAN_SECOND_FACTOR", "who signs in with an authenticator app always: `officials`, `everybody` or `off`", "`officials`; in the demo city `off`"),
    Name("TONGBAN_BREACHED_PASSWORDS", "file of SHA-1 digests of breached passwords, ordered, one `DIGEST:COUNT` a line", "the 20,000 most common ones"),
    Name("TONGBAN_DEMO", "on: the demo city, where anybody may be an official; never where real people's data are", "off"),
    Name("TONGBAN_DEBUG", "on: errors show the inside of the program; never where real people's data are", "off"),
)  # fmt: skip
