"""The one settings module. Everything comes from the environment; `.env.example` lists it."""

from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from ecosystem import __version__

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()


def switch(name, default=False):
    """Return a switch of the environment. Nonsense stops the start instead of meaning no."""
    value = env.str(name, default=str(default)).lower()
    if value not in ("1", "true", "yes", "on", "0", "false", "no", "off", ""):
        raise ImproperlyConfigured(f"{name} is “{value}”; use 1 or 0.")
    return value in ("1", "true", "yes", "on")


DEBUG = switch("DEBUG")
# The demo shows how everything works to whoever runs it, on this machine only.
DEMO = switch("DEMO")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
SITE_HOST = urlsplit(SITE_URL).netloc
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
for _proxy in TRUSTED_PROXIES:
    try:
        ip_network(_proxy, strict=False)
    except ValueError:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES names “{_proxy}”; use addresses (127.0.0.1) or networks (10.0.0.0/8)."
        ) from None
# Where readers reach whoever runs the site; the page about privacy shows it.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
# The licence under which the entries may be copied; every file of them names it.
DATA_LICENCE = env.str("DATA_LICENCE", default="https://creativecommons.org/licenses/by-sa/4.0/")
# New groups wait until somebody has read them; off, they are published first and read then.
REVIEW_FIRST = switch("REVIEW_FIRST", default=True)

# SECRET_KEY_FILE is read too (django-environ's FileAwareEnv).
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "There is no secret key. Set SECRET_KEY, or SECRET_KEY_FILE to a file that holds one; "
        "`make run` writes such a file by itself."
    )
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=sorted({urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost"})
)

INSTALLED_APPS = [
    "ecosystem.admin.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "csp",
    "leaflet",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "groups",
    "helpers",
]

MIDDLEWARE = [
    # Around all that may answer with an error page, or send elsewhere.
    "groups.api.frame.answers_for_programs",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "ecosystem.middleware.database_away",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ecosystem.middleware.language_from_path",
    "ecosystem.middleware.refuse_too_large",
    # Before all that a page which concerns nobody has no need of.
    "groups.kept_pages.answers_kept_pages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ecosystem.urls"
WSGI_APPLICATION = "ecosystem.wsgi.application"

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
                "groups.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "groups.templatetags.fast",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "fast"],
        # Each file tried for changes at every page would cost what Jinja saves.
        "OPTIONS": {"environment": "ecosystem.jinja.environment", "auto_reload": DEBUG},
    },
]

# ── Database ────────────────────────────────────────────────────────────────────────────────────
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Without these, concurrent writers get "database is locked" (measured: 137 of 1,200).
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
else:
    _database.setdefault("CONN_MAX_AGE", 60)
    _database["CONN_HEALTH_CHECKS"] = True
    # Databases live in memory or on solid disks: reading here and there costs little more than in a
    # row. Compiling a query costs more than any of ours takes.
    _database.setdefault("OPTIONS", {})["options"] = "-c random_page_cost=1.1 -c jit=off"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "groups.Person"
# Shared by all processes: the limits of signing in. The table is made by a migration.
# Django's own bound of 300 rows would throw limits away while they still count.
CACHES = {"default": env.cache("CACHE_URL", default="dbcache://shared_cache?max_entries=10000")}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# ── Mail ────────────────────────────────────────────────────────────────────────────────────────
# The demo contacts nobody: its mail is shown on a page and handed to no server.
_mail = env.email("EMAIL_URL", default="smtp://127.0.0.1:25")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend" if DEMO else _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS"), _mail.get("EMAIL_USE_SSL")
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 20  # seconds, for each word exchanged with the mail server
# Who writes: an address, or « Name <address> »; without a name, that of the site.
MAIL_FROM = env.str("MAIL_FROM", default=f"noreply@{urlsplit(SITE_URL).hostname}")
if "@" not in parseaddr(MAIL_FROM)[1]:
    raise ImproperlyConfigured(f"MAIL_FROM is “{MAIL_FROM}”; use an address.")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM

# ── Reading sources ─────────────────────────────────────────────────────────────────────────────
# What we call ourselves where we read: a name, where to learn what we do, and whom to write to.
SOURCE_AGENT = f"EcosystemDirectory/{__version__} (+{SITE_URL}/about/"
SOURCE_AGENT += f"; {CONTACT_EMAIL})" if CONTACT_EMAIL else ")"
# What is read although it is on no public network: a wiki inside the house, and the demo's server.
SOURCES_ALLOWED = set()
for _pair in env.list("SOURCES_ALLOWED", default=[]):
    _host, _, _port = _pair.rpartition(":")
    if not (_host and _port.isdecimal()):
        raise ImproperlyConfigured(f"SOURCES_ALLOWED names “{_pair}”; use host:port.")
    SOURCES_ALLOWED.add((_host, int(_port)))

