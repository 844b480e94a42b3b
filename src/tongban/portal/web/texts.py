"""Pages of text: privacy notice, accessibility statement, about; and two files that machines ask for."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import in_chinese
from tongban.base.web import anybody

PRIVATE = ("/my", "/profile", "/office", "/drafts", "/apply", "/files", "/papers", "/sign-in", "/sign-up", "/recover")


@anybody
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice 个人信息处理规则 (个人信息保护法 art. 7, 17)."""
    return _text(request, "privacy", _("Privacy notice"))


@anybody
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement (无障碍环境建设法 art. 32)."""
    return _text(request, "accessibility", _("Accessibility statement"))


@anybody
def about(request: HttpRequest) -> HttpResponse:
    """Show what this is and who made it."""
    return _text(request, "about", _("About Tongban"))


def _text(request: HttpRequest, name: str, title: str) -> HttpResponse:
    """Show a text in the reader's language: whole texts are written in each, not put together from sentences."""
    body = f"portal/texts/{name}.{'zh' if in_chinese() else 'en'}.html"
    return render(request, "portal/text.html", {"title": title, "body": body})


@anybody
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what is nobody else's business."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@anybody
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask at the old place to the mark."""
    return HttpResponsePermanentRedirect(static("base/mark.svg"))
