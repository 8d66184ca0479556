"""Cut a font down to what the pages show of it."""

import logging

from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.WARNING)


def write_subset(source, target, text, features=(), mend=lambda font: None):
    """Write the part of a font that shows the characters of a text, as WOFF, mended in place."""
    options = subset.Options(flavor="woff", notdef_outline=True, hinting=False)
    options.layout_features = [*features]
    font = subset.load_font(source, options)
    cut = subset.Subsetter(options)
    cut.populate(text=text)
    cut.subset(font)
    mend(font)
    subset.save_font(font, target, options)
