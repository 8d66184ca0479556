"""The address of the repository: with one in _config.yml, and without one."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from jupyter_book.config import get_final_config

from _ext import repository
from tools import address

ROOT = Path(__file__).parents[1]
URL = "https://github.com/someone/momentum-book"
ABROAD = ("github", "gitlab", "mybinder", "colab")
CONF = """
import sys
sys.path.insert(0, {extensions!r})
extensions = ["myst_nb", "sphinx_book_theme", "paper", "repository"]
html_theme = "sphinx_book_theme"
html_theme_options = {options!r}
nb_execution_mode = "off"
project = "Small"
"""
PAGE = """# Small

Take {repository}`the book's copy`.

```{with-repository}
In Colab: `git clone ADDRESS`.
```
"""


def options_with(folder, url, **launch):
    """Return the theme's options as Jupyter Book makes them of _config.yml with that address."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["repository"]["url"] = url
    config["launch_buttons"] |= launch
    (folder / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    made, _ = get_final_config(
        user_yaml=folder / "_config.yml",
        sourcedir=folder,
        cli_config={"latex_individualpages": False},
    )
    return made["html_theme_options"]


def built(folder, url, **launch):
    """Build a site of one page and one notebook; return both pages."""
    options = options_with(folder, url, **launch)
    conf = CONF.format(extensions=str(ROOT / "_ext"), options=options)
    (folder / "conf.py").write_text(conf, "utf-8")
    (folder / "index.md").write_text(f"{PAGE}\n```{{toctree}}\nbook\n```\n", "utf-8")
    (folder / "book.md").write_text(
        "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n# Book\n", "utf-8"
    )
    command = [sys.executable, "-m", "sphinx", "-q", "-W", folder, folder / "out"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [(folder / "out" / f"{name}.html").read_text("utf-8") for name in ("index", "book")]


def test_with_an_address_the_pages_point_to_source_issue_and_launch(tmp_path):
    front, book = built(tmp_path, URL, jupyterhub_url="https://hub.example.org")
    assert f'<a class="reference external" href="{URL}">the book’s copy</a>' in front
    assert "In Colab: " in front and front.count(URL) >= 4
    for page in (front, book):
        assert f'href="{URL}"' in page
        assert f'href="{URL}/issues/new' in page
    assert f'href="{URL}/blob/main/index.md' in front
    hosts = "mybinder.org/v2/gh", "colab.research.google.com/github", "hub.example.org/hub"
    assert all(f'href="https://{host}' in book for host in hosts)
    assert "fab fa-" not in book and 'src="_static/images/logo_colab.png"' in book


def test_without_an_address_no_page_points_anywhere(tmp_path):
    front, book = built(tmp_path, "")
    assert "Take the book’s copy." in front and "In Colab" not in front
    for page in (front, book):
        assert not [
            host for host in ABROAD if f'href="https://{host}' in page or f"{host}.com" in page
        ]
        assert "launch-buttons" not in page and "source-buttons" not in page


@pytest.mark.parametrize("host", ["gitlab.com", "git.example.org"])
def test_a_button_of_which_the_theme_warns_at_another_host_is_not_asked_for(tmp_path, host):
    options = options_with(tmp_path, f"https://{host}/someone/momentum-book")
    repository.set_buttons(None, SimpleNamespace(html_theme_options=options))
    assert options["launch_buttons"]["binderhub_url"] and not options["launch_buttons"]["colab_url"]
    assert options["use_issues_button"] == (host == "gitlab.com")


@pytest.mark.parametrize("name", address.LINES)
def test_readme_and_citation_have_the_address_of_the_config(name):
    text = (ROOT / name).read_text("utf-8")
    assert text == address.written(name, text, address.stated()), "run: make address"


@pytest.mark.parametrize("name", address.LINES)
def test_the_address_is_written_changed_and_taken_out_again(name):
    bare = address.written(name, (ROOT / name).read_text("utf-8"), "")
    once = address.written(name, bare, URL)
    assert once.count(URL) == 1 and address.written(name, once, URL) == once
    assert address.written(name, once, f"{URL}-2").count(f"{URL}-2") == 1
    assert address.written(name, once, "") == bare


def test_binder_takes_the_python_that_the_lock_is_for():
    assert (ROOT / "runtime.txt").read_text("utf-8").strip() == "python-3.11"
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")
