"""Start Armature: the demo, the whole of it, or one part."""

import os
import secrets
from collections.abc import Callable

import click

from armature.cli import home, parts

PORT = click.option("--port", default=8000, show_default=True, help="Where the pages are.")
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Which address to listen on.")
WORKERS = click.option("--workers", default=1, show_default=True, help="How many processes judge and send.")


@click.command()
@PORT
@HOST
@WORKERS
@click.option("--small", is_flag=True, help="Only what is said today, without the three months before.")
def demo(port: int, host: str, workers: int, small: bool) -> None:
    """Try it: a company with people, cases and log-ins, in a database of its own. It never sends outside."""
    os.environ["ARMATURE_DEMO"] = "1"
    with home.database("armature_demo"):
        home.patiently(_prepare)
        from armature.crm import demo as company

        log_ins = company.load(None if small else _percents(), f"http://{host}:{port}")
        lines = [f"\n  Armature runs at  http://{host}:{port}\n", *(f"    {words}" for words in log_ins)]
        lines.append("\n  Stop it with Ctrl-C. Everything is kept for the next start.\n")
        parts.run_all(host, port, workers, "\n".join(lines))


@click.command()
@PORT
@HOST
@WORKERS
def serve(port: int, host: str, workers: int) -> None:
    """Run Armature for your company: pages, live updates, workers, and a database unless DATABASE_URL is set."""
    with home.database():
        home.patiently(_prepare)
        from armature.crm.web.middleware import nobody_yet

        words = f"  Armature runs at  http://{host}:{port}"
        if home.patiently(nobody_yet):
            os.environ["ARMATURE_FIRST_RUN"] = token = secrets.token_urlsafe(24)
            words = f"\n  Make the first administrator at  http://{host}:{port}/start/{token}\n\n{words}"
        parts.run_all(host, port, workers, words)


@click.command()
@PORT
@HOST
def web(port: int, host: str) -> None:
    """Only the pages and the live updates."""
    parts.tie_to_parent()
    with home.database():
        parts.serve_pages(host, port)


@click.command()
def worker() -> None:
    """Only one worker: reads channels, judges, sends. Start as many as you like, on as many machines."""
    parts.tie_to_parent()
    with home.database():
        home.set_up()
        parts.work_until_stopped()


def _percents() -> Callable[[int], None]:
    """Says at the terminal how far the company's past is, at each tenth."""
    said: set[int] = set()

    def tell(percent: int) -> None:
        if percent // 10 not in said:
            said.add(percent // 10)
            click.echo(f"  Three months of the company's past are played, once: {percent // 10 * 10:3} %", err=True)

    return tell


def _prepare() -> None:
    """Bring the tables to this version, as their owner, before anything else runs."""
    parts.migrate()
    home.set_up()
