"""The slides of a chapter: what of its page is shown, what is said, and in which order."""

from dataclasses import dataclass, field

from tools.course import guide
from tools.course import slide_blocks as blocks
from tools.course.slide_blocks import cleaned, sentences, text_block

FINE = "Fine print."


@dataclass
class Slide:
    """A slide: its title, its blocks, and what is said before and after them."""

    kind: str
    title: str
    blocks: list
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)

    @property
    def notes(self):
        return [*self.before, *(note for block in self.blocks for note in block.notes), *self.after]


def slides_of(page):
    """Return the slides of a page, and before its exercises the rounds of discussion."""
    article = page.article().find("section")
    slides = Reader(article, page.title).slides
    place = next(i for i, slide in enumerate(slides) if slide.kind in ("exercises", "short"))
    return [*slides[:place], *discussions(page.stem), *slides[place:]]


def discussions(name):
    """Return a slide for each round of discussion; what to expect is for the notes."""
    rounds = guide.rounds(name) if name in guide.guide()[0] else []
    return [
        Slide("discussion", f"Discuss, {q.number} of {len(rounds)}", [blocks.discussed(q, expect)])
        for q, expect in rounds
    ]


def ends(paragraph):
    """Return whether a paragraph leads to what follows it."""
    return paragraph.get_text().rstrip().endswith(":")


class Reader:
    """Goes once through a page, and makes slides of what it meets."""

    def __init__(self, article, title):
        self.slides, self.title = [], title
        self.run, self.said, self.begun = [], [], 0
        self.open(article)
        self.section(article)

    def open(self, article):
        """Make the first slide: the title, and the question of the chapter."""
        question = []
        for tag in article.find_all("h1")[0].find_next_siblings():
            if tag.name != "p":
                break
            question.append(tag.extract())
        shown = [text_block("question", cleaned(p).decode_contents()) for p in question]
        self.slides.append(Slide("title", self.title, shown, before=question))

    def section(self, section):
        own = {"exercises": self.exercises, "in-short": self.short}.get(section.get("id"))
        if own:
            return own(section)
        if heading := section.find(["h2", "h3"], recursive=False):
            self.flush()
            self.title, self.begun = cleaned(heading).decode_contents(), len(self.slides)
        self.walk(section)
        self.flush()

    def walk(self, parent):
        for tag in parent.find_all(True, recursive=False):
            self.take(tag)

    def take(self, tag):
        """Take one part of the page."""
        classes = tag.get("class", [])
        if tag.name == "section":
            self.section(tag)
        elif tag.name == "p":
            self.paragraph(tag)
        elif "prediction" in classes:
            lead = [text_block("lead", blocks.lead(self.said[-1]))] if self.said else []
            self.alone(Slide("prediction", self.title, [*lead, blocks.asked(tag)]))
        elif "answer" in classes:
            self.walk(tag)
            self.flush()
        elif live := tag.find("momentum-explorer"):
            self.alone(Slide("live", self.title, [blocks.live_block(live)]))
        elif "cell" in classes:
            self.show(blocks.blocks_of(tag))
        elif "math" in classes:
            self.show([blocks.formula_block(tag)])
        elif "folded" not in classes and tag.name not in ("h1", "h2", "h3"):
            self.listing(tag)

    def paragraph(self, tag):
        """Keep a paragraph for the notes; the first sentence on what was printed is shown."""
        if tag.find_next_sibling() and tag.find_next_sibling().name in ("ul", "ol", "table"):
            return
        if not self.run and self.slides[-1].kind == "list":
            self.slides[-1].after.append(tag)
            return
        parts = sentences(tag)
        if ends(tag) or not self.run:
            self.said.append(tag)
            return
        goes_on = self.run[-1].kind == "formula" and parts[0][0].islower()
        if self.run[-1].kind == "printed" or goes_on:
            self.run.append(text_block("finding", parts[0], joined=200))
        self.run[-1].notes.append(tag)

    def show(self, found):
        """Put blocks on the run that is to be cut into slides, with what was said before them."""
        if not found:
            return
        if self.said and (ends(self.said[-1]) or found[0].kind == "formula"):
            found[0].joined = 500
            found.insert(0, text_block("lead", blocks.lead(self.said[-1])))
        found[0].notes, self.said = [*self.said, *found[0].notes], []
        self.run += found

    def listing(self, tag):
        """Make a slide of a list or a table, with the words before it as its title."""
        self.flush()
        lead = tag.find_previous_sibling("p")
        title = cleaned(lead).decode_contents()
        self.alone(Slide("list", title, [blocks.other_block(tag)], before=[lead, tag]))

    def alone(self, slide):
        """Add a slide that nothing else stands on."""
        self.cut()
        slide.before, self.said = [*self.said, *slide.before], []
        self.slides.append(slide)

    def cut(self):
        """Make slides of the run."""
        if self.run:
            groups = map(blocks.filled, blocks.best_cuts(self.run))
            self.slides += [Slide("run", self.title, group) for group in groups]
        self.run = []

    def flush(self):
        """Make slides of all that is left; a section that showed nothing shows its sentences."""
        self.cut()
        if self.said and len(self.slides) == self.begun:
            self.slides.append(Slide("told", self.title, [blocks.told(self.said)]))
        elif self.said:
            self.slides[-1].after += self.said
        self.said = []

    def exercises(self, section):
        """Make slides of the exercises; their solutions are notes."""
        self.flush()
        title = cleaned(section.find("h2")).decode_contents()
        found = [blocks.exercise(part) for part in section.find_all("section", recursive=False)]
        self.slides += [Slide("exercises", title, group) for group in blocks.best_cuts(found)]

    def short(self, section):
        """Make the last slide; the fine print is for the notes."""
        parts = section.find_all(True, recursive=False)
        fine = next((i for i, p in enumerate(parts) if p.get_text().startswith(FINE)), len(parts))
        shown = [blocks.told([p for p in parts[:fine] if p.name == "p"])]
        shown += [
            blocks.formula_block(tag) for tag in parts[:fine] if "math" in tag.get("class", [])
        ]
        title = cleaned(section.find("h2")).decode_contents()
        self.slides.append(Slide("short", title, shown, after=parts[fine:]))
