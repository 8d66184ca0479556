"""The address of the repository, stated in `_config.yml` alone; without one no page points to it.

With one, each page has the theme's buttons to its source, to a new issue and to what runs its
notebook elsewhere, and the role `repository` makes its words a link:

    take a copy of {repository}`the book's repository`
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole


def address_of(config):
    """Return the address, or an empty text."""
    return (config.html_theme_options.get("repository_url") or "").rstrip("/")


def set_buttons(app, config):
    """Switch the buttons on, as far as the theme knows the host; all off without an address."""
    options, url = config.html_theme_options, address_of(config)
    launch = options.get("launch_buttons") or {}
    if "github.com" not in url:
        launch = {**launch, "colab_url": ""}  # it opens notebooks from GitHub alone
    options["launch_buttons"] = launch if url else {}
    options["use_repository_button"] = options["use_source_button"] = bool(url)
    options["use_issues_button"] = any(host in url for host in ("github", "gitlab"))


def draw_buttons(app, pagename, templatename, context, doctree):
    """Draw the repository with an icon of the font that the pages have: brands are in another."""
    groups = context.get("header_buttons", [])
    for button in [*groups, *(one for group in groups for one in group.get("buttons", []))]:
        if button.get("icon", "").startswith("fab "):
            button["icon"] = "fas fa-code-branch"


class Repository(SphinxRole):
    """A link to the repository, or its words alone."""

    def run(self):
        url = address_of(self.config)
        return [nodes.reference("", self.text, refuri=url) if url else nodes.Text(self.text)], []


class WithRepository(SphinxDirective):
    """What is said only where the book has a repository; `ADDRESS` stands for it."""

    has_content = True

    def run(self):
        url = address_of(self.config)
        self.content.data = [line.replace("ADDRESS", url) for line in self.content.data]
        return self.parse_content_to_nodes() if url else []


def setup(app):
    app.connect("config-inited", set_buttons, priority=100)
    app.connect("html-page-context", draw_buttons, priority=600)  # after the theme has set them
    app.add_role("repository", Repository())
    app.add_directive("with-repository", WithRepository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
