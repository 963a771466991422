"""Programs of other people that some tests run against, from Debian's packages. No service is ever started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = {
    "apt-get": "apt-get",
    "chromium": "chromium",
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
    "dpkg-deb": "dpkg-deb",
    "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "g++": "g++",
    "kannel": "bearerbox",
    "kannel-extras": "/usr/lib/kannel/test/fakesmsc",
    "make": "make",
    "mariadb-server": "/usr/sbin/mariadbd",
    "php-cli": "php",
    "php-mysql": "/usr/lib/php/*/mysqli.so",
    "php-xml": "/usr/lib/php/*/dom.so",
    "poppler-utils": "pdftoppm",
    "postfix": "/usr/sbin/postfix",
    "postgresql-15": "/usr/lib/postgresql/15/bin/postgres",
    "redis-server": "redis-server",
    "tesseract-ocr": "tesseract",
    "tesseract-ocr-deu": "/usr/share/tesseract-ocr/5/tessdata/deu.traineddata",
    "wordpress": "/usr/share/wordpress/wp-login.php",
}
"""What tells that a package is here: a program, or a file."""
ANSWERS = "postfix postfix/main_mailer_type select No configuration\n"
POLICY = Path("/usr/sbin/policy-rc.d")  # Debian asks it before starting a service; 101 means no
QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def have(packages: Sequence[str]) -> bool:
    """Whether the programs of these packages are here; root installs those that are missing."""
    missing = [each for each in packages if not _is_here(PROGRAMS[each])]
    if not missing:
        return True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"Missing: {', '.join(missing)}. As root: apt-get install {' '.join(missing)}", file=sys.stderr)
        return False
    return _install(missing)


def _is_here(sign: str) -> bool:
    return bool(shutil.which(sign) or (sign.startswith("/") and any(Path("/").glob(sign[1:]))))


def _install(packages: Sequence[str]) -> bool:
    print(f"installing {', '.join(packages)}", flush=True)
    with _no_service_starts():
        subprocess.run(["debconf-set-selections"], input=ANSWERS, text=True, env=QUIET, check=False)
        _apt("update")
        return _apt("install", "--yes", "--no-install-recommends", *packages)


def _apt(*words: str) -> bool:
    """Run apt-get; its many lines are shown only when it fails."""
    done = subprocess.run(["apt-get", "-qq", *words], env=QUIET, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"apt-get {' '.join(words)} failed:\n{done.stdout}{done.stderr}", file=sys.stderr)
    return done.returncode == 0


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """While installing, answer "no" for every service; an answer that the machine has already is left alone."""
    try:
        with POLICY.open("x") as policy:
            policy.write("#!/bin/sh\nexit 101\n")
    except FileExistsError:
        yield
        return
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
