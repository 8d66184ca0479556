"""Archives of which the same input gives the same bytes."""

import zipfile


def pack(target, files):
    """Write a zip of files, given as {name in the archive: path}."""
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, files[name].read_bytes(), zipfile.ZIP_DEFLATED)
