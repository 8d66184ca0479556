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
    found = {file.name: published(file) for file in path.parent.iterdir() if file != path}
    assert found == stated
    assert "LICENSE" in found
    assert source["licence"] and source["version"]


def test_no_folder_is_without_its_source():
    folders = [folder for folder in (ROOT / "third_party").iterdir() if folder.is_dir()]
    assert {path.parent for path in SOURCES} == {f for f in folders if f.name != "__pycache__"}
