"""What readers take along: archives, and the cell that a notebook begins with elsewhere."""

import zipfile

INSTALL = """\
# Where the book's package is missing, it is installed from {place}.
try:
    import momentum.explorers
    import momentum.figures
except ImportError:
    %pip install --quiet "{package}"
    print("Installed. Reload this page in the browser, then run the cells from the top.")
"""


def pack(target, files):
    """Write a zip of files, given as {name in it: path}; the same input gives the same bytes."""
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, files[name].read_bytes(), zipfile.ZIP_DEFLATED)
