"""Fetch a folder of third_party/ anew from npm: `python third_party/refresh.py temml [version]`.

Each folder's source.json names the package, its version, its licence, where each file stands in the
package, and the file's SHA-256 as its maker published it. A file may come from another package
(`of`), and may be stored under another name (`as`): compressed, if that ends with .gz.
It needs npm, and zopfli for what is compressed; building the book does not.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent


def compressed(data):
    """Return a gzip of the data, always the same one and 3 % smaller than that of gzip -9."""
    from zopfli import gzip

    return gzip.compress(data, numiterations=5)


@cache
def archive(package):
    with TemporaryDirectory() as fetched:
        subprocess.run(["npm", "pack", "--silent", package], cwd=fetched, check=True)
        (path,) = Path(fetched).glob("*.tgz")
        return path.read_bytes()


def published(package, path):
    """Return a file of an npm package."""
    with tarfile.open(fileobj=BytesIO(archive(package))) as packed:
        return packed.extractfile(f"package/{path}").read()


def refresh(name, version=None):
    """Fetch the version that is named, or else the one that source.json states."""
    folder = HERE / name
    source = json.loads((folder / "source.json").read_text("utf-8"))
    source["version"] = version or source["version"]
    for file in source["files"]:
        package = file.get("of") or f"{source['package']}@{source['version']}"
        data = published(package, file["from"])
        file["sha256"] = hashlib.sha256(data).hexdigest()
        stored = folder / file.get("as", Path(file["from"]).name)
        stored.write_bytes(compressed(data) if stored.suffix == ".gz" else data)
    (folder / "source.json").write_text(json.dumps(source, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    refresh(*sys.argv[1:])
