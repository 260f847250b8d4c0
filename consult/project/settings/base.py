"""What holds in every place. What differs is read from the environment (`env`)."""

from datetime import timedelta
from pathlib import Path

import django.conf.locale
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_noop

from consult.project.settings import env

BASE_DIR = Path(__file__).resolve().parents[3]
SITE_DIR = BASE_DIR / "site_content"

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
DEBUG = False

# Files that must never lie in the database or its backups: the keys of the ballots.
BALLOT_KEY_DIR = env.path("BALLOT_KEY_DIR", BASE_DIR / "var" / "ballot-keys")
# What tells after a restore what the database has forgotten: erasures, heads of the audit chain.
WITNESS_DIR = env.path("WITNESS_DIR", BALLOT_KEY_DIR / "witness")
# Keys of the personal fields, the first one writes. Production has keys of its own.
FIELD_KEYS = [env.derived_key(SECRET_KEY)]

INSTALLED_APPS = [
    "site_content.pages",
    "consult.records",
    "consult.following",
    "consult.oparl",
    "consult.documents",
    "consult.council",
    "consult.evaluation",
    "consult.intake",
    "consult.contributions",
    "consult.rounds",
    "consult.participants",
    "drafts.actionplan",
    "drafts.editions",
    "drafts.concept",
    "django_comments_xtd",
    "django_comments",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.locales",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before what answers by itself: static files and shared pages have these headers too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "consult.project.middleware.machine_addresses",
    "consult.project.middleware.shared_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "consult.project.middleware.readable_paths",
    "consult.project.middleware.staff_desk",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "consult.project.urls"
WSGI_APPLICATION = "consult.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "site_content.pages.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
# How long a page without a session may be shared; a hidden text is gone after this time.
SHARED_PAGE_SECONDS = 10
SHARED_PAGE_PREFIX = "page:"
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Languages: German is binding; a language is offered when its catalogue is complete. Each is
# called by its own name, so that those who look for it can read it.
LANGUAGE_CODE = "de"
LANGUAGES = [
    ("de", "Deutsch"),
    ("de-x-ls", "Leichte Sprache"),
    ("en", "English"),
    ("tr", "Türkçe"),
    ("ar", "العربية"),
    ("uk", "Українська"),
]
# Easy German is a language of its own. It falls back to German word by word.
django.conf.locale.LANG_INFO["de-x-ls"] = {
    "bidi": False,
    "code": "de-x-ls",
    "name": gettext_noop("Leichte Sprache"),
    "name_local": "Leichte Sprache",
    "fallback": ["de"],
}
LOCALE_PATHS = [SITE_DIR / "locale"]
FORMAT_MODULE_PATH = ["consult.project.formats"]
USE_I18N = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

# Accounts
AUTH_USER_MODEL = "participants.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_contributions"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_SIGNUP_FORM_CLASS = "consult.participants.forms.SignupForm"
ACCOUNT_ADAPTER = "consult.participants.adapter.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
# How many proxies before the application add to X-Forwarded-For: the limits count by address.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.text("TRUSTED_PROXIES", "0"))
# Also what the public forms take: a library or a language course shares one address. Limits by
# key keep anybody from filling somebody else's mailbox.
ACCOUNT_RATE_LIMITS = {
    "comment": "30/h/user",
    "guest_comment": "60/h/ip,6/h/key,20/d/key",
    "report": "20/h/ip",
    "draft": "200/h/ip",
    "barrier": "20/h/ip",
    "follow": "30/h/ip,6/h/key,20/d/key",
    "stop_following": "3000/h/ip",
    "statement": "20/h/ip,6/h/key,20/d/key",
    "receipt_code": "30/10m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "signup": "60/h/ip",
    "confirm_email": "1/3m/key,10/d/key",
    "reset_password": "60/h/ip,5/h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Consult"
STAFF_NEED_SECOND_FACTOR = True
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "site_content.pages.views.errors.csrf_failure"

# Wagtail
WAGTAIL_SITE_NAME = "Consult"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch"), ("en", "English")]
WAGTAILADMIN_BASE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
# The addresses of sections take plain letters only.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
# An address is changed in the account, where its owner confirms it.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "SEARCH_CONFIG": "german",
    }
}
SITE_ID = 1

# Discussion: rows are made by our service; forms, mails and API of the library are not used.
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MODEL = "consult.contributions.models.Comment"
COMMENTS_XTD_MAX_THREAD_LEVEL = 2
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_THREADED_EMAILS = False

# Mail
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.switch("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 60
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Beteiligung <beteiligung@localhost>")

# Celery: the row is the job, so a lost message costs time and never data.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = env.text("QUEUE", "consult")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# A broker that is away must not keep a visitor waiting: the sweep finds the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = TIME_ZONE
# What a worker logs goes through LOGGING below too.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [SITE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Security
# Wagtail allows its own previews in a frame of the desk itself.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# Wagtail's admin starts its date pickers and sizes its editor inline.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
}

# A server that rewords summary sentences (consult/evaluation/services/rewording.py); empty: none.
REWORDING_URL = env.text("REWORDING_URL", "")
REWORDING_MODEL = env.text("REWORDING_MODEL", None if REWORDING_URL else "")
REWORDING_KEY = env.text("REWORDING_KEY", "")

# A server that translates contributions (consult/contributions/services/translating.py); empty: none.
TRANSLATION_URL = env.text("TRANSLATION_URL", "")
TRANSLATION_KEY = env.text("TRANSLATION_KEY", "")
TRANSLATION_LANGUAGES = env.words("TRANSLATION_LANGUAGES", "de")

# The demo prints its logins and says on every page that it is one.
IS_DEMO = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "consult.project.discretion.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "consult": {"level": "INFO"},
        "workers": {"level": "INFO"},
        "celery": {"level": "INFO"},
    },
}
