"""How to reach a database: a libpq address taken apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict


@dataclass(frozen=True, slots=True)
class Login:
    """One way into one database. `host` may be the folder of a Unix socket."""

    database: str
    user: str
    host: str = ""
    port: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, address: str) -> "Login":
        """Read a libpq address (`postgresql://…` or `key=value …`); raises psycopg.Error when it is none."""
        parts = {key: str(value) for key, value in conninfo_to_dict(address).items()}
        return cls(
            database=parts.pop("dbname", "tongban"),
            user=parts.pop("user", ""),
            host=parts.pop("host", ""),
            port=parts.pop("port", ""),
            password=parts.pop("password", ""),
            options=parts,
        )

    @property
    def hosts(self) -> list[str]:
        """Where it may lead to, by name, by the folder of a socket, or by the bare address (libpq's `hostaddr`)."""
        return [one for one in (self.host or self.options.get("hostaddr", "")).split(",") if one]

    @property
    def by_password_alone(self) -> bool:
        """Whether a password is all that it has to show, in the address or in a file that the address names."""
        certificate = self.options.get("sslcert") and self.options.get("sslkey")
        return bool((self.password or self.options.get("passfile")) and not certificate)

    @property
    def address(self) -> str:
        """Return it as one `postgresql://` address."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        query = {"host": self.host, "port": self.port, **self.options}
        told = urlencode({key: value for key, value in query.items() if value}, quote_via=quote)
        return f"postgresql://{quote(self.user, safe='')}{secret}@/{quote(self.database, safe='')}?{told}"


@dataclass(frozen=True, slots=True)
class Logins:
    """The owner migrates; the app does everything else."""

    owner: Login
    app: Login
