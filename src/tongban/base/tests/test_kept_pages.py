"""What is kept of pages is bounded."""

from tongban.base.web.kept_pages import Kept, Pages


def page(revision: int, size: int = 10) -> Kept:
    return Kept(revision, b"x" * size, "text/html", f'"{revision}"')


def test_only_the_page_of_this_revision_is_given() -> None:
    pages = Pages(1000)
    pages.put("a", page(1))
    assert pages.get("a", 1) == page(1)
    assert pages.get("a", 2) is None
    pages.put("a", page(2, size=20))
    assert pages.get("a", 1) is None
    assert (len(pages), pages.size) == (1, 20)


def test_the_longest_unused_goes_when_it_is_full() -> None:
    pages = Pages(30)
    for name in "abc":
        pages.put(name, page(1))
    assert pages.get("a", 1)
    pages.put("d", page(1))
    assert pages.get("b", 1) is None
    assert pages.get("a", 1)
    assert pages.get("d", 1)
    assert (len(pages), pages.size) == (3, 30)
    pages.put("huge", page(1, size=31))
    assert (len(pages), pages.size) == (0, 0)
