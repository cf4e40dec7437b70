"""Every link in a document leads somewhere."""

from pathlib import Path

import pytest

from tests.integration.architecture.source import ROOT
from tests.integration.documents.markdown import anchors, documents, links, mentions, named_paths


def _is_broken(target: str, folder: Path) -> bool:
    path, _hash, anchor = target.partition("#")
    file = folder / path
    if not file.exists():
        return True
    return bool(anchor) and anchor not in anchors(file)


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    own = [target for target in links(document) if "://" not in target]
    targets = [f"{document.name}{target}" if target.startswith("#") else target for target in own]

    broken = [target for target in targets if _is_broken(target, document.parent)]

    assert broken == []


def test_every_document_that_other_files_mention_exists() -> None:
    broken = [
        (str(path.relative_to(ROOT)), mentioned)
        for path, mentioned in mentions()
        if _is_broken(mentioned, ROOT)
    ]

    assert broken == []


def test_every_path_that_a_document_names_exists() -> None:
    missing = [
        (str(document.relative_to(ROOT)), path)
        for document in documents()
        for path in named_paths(document)
        if not (ROOT / path).exists() and not (ROOT / "src" / path).exists()
    ]

    assert missing == []
