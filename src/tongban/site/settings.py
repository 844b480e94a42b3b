"""Django's settings, made from the configuration. Nothing here reads the environment itself."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tongban.base import logging as lines
from tongban.base.postgres import alive
from tongban.base.postgres.login import Login
from tongban.site import configuration, limits

CONFIGURATION = configuration.read(os.environ)
VAR = CONFIGURATION.var
TESTING = os.environ.get("TONGBAN_TESTING") == "on"
CONNECT_AS = os.environ.get("TONGBAN_AS", "app")
"""Set by the commands: `owner` migrates, `nobody` needs no database, `app` is everything else."""
AS_OWNER = CONNECT_AS == "owner"

TONGBAN_VAR = VAR
TONGBAN_DEMO = CONFIGURATION.demo
TONGBAN_CITY = CONFIGURATION.city
TONGBAN_DATA_KEYS = CONFIGURATION.data_keys
TONGBAN_INDEX_KEYS = CONFIGURATION.index_keys
TONGBAN_FEED_KEY = CONFIGURATION.feed_key
TONGBAN_LEDGER_KEY = CONFIGURATION.ledger_key
TONGBAN_LEDGER_ORIGIN = CONFIGURATION.ledger_origin
TONGBAN_LEDGER_FORMER_KEYS = CONFIGURATION.ledger_former_keys
TONGBAN_LEDGER_WITNESSES = CONFIGURATION.ledger_witnesses
TONGBAN_CLAMD = CONFIGURATION.clamd
TONGBAN_EMAIL_URL = CONFIGURATION.email_url
TONGBAN_EMAIL_FROM = CONFIGURATION.email_from
TONGBAN_OFFICE_HOURS = CONFIGURATION.office_hours
TONGBAN_PUBLIC_URL = CONFIGURATION.public_url
TONGBAN_METRICS_TOKEN = CONFIGURATION.metrics_token
TONGBAN_SCHEMA = CONFIGURATION.schema
TONGBAN_ROLES = CONFIGURATION.roles
TONGBAN_SOURCES = CONFIGURATION.sources
TONGBAN_WEBHOOKS = CONFIGURATION.webhooks
TONGBAN_ALLOWANCES = CONFIGURATION.allowances
TONGBAN_LIMITED = limits.ROUTES
TONGBAN_UNLIMITED = limits.UNLIMITED

SECRET_KEY = CONFIGURATION.secret_key
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = [*CONFIGURATION.allowed_hosts, *filter(None, [urlsplit(CONFIGURATION.public_url).hostname])]
HTTPS = CONFIGURATION.public_url.startswith("https://")
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.public_url] if CONFIGURATION.public_url else []
ROOT_URLCONF = "tongban.site.urls"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = (
    "base",
    "ledger",
    "accounts",
    "organisations",
    "calendar",
    "notifications",
    "files",
    "papers",
    "processes",
    "forms",
    "exchange",
    "cases",
    "catalogue",
    "registers",
    "applications",
    "coordination",
    "sharing",
    "insight",
    "api",
    "portal",
)
"""All rooms, from the ground up; the house tests hold them to the floors."""

INSTALLED_APPS = [
    *(f"tongban.{room}" for room in ROOMS),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    *(["tongban.site.demo"] if CONFIGURATION.demo else []),
]

MIDDLEWARE = [
    "tongban.base.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tongban.base.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongban.accounts.web.sessions.SessionLifeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongban.organisations.web.middleware.ActorMiddleware",
    "tongban.accounts.web.limits.LimitMiddleware",
    "tongban.base.web.middleware.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tongban.base.web.tags", "tongban.base.web.drawing"],
            "libraries": {"i18n": "tongban.base.web.tags"},  # Django's, quicker where pages use it most
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tongban.base.web.context.page",
            ],
        },
    }
]


def _database(login: Login | None) -> dict[str, Any]:
    """Return Django's description of the database; without one (only `makemigrations` may) there is none."""
    if login is None:
        return {"ENGINE": "django.db.backends.dummy"}
    pool = {
        "min_size": 1,
        "max_size": CONFIGURATION.web_threads + 4,
        "timeout": alive.ASKED_EVERY_SECONDS,
        "reconnect_timeout": alive.RECONNECT_SECONDS,
    }
    role = {} if AS_OWNER else {"role": CONFIGURATION.roles.app}
    return {
        "ENGINE": "tongban.base.postgres.engine",
        "NAME": login.database,
        "USER": login.user,
        "PASSWORD": login.password,
        "HOST": login.host,
        "PORT": login.port,
        "CONN_HEALTH_CHECKS": True,
        # A cursor that outlives its transaction would be lost behind PgBouncer.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            **login.options,
            **role,
            "schema": CONFIGURATION.schema,
            **({} if TESTING or AS_OWNER else {"pool": pool}),
        },
    }


