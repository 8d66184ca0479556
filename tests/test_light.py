"""The pages are light, and look as they would with all that the theme brings along."""

import json
import sys
from shutil import copy, copytree, ignore_patterns

import pytest

from benchmarks import pages
from tests.test_site import END_OF_MOTION, PAGES, ROOT, TWO_FRAMES, set_theme, site  # noqa: F401

sys.path.append(str(ROOT / "_ext"))
import lean

CHAPTERS = [name for name in PAGES if name.startswith("chapters/0")]
OF_EACH_KIND = PAGES[0], CHAPTERS[0], "search.html"
# What the styles may change: all properties that a rule of theirs has.
STYLED = """() => {
  const styled = new Set()
  const note = rules => [...rules].forEach(({ style, cssRules }) => {
    for (const property of style ?? []) if (!property.startsWith('--')) styled.add(property)
    note(cssRules ?? [])
  })
  for (const sheet of document.styleSheets) note(sheet.cssRules)
  return [...styled]
}"""
# One element of each kind: of a tag, with its classes, in a parent and a grandparent with theirs.
LOOK = """styled => {
  const looks = {}
  const kind = element => element && `${element.tagName}.${element.getAttribute('class')}`
  for (const element of document.querySelectorAll('body, body *:not(article svg *, math *)')) {
    const within = element.parentElement
    const name = [element, within, within?.parentElement].map(kind).join(' < ')
    if (name in looks) continue
    for (const pseudo of ['', '::before', '::after']) {
      const style = getComputedStyle(element, pseudo || null)
      if (pseudo && style.content === 'none') continue
      looks[name + pseudo] =
        styled.map(property => `${property}: ${style.getPropertyValue(property)}`).join('\\n')
    }
  }
  return JSON.stringify(looks)
}"""
OPEN_ALL = """() => {
  document.querySelectorAll('details').forEach(d => { d.open = true })
  document.querySelectorAll('.dropdown-menu').forEach(menu => menu.classList.add('show'))
  document.querySelector('#pst-search-dialog')?.showModal()
}"""


@pytest.fixture(scope="module")
def whole(site):  # noqa: F811
    return (site.parent / ".doctrees" / "whole.css").read_text("utf-8")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", OF_EACH_KIND)
def test_a_page_looks_as_with_all_the_themes_styles(browser, server, whole, name, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    pruned, full = context.new_page(), context.new_page()
    full.route("**/styles.css*", lambda route: route.fulfill(body=whole, content_type="text/css"))
    for page in (pruned, full):
        page.goto(f"{server}/{name}")
        page.wait_for_load_state("networkidle")
        page.add_style_tag(content="* { transition: none !important }")
    styled = full.evaluate(STYLED)
    for prepare in (light, dark, opened, printed):
        for page in (pruned, full):
            prepare(page)
            page.evaluate(END_OF_MOTION)
            page.evaluate(TWO_FRAMES)
        looks, others = (json.loads(page.evaluate(LOOK, styled)) for page in (pruned, full))
        assert differences(looks, others) == {}, prepare.__name__
    context.close()


def light(page):
    set_theme(page, "light")


def dark(page):
    set_theme(page, "dark")


def opened(page):
    page.evaluate(OPEN_ALL)


def printed(page):
    page.emulate_media(media="print")


def differences(looks, others):
    """Return by name of an element the properties that differ."""
    assert looks.keys() == others.keys()
    return {
        name: set(looks[name].splitlines()) ^ set(others[name].splitlines())
        for name in looks
        if looks[name] != others[name]
    }


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_light_asks_for_little_and_stands_still(browser, site, name):  # noqa: F811
    with pages.served(site) as url:
        seen = pages.visit(browser, f"{url}/{name}")
    for measured in ("weight", "requests", "shift"):
        assert seen[measured] <= pages.LIMITS[measured][0], measured


COPIED = """select => {
  const range = document.createRange()
  select === 'symbol' ? range.selectNodeContents(document.querySelector('p math mi'))
    : range.selectNode(document.querySelector('article p:has(math)'))
  getSelection().removeAllRanges()
  getSelection().addRange(range)
  const copied = new DataTransfer()
  document.dispatchEvent(new ClipboardEvent('copy', { clipboardData: copied }))
  return copied.getData('text/plain')
}"""


def test_formulas_are_copied_as_tex_and_whole(browser, server):
    page = browser.new_page()
    page.goto(f"{server}/chapters/08_one_curvature.html")
    assert page.evaluate(COPIED, "symbol") == r"$v \leftarrow \beta v + \lambda w$"
    assert r"row is $v \leftarrow \beta v + \lambda w$; the" in page.evaluate(COPIED, "paragraph")
    page.close()


def test_a_build_that_writes_no_page_keeps_all_styles(site, tmp_path):  # noqa: F811
    copytree(site, tmp_path / "html", ignore=ignore_patterns("course"))
    copy(site.parent / ".doctrees" / "links.json", tmp_path)
    sheet = tmp_path / "html" / "_static" / "styles.css"
    before = sheet.read_text("utf-8")
    lean.join_sheets(tmp_path / "html", tmp_path)
    assert sheet.read_text("utf-8") == before
