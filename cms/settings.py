"""All settings, each documented where it is read. A fresh checkout needs no environment at all."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django_prose_editor.config import html_tags
from js_asset import static_lazy

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")
    return value in {"1", "true", "yes"}


def env_list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def database(url: str) -> dict[str, Any]:
    """Return the settings of the database at `url`: sqlite:///path or postgres://user:password@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(parts.path[1:] if parts.path.startswith("/") else parts.path)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with {parts.scheme!r}; write sqlite:///FILE or postgres://…"
    )


def sqlite(name: str) -> dict[str, Any]:
    path = Path(name) if Path(name).is_absolute() else BASE_DIR / name
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            # Readers become writers without a deadlock only when they say so at BEGIN.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # recursive_triggers: without it REPLACE walks past the triggers that freeze evidence.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY;"
            ),
        },
        "TEST": {"NAME": str(path.with_name("test-" + path.name))},
    }


# IMPRIMATUR_DEMO=1: the demonstration on this machine; run.py sets it. Allows demo passwords and a key of its own.
DEMO = env_bool("IMPRIMATUR_DEMO", False)

# IMPRIMATUR_PRODUCTION=1: refuses to start without SECRET_KEY and ALLOWED_HOSTS, and asks for https.
PRODUCTION = env_bool("IMPRIMATUR_PRODUCTION", False)

# IMPRIMATUR_DEBUG=1 shows Django's error pages. Off in production and in the demonstration.
DEBUG = env_bool("IMPRIMATUR_DEBUG", not PRODUCTION and not DEMO)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "IMPRIMATUR_DEBUG=1 and IMPRIMATUR_PRODUCTION=1 exclude each other; unset one."
    )

# SECRET_KEY: 50 or more random characters, kept secret. Needed in production only.
SECRET_KEY = os.environ.get("SECRET_KEY", "")
# ALLOWED_HOSTS: host names of the site, separated by commas. Needed in production only.
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
if PRODUCTION:
    missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS") if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(f"Production needs {' and '.join(missing)} in the environment.")
else:
    SECRET_KEY = SECRET_KEY or "not-secret-only-for-development-and-the-demonstration"
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]

# SITE_URL: how the site is reached from outside, for addresses in emails.
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")

# DATABASE_URL: sqlite:///FILE (from this folder, or //// for an absolute path) or postgres://user:password@host:port/name.
DATABASES = {"default": database(os.environ.get("DATABASE_URL", "sqlite:///db.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "reviews",
    "content",
    "accounts",
    "evidence",
    "cms.apps.ImprimaturAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "adminsortable2",
    "django_prose_editor",
    "csp",
    "reversion",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "content.languages.by_address",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "admin:login"
# Each GET would otherwise take SQLite's write lock; verbs open their own transactions.
ATOMIC_REQUESTS = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A long article's form has a dozen fields for each section; past Django's thousand a save would be lost.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# The house's zone: "Last Revised" is a day in it. Rows are stored in UTC.
TIME_ZONE = "America/New_York"
USE_TZ = True
LANGUAGE_CODE = "en-us"
USE_I18N = True
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Days and times as the staff pages write them, each time with its zone.
FORMAT_MODULE_PATH = "cms.formats"

STATIC_URL = "static/"
# Where `collectstatic` puts what production serves. Elsewhere the files are served from where they lie.
STATIC_ROOT = BASE_DIR / "static-built" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "cms.static_files.HashedStaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
# MEDIA_ROOT: where uploaded pictures are kept.
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", BASE_DIR / "media"))

# EMAIL_URL: smtp://user:password@host:port (smtps:// for TLS). Without it, mails are shown in the terminal.
EMAIL_URL = os.environ.get("EMAIL_URL", "")
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    if _mail.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(f"EMAIL_URL starts with {_mail.scheme!r}; write smtp://… or smtps://…")
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "cms.mail.EmailBackend"
# DEFAULT_FROM_EMAIL: the sender of the site's emails.
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "imprimatur@localhost")

# REFERENCE_LOOKUPS=1: the form for a new reference may ask Crossref and PubMed, telling them SITE_URL and DEFAULT_FROM_EMAIL.
REFERENCE_LOOKUPS = env_bool("REFERENCE_LOOKUPS", False)
CROSSREF_URL = "https://api.crossref.org"
PUBMED_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
LOOKUP_SECONDS = 10

# IMPRIMATUR_LINKS=1: `tick` looks at the addresses of the library by itself, and “Look now” works. Off where the machine has
# no way out to the internet. `check_links` looks whenever it is called.
WATCH_LINKS = env_bool("IMPRIMATUR_LINKS", False)
# For tests: address and port of servers that are not public and may be looked at all the same. No environment sets it.
LINKS_MAY_ALSO_REACH: frozenset[tuple[str, int]] = frozenset()

# Our own extension of the text editor: citation markers.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("staff/markers.js")],
        "extensions": {"Marker": html_tags(["a"], {"a": ["href"]})},
    }
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # The hash is that of the one style sheet the text editor adds by script; a browser test sees when it changes.
        "style-src": [SELF, NONCE, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # BEHIND_PROXY=1: a proxy in front of us ends TLS and sets X-Forwarded-Proto itself.
    if env_bool("BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The site's history views may write for people who may only look; ours replace them (content/admin/audit_trail.py).
SIMPLE_HISTORY_REVERT_DISABLED = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
