"""Fetch a folder of third_party/ anew from npm: `python third_party/refresh.py temml [version]`.

Each folder's source.json names the package, its version, its licence, where each file stands in the
package, and the file's SHA-256. It needs npm; building the book does not.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent


def refresh(name, version=None):
    """Fetch the version that is named, or else the one that source.json states."""
    folder = HERE / name
    source = json.loads((folder / "source.json").read_text("utf-8"))
    source["version"] = version or source["version"]
    package = f"{source['package']}@{source['version']}"
    with TemporaryDirectory() as fetched:
        subprocess.run(["npm", "pack", "--silent", package], cwd=fetched, check=True)
        (archive,) = Path(fetched).glob("*.tgz")
        with tarfile.open(archive) as packed:
            for file in source["files"]:
                data = packed.extractfile(f"package/{file['from']}").read()
                (folder / Path(file["from"]).name).write_bytes(data)
                file["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "source.json").write_text(json.dumps(source, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    refresh(*sys.argv[1:])