# In the demo a server of saved answers on this machine answers in everybody's place.
ANSWERS_PORT = env.int("ANSWERS_PORT", default=8900)
# Who reads: the worker itself ("thread"), or as many workers of the task engine as are started
# ("tasks", which needs the extra requirements `workers`).
SOURCE_WORKERS = env.str("SOURCE_WORKERS", default="thread")
if SOURCE_WORKERS not in ("thread", "tasks"):
    raise ImproperlyConfigured(f"SOURCE_WORKERS is “{SOURCE_WORKERS}”; use thread or tasks.")
if SOURCE_WORKERS == "tasks":
    INSTALLED_APPS += ["django_tasks", "django_tasks_db"]
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["sources"]}}

# ── Signing in ──────────────────────────────────────────────────────────────────────────────────
# Nobody needs an account. People who sign in do so by a code sent by mail; operators may also use
# their password, and need a second factor.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "groups:account_home"
LOGOUT_REDIRECT_URL = "groups:home"
OPERATORS_NEED_SECOND_FACTOR = not (DEMO or DEBUG)
ACCOUNT_ADAPTER = "groups.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "groups.forms.account.RequestCodeForm",
    "confirm_login_code": "groups.forms.account.ConfirmCodeForm",
    "login": "groups.forms.account.PasswordForm",
    "reauthenticate": "groups.forms.account.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Nobody signs up: a person begins with a group. The password is for the operators' form only.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_SESSION_REMEMBER = True
# An "ip" is the hash of a network, a "key" that of an e-mail address. Three guesses a code and
# twenty codes a day leave a code of six digits safe.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,6/h/key,20/d/key"}
MFA_ADAPTER = "groups.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "groups.forms.account.SecondFactorForm",
    "reauthenticate": "groups.forms.account.SecondFactorAgainForm",
    "activate_totp": "groups.forms.account.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1

# ── Language and time ───────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "fr"
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in ("fr", "en")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# ── Files ───────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_HANDLERS = [
    "groups.uploads.NoMoreThanTaken",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ecosystem.static_files.RememberedManifestStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# The largest form has 30 logos, a banner and 130 fields of text. Whatever is larger gets a 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 40
LARGEST_REQUEST = 30_000_000

# ── Map ─────────────────────────────────────────────────────────────────────────────────────────
# Tiles are asked for by the reader's own tap ("detailed map"), never before. Empty: no such button.
TILE_URL = env.str("TILE_URL", default="https://tile.openstreetmap.org/{z}/{x}/{y}.png")
TILE_ATTRIBUTION = env.str(
    "TILE_ATTRIBUTION",
    default='© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors',
)
LEAFLET_CONFIG = {
    "TILES": [(TILE_URL, TILE_ATTRIBUTION)] if TILE_URL else [],
    "MIN_ZOOM": 1,
    "MAX_ZOOM": 18,
    "RESET_VIEW": False,
    "NO_GLOBALS": True,
}

# ── Security ────────────────────────────────────────────────────────────────────────────────────
_tile_origin = (
    ["{0.scheme}://{0.netloc}".format(urlsplit(TILE_URL.replace("{s}", "*")))] if TILE_URL else []
)
CONTENT_SECURITY_POLICY = {
    # Nothing inline and no nonce: a cached body would keep an old one.
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_tile_origin],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "csrf"
# A lost cookie loses nothing that was typed.
CSRF_FAILURE_VIEW = "groups.views.refusals.csrf_failed"
if SITE_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_SSL_REDIRECT = switch("SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# ── The rest ────────────────────────────────────────────────────────────────────────────────────
TAGGIT_CASE_INSENSITIVE = False  # keywords are compared by our own folded form, on both databases
FORMS_URLFIELD_ASSUME_HTTPS = True
IMPORT_BATCH = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "ecosystem.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_secrets"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Whoever asks for another host gets a 400; that somebody did is not news.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # What is wrong with an answer of a source is noted with the source.
        "urllib3": {"handlers": ["nowhere"], "propagate": False},
        # These name addresses: an answer of 404, a form refused, a line of the server.
        "django.request": {"filters": ["without_secrets"]},
        "django.security.csrf": {"filters": ["without_secrets"]},
        "django.server": {
            "handlers": ["console"],
            "filters": ["without_secrets"],
            "propagate": False,
        },
    },
}
