"""A real WordPress site from Debian's packages, on PHP's own server, with a MariaDB of its own; nothing stays."""

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACKAGED = Path("/usr/share/wordpress")
NEEDS = (
    "The tests against a real WordPress need Debian's packages wordpress, mariadb-server, php-cli, php-mysql and "
    "php-xml: bin/test blog installs them as root."
)
CONFIG = """<?php
define('DB_NAME', 'blog'); define('DB_USER', 'blog'); define('DB_PASSWORD', 'blog');
define('DB_HOST', 'localhost:%(socket)s'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $one) { define($one . '_KEY', '%(key)s' . $one);
    define($one . '_SALT', '%(key)s' . $one); }
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s'); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true); define('WP_ENVIRONMENT_TYPE', 'local'); define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """<?php
define('WP_INSTALLING', true);
require %(load)s; require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Shop blog', 'admin', 'admin@shop.example', true, '', 'a good password');
foreach (['comment_previously_approved' => 0, 'timezone_string' => 'America/New_York', 'comments_notify' => 0,
    'moderation_notify' => 0, 'permalink_structure' => ''] as $name => $value) update_option($name, $value);
$keys = [];
foreach (['mona' => 'editor', 'reader' => 'subscriber'] as $name => $role) {
    $id = wp_insert_user(['user_login' => $name, 'user_pass' => wp_generate_password(), 'role' => $role,
        'user_email' => "$name@shop.example", 'display_name' => ucfirst($name)]);
    $keys[$name] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'tests'])[0];
}
$post = wp_insert_post(['post_title' => 'Our new boots & more', 'post_content' => 'They are warm.', 'post_status' =>
    'publish', 'post_author' => 1, 'comment_status' => 'open']);
echo json_encode(['keys' => $keys, 'post' => $post]);
"""
PLUGIN = """<?php
// Stars of reviews, kept as WooCommerce keeps them, shown with the comment. No flood guard: tests write quickly.
register_meta('comment', 'rating', ['type' => 'integer', 'single' => true, 'show_in_rest' => true]);
add_filter('wp_is_comment_flood', '__return_false', 99);
"""
REVIEW = """<?php
require %(load)s;
echo wp_insert_comment(['comment_post_ID' => %(post)d, 'comment_author' => 'Karl', 'comment_author_email' =>
    'karl@people.example', 'comment_content' => %(text)s, 'comment_type' => 'review', 'comment_approved' => 1,
    'comment_meta' => ['rating' => 2]]);