def _login() -> Login | None:
    logins = CONFIGURATION.database
    if logins is None or CONNECT_AS == "nobody":
        return None
    return logins.owner if AS_OWNER else logins.app


DATABASES = {"default": _database(_login())}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
_PASSWORD_CHECKS = "django.contrib.auth.password_validation"  # noqa: S105 - a module's name
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_PASSWORD_CHECKS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "phone")},
    },
    {"NAME": f"{_PASSWORD_CHECKS}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_PASSWORD_CHECKS}.CommonPasswordValidator"},
    {"NAME": "tongban.accounts.obvious.ObviousWordsValidator"},
    {"NAME": "tongban.accounts.obvious.ObviousNumbersValidator"},
    {"NAME": "tongban.accounts.breached.BreachedPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
MFA_ADAPTER = "tongban.accounts.mfa.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

FORM_RENDERER = "tongban.base.web.form_rendering.FormRenderer"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

MESSAGE_STORAGE = "tongban.base.web.messages.Storage"
SESSION_ENGINE = "tongban.accounts.sessions"
_OWN_HOST = "__Host-" if HTTPS else ""
"""Browsers take a cookie so named only over HTTPS, for this host alone and all its paths: no neighbour can set it."""
SESSION_COOKIE_NAME = f"{_OWN_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_OWN_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_OWN_HOST}django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
TONGBAN_TYPE_COOKIE = f"{_OWN_HOST}type"
TONGBAN_KNOWN_COOKIE = f"{_OWN_HOST}known"
TONGBAN_SESSION_IDLE = CONFIGURATION.session_idle
TONGBAN_SESSION_LONGEST = CONFIGURATION.session_longest
TONGBAN_BREACHED_PASSWORDS = CONFIGURATION.breached_passwords
TONGBAN_SECOND_FACTOR = CONFIGURATION.second_factor
SESSION_COOKIE_AGE = int(TONGBAN_SESSION_LONGEST.total_seconds()) + 24 * 3600
"""A day longer than the session itself: whose it was is known then, and what they still post is kept for them alone."""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tongban.site.views.page_too_old"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/"]  # the API refuses instead
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frames are ruled by the content security policy
    "security.W021",  # whether a city's whole domain goes into browsers' preload list is not ours to say
]
if CONFIGURATION.proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
_STATIC = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TESTING or DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "files": CONFIGURATION.files.as_storage(),
    # Whoever serves them in front (nginx) may read them, whatever uploads are told below.
    "staticfiles": {
        "BACKEND": _STATIC,
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = not (TESTING or DEBUG)

FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR: Path | None = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 30

_MAIL = urlsplit(CONFIGURATION.email_url)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_PORT = _MAIL.port or 25
EMAIL_HOST_USER = _MAIL.username or ""
EMAIL_HOST_PASSWORD = _MAIL.password or ""
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = CONFIGURATION.email_from

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = lines.configuration("WARNING" if TESTING or "makemigrations" in sys.argv else "INFO")
TONGBAN_WORKER_HEARTBEAT = CONFIGURATION.worker_heartbeat
PROCRASTINATE_IMPORT_PATHS = ["tongban.site.tasks"]
