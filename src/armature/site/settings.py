"""All settings, from the environment; `armature` fills it in for the embedded database."""

import os
from pathlib import Path
from typing import Any

from armature.site import database, languages, mail

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("ARMATURE_HOME", ".armature")).absolute()

DEBUG = os.environ.get("ARMATURE_DEBUG") == "1"
SECRET_KEY = os.environ.get("ARMATURE_SECRET_KEY", "")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("ARMATURE_SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = os.environ.get("ARMATURE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ARMATURE_ORIGINS", "").split(",") if origin]
SECURE = os.environ.get("ARMATURE_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    # The steps of the process, in their order.
    "armature.crm.accounts",
    "armature.crm.listen",
    "armature.crm.identify",
    "armature.crm.understand",
    "armature.crm.decide",
    "armature.crm.act",
    "armature.crm.learn",
    "armature.crm.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "armature.crm.web.middleware.content_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "armature.crm.web.middleware.LogInRequired",
    "armature.crm.web.middleware.OfThisUser",
]
ROOT_URLCONF = "armature.site.urls"
ASGI_APPLICATION = "armature.site.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

DATABASES = {"default": database.from_environment()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "log-in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "log-in"
SESSION_ENGINE = "armature.crm.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-armature" if SECURE else "armature"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("ARMATURE_PROXY") == "1" else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

PASSWORD_RESET_TIMEOUT = 3600

# The door: django-allauth with our own pages (crm/web/door).
ACCOUNT_ADAPTER = "armature.crm.web.door.adapter.Door"
ACCOUNT_FORMS = {"login": "armature.crm.web.door.forms.LogIn"}
ACCOUNT_USER_DISPLAY = str
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "armature.crm.accounts.new_passwords.NewPasswords"  # noqa: S105  no password
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is given by an administrator, a link to it proves it
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/300s/key", "reset_password": "20/m/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("ARMATURE_PROXY") == "1" else 0
MFA_ADAPTER = "armature.crm.web.door.adapter.Factors"
MFA_FORMS = {"add_webauthn": "armature.crm.web.door.forms.NewKey"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Armature"
MFA_DEMANDED = os.environ.get("ARMATURE_MFA") == "1"

CACHES = {
    "default": {  # counts log-ins that failed: kept by the database, so that they hold for all processes and restarts
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # parts of a page: words only
}

MAIL = mail.from_environment()
MAIL_GOES_OUT = bool(MAIL)
EMAIL_BACKEND = "armature.site.letters.Timely" if MAIL else "django.core.mail.backends.dummy.EmailBackend"
vars().update(MAIL)

ADDRESS = os.environ.get("ARMATURE_ADDRESS", "").rstrip("/")  # where people find the desk, for links in mails

LANGUAGE_CODE = "en"
LOCALE_PATHS = [HOME / "locale", HERE.parent / "locale"]  # a company's own catalogues, then those that ship
LANGUAGES = languages.of(LOCALE_PATHS)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = None  # files are served from where the packages keep them; nothing is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILES_FOLDER = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Besides public servers over https, what we may call: hosts and networks of our own, for example a chat server inside.
MAY_CALL = [each.strip() for each in os.environ.get("ARMATURE_MAY_CALL", "").split(",") if each.strip()]

UNDO_SECONDS = float(os.environ.get("ARMATURE_UNDO_SECONDS", "10"))

FIRST_RUN_TOKEN = os.environ.get("ARMATURE_FIRST_RUN", "")
DEMO = os.environ.get("ARMATURE_DEMO") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "armature.site.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ARMATURE_LOG", "WARNING")},
}
