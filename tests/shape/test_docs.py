"""The pages of docs/: all are found from the README, every link leads somewhere, every screen is described."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FIRST = TOP / "README.md"
PAGES = [FIRST, *(TOP / name for name in ("STYLE.md", "CONTRIBUTING.md")), *sorted((TOP / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page leads to, each with the heading it names; addresses elsewhere are left out."""
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            file, _, heading = target.partition("#")
            yield ((page.parent / file).resolve() if file else page), heading


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    lost = [str(file) for file, _ in links(page) if not file.exists()]
    lost += [
        f"{file.name}#{head}" for file, head in links(page) if head and file.exists() and head not in anchors(file)
    ]
    assert not lost


def test_every_page_is_found_from_the_readme() -> None:
    seen, open_ = {FIRST}, [FIRST]
    while open_:
        for file, _ in links(open_.pop()):
            if file.suffix == ".md" and file.exists() and file not in seen:
                seen.add(file)
                open_.append(file)
    assert {str(page.relative_to(TOP)) for page in PAGES if page not in seen} == set()
