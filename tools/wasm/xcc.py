#!/usr/bin/python3
"""Call emcc, as xcc, or em++, as xc++, with the flags of modules for pyodide's CPython."""

import os
import sys

FLAGS = "-fPIC", "-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm", "-sWASM_LEGACY_EXCEPTIONS=1"
UNKNOWN = "-shared", "-rdynamic", "-Wl,"  # to the linker of WebAssembly

tool = {"xcc": "emcc", "xc++": "em++"}[os.path.basename(sys.argv[0])]
arguments = [argument for argument in sys.argv[1:] if argument != "-pthread"]  # it has none
if "-shared" in arguments:
    module = os.path.basename(arguments[arguments.index("-o") + 1]).partition(".")[0]
    arguments = [argument for argument in arguments if not argument.startswith(UNKNOWN)]
    arguments += ["-sSIDE_MODULE=2", "-O2", "-Wl,--strip-all"]
    arguments += [f"-sEXPORTED_FUNCTIONS=_PyInit_{module}"]
os.execvp(tool, [tool, *FLAGS, *arguments])
