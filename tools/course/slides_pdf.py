"""Decks as PDF, by Chromium: a page a slide, and two for a prediction, before and after."""

import re

from playwright.sync_api import sync_playwright

from tools import chromium
from tools.course import colophon

FLAGS = "--no-sandbox", "--disable-gpu", "--font-render-hinting=none"
DATE = re.compile(rb"D:\d{14}")


def export(decks):
    """Write each deck (a path) as a PDF (the path it is given)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=[*FLAGS])
        for deck, target in decks.items():
            target.write_bytes(printed(browser, deck))
        browser.close()


def printed(browser, deck):
    """Return a deck as PDF: always the same bytes."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.emulate_media(media="print")
    page.goto(f"{deck.as_uri()}?view=print")
    page.wait_for_selector("html.printable")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    page.close()
    return DATE.sub(f"D:{colophon.YEAR}0101000000".encode(), pdf)
