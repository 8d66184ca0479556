"""Pack a folder of packages for the page: runs in the page's own CPython, see pack.mjs."""

import importlib.util
import io
import marshal
import tarfile
from pathlib import Path

from compression import zstd  # Python 3.14


def kept(name, rules):
    """Tell whether a file goes into the package: what the last rule says that is about it."""
    last = "!"
    for rule in rules:
        if name.full_match(rule.removeprefix("!")):
            last = rule
    return last.startswith("!")


def compiled(source, name):
    """Return what stands in a .pyc that is imported without its source."""
    code = compile(source, name, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code)


def tarred(folder, rules):
    """Return a tar of the files, modules compiled, that is the same whenever it is made."""
    archive = io.BytesIO()
    files = (path for path in folder.rglob("*") if path.is_file())
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(files, key=lambda path: (path.suffix, path)):
            name, data = path.relative_to(folder), path.read_bytes()
            if kept(name, rules):
                if name.suffix == ".py":
                    data, name = compiled(data, str(name)), name.with_suffix(".pyc")
                entry = tarfile.TarInfo(str(name))
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    return archive.getvalue()


def pack(folder, rules, target):
    lines = Path(rules).read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    options = {zstd.CompressionParameter.compression_level: 22}
    Path(target).write_bytes(zstd.compress(tarred(Path(folder), rules), options=options))
