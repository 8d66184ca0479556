"""What is shipped and not written here is what its maker published, with its licence."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(ROOT.glob("third_party/*/source.json"))


def published(path):
    """Return the SHA-256 of a file as its maker published it, not compressed."""
    data = path.read_bytes()
    return hashlib.sha256(gzip.decompress(data) if path.suffix == ".gz" else data).hexdigest()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parent.name)
def test_every_file_is_the_one_that_was_fetched(path):
    source = json.loads(path.read_text("utf-8"))
    stated = {file.get("as", Path(file["from"]).name): file["sha256"] for file in source["files"]}
    files = {file for file in path.parent.iterdir() if file.is_file()} - {path}
    assert {file.name: published(file) for file in files} == stated
    if "pieces" not in source:
        assert "LICENSE" in stated
        assert source["licence"] and source["version"]


def test_no_folder_is_without_its_source():
    folders = [folder for folder in (ROOT / "third_party").iterdir() if folder.is_dir()]
    assert {path.parent for path in SOURCES} == {f for f in folders if f.name != "__pycache__"}


PACKAGES = ROOT / "third_party/site-packages"


def test_every_piece_of_the_packages_has_its_licence_and_the_version_of_the_lock():
    source = json.loads((PACKAGES / "source.json").read_text("utf-8"))
    lock = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
    for piece in source["pieces"]:
        assert piece["version"] == lock.get(piece["name"], piece["version"])
        assert len(piece["sha256"]) == 64
    texts = {path.stem: path.read_text("utf-8") for path in (PACKAGES / "licences").iterdir()}
    assert all(len(text) > 500 for text in texts.values())
    pieces = source["pieces"] + source["also inside"]
    assert set(texts) == {piece["name"] for piece in pieces if piece["licence"]}


def test_what_the_page_loads_keeps_its_limits():
    """The packages take at most 7.2 MB, with Python itself it is at most 13.8 MB."""
    packages = (PACKAGES / "packages.tar.zst").stat().st_size
    pyodide = [file for file in (ROOT / "third_party/pyodide").iterdir() if file.suffix != ".json"]
    assert packages < 7.2e6
    assert packages + sum(file.stat().st_size for file in pyodide) < 13.8e6