"""


class Missing(AssertionError):
    """The site cannot be had: a test that cannot run has failed."""


@dataclass
class Site:
    """The site while it runs."""

    home: Path
    url: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    post: int = 0

    def comment(self, text: str, *, name: str = "Ingrid", parent: str = "0") -> None:
        """A visitor sends the form under the post."""
        fields = {
            "comment_post_ID": self.post, "comment_parent": parent, "author": name, "comment": text,
            "email": f"{name.lower()}@people.example", "url": "", "submit": "Post Comment",
        }  # fmt: skip
        opener = urllib.request.build_opener(_Stay)
        try:
            opener.open(f"{self.url}/wp-comments-post.php", urllib.parse.urlencode(fields).encode(), timeout=20)
        except urllib.error.HTTPError as moved:
            if moved.code != 302:
                raise AssertionError(moved.read().decode()) from moved

    def review(self, text: str) -> str:
        """Karl leaves two stars, as a shop keeps them."""
        return self.php(REVIEW % {"load": json.dumps(f"{self.home}/site/wp-load.php"), "post": self.post,
                                  "text": json.dumps(text)})  # fmt: skip

    def shown(self) -> list[dict[str, Any]]:
        """What everybody reads under the post, oldest first."""
        found: list[dict[str, Any]] = self.call("GET", "/wp/v2/comments", {"order": "asc", "per_page": 100}, user="")
        return found

    def call(self, method: str, route: str, given: Mapping[str, Any] | None = None, user: str = "mona") -> Any:
        """The site's interface, as one of its users has it."""
        asked = {"rest_route": route, **((given or {}) if method == "GET" else {})}
        body = json.dumps(given or {}).encode() if method != "GET" else None
        request = urllib.request.Request(f"{self.url}/?{urllib.parse.urlencode(asked)}", body, method=method)
        request.add_header("Content-Type", "application/json")
        if user:
            proof = base64.b64encode(f"{user}:{self.keys[user]}".encode()).decode()
            request.add_header("Authorization", f"Basic {proof}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def php(self, program: str) -> str:
        """Run a program inside the site."""
        path = self.home / f"{secrets.token_hex(4)}.php"
        path.write_text(program)
        done = subprocess.run(["php", path], capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"{NEEDS}\nPHP said: {done.stdout}{done.stderr}")
        return done.stdout

    def option(self, name: str, value: str) -> None:
        """Change a setting of the site."""
        self.php(f"<?php require {json.dumps(f'{self.home}/site/wp-load.php')}; update_option('{name}', '{value}');")

    def start(self) -> None:
        """Database, files, users, then the server."""
        if not (shutil.which("php") and Path("/usr/sbin/mariadbd").exists() and PACKAGED.exists()):
            raise Missing(NEEDS)
        self._database()
        shutil.copytree(PACKAGED, self.home / "site", ignore=shutil.ignore_patterns("wp-config.php", ".htaccess"))
        given = {"socket": f"{self.home}/db.sock", "url": self.url, "key": secrets.token_hex(16)}
        (self.home / "site" / "wp-config.php").write_text(CONFIG % given)
        (self.home / "site" / "wp-content" / "mu-plugins").mkdir()
        (self.home / "site" / "wp-content" / "mu-plugins" / "tests.php").write_text(PLUGIN)
        made = json.loads(self.php(INSTALL % {"load": json.dumps(f"{self.home}/site/wp-load.php")}).splitlines()[-1])
        self.keys, self.post = made["keys"], made["post"]
        host = urllib.parse.urlsplit(self.url).netloc
        self._run(
            ["php", "-d", "sendmail_path=/bin/true", "-S", host, "-t", f"{self.home}/site"], PHP_CLI_SERVER_WORKERS="3"
        )
        self._until(lambda: bool(self.call("GET", "/", user="")))

    def _database(self) -> None:
        data, user = self.home / "db", ["--user=mysql"] if os.geteuid() == 0 else []
        data.mkdir()
        made = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", *user, "--skip-test-db"]
        subprocess.run([*made, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
        self._run([
            "/usr/sbin/mariadbd", "--no-defaults", f"--datadir={data}", *user, f"--socket={self.home}/db.sock",
            "--skip-networking", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0",
        ])  # fmt: skip
        words = "CREATE DATABASE blog; GRANT ALL ON blog.* TO blog@localhost IDENTIFIED BY 'blog';"
        ask = ["mariadb", "--no-defaults", f"--socket={self.home}/db.sock", "-uroot", "-e", words]
        self._until(lambda: subprocess.run(ask, capture_output=True).returncode == 0)

    def _run(self, command: list[str], **more: str) -> None:
        with (self.home / "log").open("ab") as log:
            self.running.append(subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **more}))

    def _until(self, look: Any, seconds: float = 40.0) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and all(one.poll() is None for one in self.running):
            try:
                if look():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise Missing(f"{NEEDS}\nIt did not start: {(self.home / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """End it."""
        for one in reversed(self.running):
            one.terminate()
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        """The form leads back to the post: it was taken."""


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """The site, until the end."""
    for one in (folder, *folder.parents):  # the database has a user of its own
        if one.stat().st_uid == os.geteuid() and str(one).startswith("/tmp/"):
            one.chmod(one.stat().st_mode | 0o711)
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    site = Site(folder, url)
    try:
        site.start()
        yield site
    finally:
        site.stop()
