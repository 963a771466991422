"""What a page may not be: shut to anybody by axe's rules, wider than its window, or too small for fingers."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules that can come out otherwise in the dark: only colours differ there."""
QUICKLY = {"resultTypes": ["violations"], "preload": False}
SMALL = """/* Links in a picture have the same links in the table below it. */
    [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), textarea, select')]
    .map(one => [one, one.matches('[type=checkbox], [type=radio]') && one.closest('label') || one])
    .filter(([one, target]) => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1
        && !one.closest('p, td, dd, .skip, svg') && one.tabIndex >= 0 && target.getBoundingClientRect().height < 43.5)
    .map(([one]) => 'too small: ' + one.outerHTML.slice(0, 100))"""


def wrong(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, in light and in dark."""
    asked = QUICKLY | {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=asked).response["violations"]
    page.emulate_media(color_scheme="dark")  # axe is there already: it is asked again for what can differ
    dark = page.evaluate("asked => axe.run(asked)", QUICKLY | {"runOnly": {"type": "rule", "values": OF_COLOUR}})[
        "violations"
    ]
    page.emulate_media(color_scheme="light")
    words = [f"{rule['id']}: {node['html'][:160]}" for rule in [*found, *dark] for node in rule["nodes"]]
    if page.evaluate("matchMedia('(pointer: coarse)').matches"):
        words += page.evaluate(SMALL)
    return words + sideways(page)


def sideways(page: Page) -> list[str]:
    """Whether it scrolls sideways, in its window and in the smallest that WCAG asks for."""
    size, found = page.viewport_size or {"width": 1280, "height": 800}, []
    for width in (size["width"], 320) if size["width"] < 768 else (size["width"], 768):
        page.set_viewport_size({"width": width, "height": size["height"]})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{wide} wide in {width}")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    return found
