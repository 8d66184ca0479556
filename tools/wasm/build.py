"""Build the packages that the page's own Python imports: `make wasm`.

Every compiled piece is built from its source distribution by Debian's emscripten, in a chroot of
Debian's sid below $CHROOTS, made when it is missing; that takes root and debootstrap. What is
fetched is pinned by SHA-256, in pieces.json and tools.txt; the versions are those of
constraints.txt. The product is third_party/site-packages: one archive, the licences of all that is
in it, and source.json, which says where each piece comes from and what compiled it.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.wasm.workshop import BUILD, CHROOT, CHROOTS, CROSS, HERE, Workshop, versions

ROOT = HERE.parent.parent
PRODUCT = ROOT / "third_party/site-packages"
PIECES = json.loads((HERE / "pieces.json").read_text("utf-8"))
COMPILED, INSIDE, PURE, OTHERS = PIECES.values()
# Of what is in the chroot, that which shapes the product.
COMPILERS = "binaryen", "clang-21", "emscripten", "lld-21", "python3.14-dev"
VERSIONS = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").split())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(shop, piece):
    """Fetch a source archive, from Debian or from the package index, and check it."""
    if "requirement" in piece:
        command = "unearth", "--no-binary", "--download", "/build/sources", piece["requirement"]
    else:
        command = "apt-get", "source", "--tar-only", piece["from"].partition("_")[0]
    shop(*command, folder="/build/sources")
    path = BUILD / "sources" / piece["from"]
    if not path.exists() or digest(path) != piece["sha256"]:
        sys.exit(f"What was fetched is not {piece['from']} as tools/wasm/pieces.json pins it.")
    return path


def unpack(archive, folder, below="."):
    """Unpack what is below the one folder that a source archive holds."""
    with TemporaryDirectory(dir=BUILD) as temporary:
        with tarfile.open(archive) as tar:
            tar.extractall(temporary, filter="data")
        (top,) = Path(temporary).iterdir()
        (top / below).rename(folder)


def fill(shop, subprojects):
    """Give matplotlib the libraries that it would download, with its own patches.

    The HarfBuzz that it names is neither in Debian nor in the index: a newer one takes its place.
    """
    for piece in INSIDE.values():
        config = ConfigParser(interpolation=None)
        config.read(subprojects / f"{piece['wrap']}.wrap", "utf-8")
        wrap = config["wrap-file"]
        folder = subprojects / wrap["directory"]
        unpack(fetch(shop, piece), folder, piece.get("below", "."))
        patches = wrap.get("diff_files", "").split(", ")
        if piece["version"] not in wrap["directory"]:  # made for another version
            patches = []
        for patch in filter(None, patches):
            path = f"../packagefiles/{patch}"
            shop("patch", "-p1", "-i", path, folder=f"/{folder.relative_to(BUILD.parent)}")
        if "patch_directory" in wrap:
            overlay = subprojects / "packagefiles" / wrap["patch_directory"]
            shutil.copytree(overlay, folder, dirs_exist_ok=True)
        piece["folder"] = folder


def build(shop, name, piece):
    """Build the wheel of a compiled piece."""
    version = VERSIONS[name]
    piece["from"] = f"{name}-{version}.tar.gz"
    piece["requirement"] = f"{name}=={version}"
    piece["folder"] = BUILD / f"{name}-{version}"
    unpack(fetch(shop, piece), piece["folder"])
    if name == "matplotlib":
        fill(shop, piece["folder"] / "subprojects")
    settings = (f"--config-settings={setting}" for setting in piece.get("settings", ()))
    pip = "pip", "wheel", "--verbose", "--no-deps", "--no-build-isolation", "--wheel-dir=wheels"
    shop(*pip, *settings, f"./{name}-{version}", SETUPTOOLS_SCM_PRETEND_VERSION=version, **CROSS)


def fetch_pure(shop):
    """Fetch the wheels of the pieces that are Python alone."""
    lines = (f"{n}=={VERSIONS[n]} --hash=sha256:{p['sha256']}\n" for n, p in PURE.items())
    (BUILD / "pure.txt").write_text("".join(lines), "utf-8")
    platform = "--platform=any", "--implementation=py", "--abi=none", "--only-binary=:all:"
    shop("pip", "download", "--no-deps", *platform, "-r", "pure.txt", folder="/build")
    for path in BUILD.glob("*.whl"):
        (name,) = (n for n, p in PURE.items() if p["sha256"] == digest(path))
        folder = BUILD / "tree" / f"{'-'.join(path.name.split('-')[:2])}.dist-info"
        PURE[name] |= {"from": path.name, "folder": folder, "texts": ["**/LICEN[CS]E*"]}
        path.rename(BUILD / "wheels" / path.name)


def licences(piece):
    """Return all licence texts of a piece as one."""
    folder = piece["folder"]
    found = {path for pattern in piece["texts"] for path in folder.glob(pattern)}
    texts = (
        f"{path.relative_to(folder)}\n\n{path.read_text('utf-8', 'replace').strip()}\n"
        for path in sorted(found)
        if path.is_file()
    )
    return f"\n{'-' * 72}\n".join(texts)


def write():
    """Write the product: the archive, the licences, and where all of it comes from."""
    shutil.rmtree(PRODUCT, ignore_errors=True)
    (PRODUCT / "licences").mkdir(parents=True)
    shutil.copyfile(BUILD / "packages.tar.zst", PRODUCT / "packages.tar.zst")
    rows = []
    for name, piece in (COMPILED | INSIDE | PURE).items():
        (PRODUCT / f"licences/{name}.txt").write_text(licences(piece), "utf-8")
        row = {"name": name, "version": piece.get("version") or VERSIONS[name]}
        rows.append(row | {key: piece[key] for key in ("licence", "from", "sha256")})
    for name, piece in OTHERS.items():
        (text,) = CHROOT.glob(piece["text"])
        shutil.copyfile(text, PRODUCT / f"licences/{name}.txt")
    others = [{"name": name, "licence": piece["licence"]} for name, piece in OTHERS.items()]
    archive = {"from": "packages.tar.zst", "sha256": digest(PRODUCT / "packages.tar.zst")}
    source = {
        "files": [archive],
        "compilers": versions(*COMPILERS),
        "pieces": rows,
        "also inside": others,
    }
    (PRODUCT / "source.json").write_text(json.dumps(source, indent=2) + "\n", "utf-8")


def main():
    CHROOTS.mkdir(parents=True, exist_ok=True)
    path = CHROOTS / "wasm.log"
    print(f"See {path}", flush=True)
    with path.open("wb") as log:
        shop = Workshop(log)
        for name, piece in COMPILED.items():
            build(shop, name, piece)
        fetch_pure(shop)
        for wheel in (BUILD / "wheels").iterdir():
            with zipfile.ZipFile(wheel) as packed:
                packed.extractall(BUILD / "tree")
        shop("node", "pack.mjs", "tree", "packages.tar.zst")
        write()


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError:
        sys.exit("The build stopped; the end of the log says why.")
