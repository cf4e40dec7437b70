"""Documents as their readers see them: files, headings, links."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.integration.architecture.source import ROOT

_FOLDERS = ("src", "docs", "deploy", "proto", "benchmarks", "examples", "tests")
_TEXTS = {".md", ".py", ".yaml", ".json", ".proto", ".txt", ""}
_PARSER = MarkdownIt("commonmark").enable("table")
_SOURCE = re.compile(r'<(?:img|a)[^>]* (?:src|href)="([^"]+)"')
_PATH = re.compile(
    r"`((?:src/)?(?:domain|application|adapters|entrypoints|tests|benchmarks|deploy|requirements|examples|proto)"
    r"/[\w./-]*)`"
)
_MENTION = re.compile(r"\bdocs/[\w/.-]+\.md(?:#[\w-]+)?")


def _files() -> Iterator[Path]:
    for path in (*ROOT.iterdir(), *(each for folder in _FOLDERS for each in (ROOT / folder).rglob("*"))):
        if path.is_file() and "node_modules" not in path.parts:
            yield path


def documents() -> list[Path]:
    """List every Markdown file."""
    return sorted(path for path in _files() if path.suffix == ".md")


def mentions() -> Iterator[tuple[Path, str]]:
    """Give each file that mentions a document by its path, and what it mentions."""
    for path in _files():
        if path.suffix in _TEXTS and path.suffix != ".md" and not path.name.startswith("."):
            yield from ((path, each) for each in _MENTION.findall(path.read_text(errors="ignore")))


def named_paths(document: Path) -> list[str]:
    """Give the paths of source and tests that a document names; a changelog names those of its time."""
    return [] if document.name == "CHANGELOG.md" else _PATH.findall(document.read_text(encoding="utf-8"))


def links(document: Path) -> Iterator[str]:
    """Give the targets of links and pictures, those written in HTML too."""
    for token in _tokens(document):
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "image":
            yield str(token.attrs["src"])
        elif token.type in {"html_inline", "html_block"}:
            yield from _SOURCE.findall(token.content)


def anchors(document: Path) -> set[str]:
    """List the fragments that links may have.

    Source: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
    """
    seen: Counter[str] = Counter()
    found = set()
    tokens = [*_PARSER.parse(document.read_text(encoding="utf-8"))]
    for opening, text in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(each.content for each in text.children or ())
            anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1
    return found


def _tokens(document: Path) -> Iterator[Token]:
    for token in _PARSER.parse(document.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()
