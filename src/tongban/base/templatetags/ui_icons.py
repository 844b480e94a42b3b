"""Icons, drawn for this product on a 24 by 24 grid; they take the colour of the text around them."""
# ruff: noqa: E501 - a drawing is one line

from functools import lru_cache

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = Library()

PATHS: dict[str, str] = {
    "arrow-left": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "baby": '<circle cx="12" cy="8" r="4.5"/><path d="M10.5 8h.01M13.5 8h.01M10.7 10a2 2 0 0 0 2.6 0M12 3.5c0-1 1-1.3 1.6-.8'
    'M7.5 13.2C5.5 14.6 5 17 5 20.5h14c0-3.5-.5-5.9-2.5-7.3M9 20.5v-3m6 3v-3"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4"/>',
    "briefcase": '<rect x="3.5" y="7.5" width="17" height="12" rx="2"/><path d="M9 7.5V5.5a1.5 1.5 0 0 1 1.5-1.5h3'
    'A1.5 1.5 0 0 1 15 5.5v2M3.5 12.5h17M12 11.5v2"/>',
    "building": '<path d="M4 20.5h16M6 20.5V5.5L13.5 3v17.5M13.5 8.5 18 10v10.5M9 8.5h1.5M9 12h1.5M9 15.5h1.5"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8 3.5v4m8-4v4M8 14h2m4 0h2M8 17h2"/>',
    "camera": '<path d="M4.5 8h3L9 5.5h6L16.5 8h3A1.5 1.5 0 0 1 21 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-15'
    'A1.5 1.5 0 0 1 3 17.5v-8A1.5 1.5 0 0 1 4.5 8z"/><circle cx="12" cy="13" r="3.5"/>',
    "car": '<path d="M5 12 6.8 7a1.5 1.5 0 0 1 1.4-1h7.6a1.5 1.5 0 0 1 1.4 1l1.8 5M4 17.5V14a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v3.5'
    'zM6 17.5V19m12-1.5V19M7.5 14.8h1.5m6 0h1.5"/>',
    "chat": '<path d="M4 5.5h16v11H11l-4.5 3.5v-3.5H4zM8 9.5h8M8 12.8h5"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7"/>',
    "check-circle": '<circle cx="12" cy="12" r="8.5"/><path d="m8.2 12.3 2.6 2.6 5-5.3"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "chevron-left": '<path d="m15 6-6 6 6 6"/>',
    "chevron-right": '<path d="m9 6 6 6-6 6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.3 2"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "coin": '<circle cx="12" cy="12" r="8.5"/><path d="m8.5 7.5 3.5 4.5 3.5-4.5M12 12v5M9 12.3h6M9 14.8h6"/>',
    "document": '<path d="M6 3.5h8L18.5 8v12.5H6zM14 3.5V8h4.5M9 12h6.5M9 15.5h6.5"/>',
    "download": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15"/>',
    "edit": '<path d="M4.5 19.5v-4L15.8 4.2l4 4L8.5 19.5zM13 7l4 4"/>',
    "elder": '<circle cx="10.5" cy="5.5" r="2.5"/><path d="M10 8.5c-2 .7-3 3-3 6V16h2l.5 5m2-12.5c.8 2 2 3 4 3.5M10.8 16l2.2 5'
    'M16 12.5a1.5 1.5 0 0 1 3 0V21"/>',
    "enterprise": '<path d="M3.5 20.5h17M5 20.5V10.5L10 7v13.5M10 20.5V4h9v16.5M13 8h3m-3 3.5h3M13 15h3"/>',
    "eye": '<path d="M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "family": '<circle cx="8" cy="6.5" r="2.5"/><circle cx="16.5" cy="8" r="2"/><path d="M3.5 19.5v-3.5A4.5 4.5 0 0 1 8 11.5'
    'a4.5 4.5 0 0 1 4 2.5M8 19.5h12.5v-3a4 4 0 0 0-8 0v3"/>',
    "file": '<path d="M6 3.5h8L18.5 8v12.5H6zM14 3.5V8h4.5"/>',
    "food": '<path d="M7 3.5v6m-2.5-6v3.5a2.5 2.5 0 0 0 5 0V3.5M7 9.5v11M17 13.5v7m0-7h2.5V7c0-2-1-3.5-2.5-3.5z"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.5 3.5 5.3 3.5 8.5s-1 6-3.5 8.5c-2.5-2.5-3.5-5.3'
    '-3.5-8.5s1-6 3.5-8.5z"/>',
    "heart": '<path d="M12 20S3.8 15.2 3.8 9.3A4.3 4.3 0 0 1 12 7.5a4.3 4.3 0 0 1 8.2 1.8C20.2 15.2 12 20 12 20z"/>',
    "home": '<path d="M4 11.5 12 4l8 7.5M6 10v10h12V10M10 20v-5.5h4V20"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8h.01"/>',
    "inbox": '<path d="M4 13.5 6.5 5h11l2.5 8.5V19H4zM4 13.5h4.5c.3 1.8 1.7 3 3.5 3s3.2-1.2 3.5-3H20"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="m11.3 12.3 8.2-8.3M16 7.5l3 3M13.5 10l2 2"/>',
    "language": '<path d="M3.5 6.5h9M8 4v2.5m2.5 0C9.8 10 7.5 12.7 4 14m2-5c1 2.2 2.6 3.7 5 4.5M11.5 20.5l4.3-10.5 4.3 10.5M13 17h5.6"/>',
    "law": '<path d="M12 4v16M7.5 20h9M5 7h14M5 7l-2.5 6.5h5zm14 0-2.5 6.5h5z"/>',
    "leaf": '<path d="M5 19.5C5 10 10 5 20 4.5c.3 9.5-4 14-11 13.5M5 19.5c1.5-4.5 4.5-7.5 9-9.5"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4.5 7.5 7.5 6 7.5-6"/>',
    "map-pin": '<path d="M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "medical": '<path d="M9.5 4h5v5.5H20v5h-5.5V20h-5v-5.5H4v-5h5.5z"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "minus": '<path d="M5.5 12h13"/>',
    "money": '<rect x="3.5" y="6.5" width="17" height="11" rx="1.5"/><circle cx="12" cy="12" r="2.5"/><path d="M6.5 9.5v.01M17.5 14.5v.01"/>',
    "passport": '<rect x="5" y="3.5" width="14" height="17" rx="2"/><circle cx="12" cy="10" r="3"/><path d="M9 16.5h6M9 10h6M12 7c1 2 1 4 0 6-1-2-1-4 0-6z"/>',
    "pause": '<path d="M9 6v12m6-12v12"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "phone": '<path d="M6.5 4h3l1.5 4.5-2 1.5a11 11 0 0 0 5 5l1.5-2 4.5 1.5v3A2 2 0 0 1 18 19.5 14.5 14.5 0 0 1 4.5 6a2 2 0 0 1 2-2z"/>',
    "pill": '<path d="m5.2 12.5 7.3-7.3a4.4 4.4 0 0 1 6.3 6.3l-7.3 7.3a4.4 4.4 0 0 1-6.3-6.3zM8.8 8.8l6.3 6.3"/>',
    "plus": '<path d="M12 5.5v13M5.5 12h13"/>',
    "printer": '<path d="M7 8.5V4h10v4.5M7 16.5H4.5v-6a2 2 0 0 1 2-2h11a2 2 0 0 1 2 2v6H17M7 14h10v6H7z"/>',
    "question": '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.7a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.9M12 16.7h.01"/>',
    "route": '<circle cx="6" cy="6" r="2.5"/><circle cx="18" cy="18" r="2.5"/><path d="M8.5 6h6a3 3 0 0 1 0 6h-5a3 3 0 0 0 0 6h6"/>',
    "school": '<path d="m2.5 9.5 9.5-5 9.5 5-9.5 5zM6.5 12v5c3.5 2.3 7.5 2.3 11 0v-5M21.5 9.5V15"/>',
    "sliders": '<path d="M4 7.5h9m5 0h2M4 16.5h2m5 0h9"/><circle cx="15.5" cy="7.5" r="2.3"/><circle cx="8.5" cy="16.5" r="2.3"/>',
    "search": '<circle cx="10.8" cy="10.8" r="6.3"/><path d="m15.5 15.5 5 5"/>',
    "shield": '<path d="M12 3.5 19 6v5.5c0 4.3-2.8 7.5-7 9-4.2-1.5-7-4.7-7-9V6z"/><path d="m9 11.8 2.2 2.2 4-4.2"/>',
    "shop": '<path d="M4 9.5 5.5 4.5h13L20 9.5M5 12v8.5h14V12M4 9.5a2.67 2.67 0 0 0 5.330 0 2.67 2.67 0 0 0 5.340 0 2.67 2.67 0 0 0 5.330 0zM9.5 20.5V15h5v5.5"/>',
    "stamp": '<path d="M9.5 13c.8-2.8-.8-4-.8-6a3.3 3.3 0 0 1 6.6 0c0 2-1.6 3.2-.8 6M5.5 13h13v4h-13zM6.5 20.5h11"/>',
    "star": '<path d="m12 3.8 2.5 5.3 5.8.8-4.2 4.1 1 5.8-5.1-2.8-5.1 2.8 1-5.8-4.2-4.1 5.8-.8z"/>',
    "trash": '<path d="M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5l1 14h9l1-14M10 10.5v6m4-6v6"/>',
    "travel": '<path d="m3.5 13.5 17-8.5-5 15-4-6zM11.5 14l9-9"/>',
    "upload": '<path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 14.5v5h15v-5"/>',
    "users": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14a6.5 6.5 0 0 1 4 5.5"/>',
    "wallet": '<path d="M4 7.5V18a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 18V9a1.5 1.5 0 0 0-1.5-1.5zM4 7.5A2 2 0 0 1 6 5h11v2.5M16 13.5h.01"/>',
    "warning": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.3h.01"/>',
    "wheelchair": '<circle cx="10" cy="4.5" r="1.5"/><path d="M10 8v6h5.5l2.5 5.5M10 10.5h4.5M7.5 11.5a5 5 0 1 0 6.8 6"/>',
    "window": '<rect x="4" y="4" width="16" height="10.5" rx="1.5"/><path d="M2.5 20h19M8.5 20v-2.5a3.5 3.5 0 0 1 7 0V20"/><circle cx="12" cy="10" r="2"/>',
    "work": '<path d="M13.5 7.5a4 4 0 0 1 5.3-3.7l-2.6 2.6 1.4 1.4 2.6-2.6a4 4 0 0 1-5.3 4.9l-8.3 8.3a2 2 0 0 1-2.8-2.8l8.3-8.3z"/>',
}
"""Name of an icon → its drawing."""


def icon(name: str, size: int = 24, label: str = "", extra: str = "") -> SafeString:
    """Return the icon as inline SVG; hidden from screen readers unless it has a label.

    An unknown name gives the icon `document`, so that data entered by an office cannot break a page.
    """
    return _icon(str(name), size, str(label), str(extra))


@lru_cache(maxsize=1024)
def _icon(name: str, size: int, label: str, extra: str) -> SafeString:
    drawing = mark_safe(PATHS.get(name, PATHS["document"]))  # noqa: S308 - the drawings above are ours
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="tb-icon{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        f" {extra}" if extra else "",
        size,
        size,
        named,
        drawing,
    )


@register.simple_tag
def ui_icon(name: str, size: int = 24, label: str = "", extra: str = "") -> SafeString:
    """Show an icon by name; `label` makes it speak, `extra` adds a class."""
    return icon(name, size, label, extra)


_FACES = {
    5: '<path d="M14 27c2 6 5.5 8.5 10 8.5S32 33 34 27z"/>',
    4: '<path d="M15 29c2.5 3.5 5.5 5 9 5s6.5-1.5 9-5"/>',
    3: '<path d="M16.5 30.5c2.5 1.3 5 1.8 7.5 1.8s5-.5 7.5-1.8"/>',
    2: '<path d="M17 33c3.5-1.8 10.5-1.8 14 0"/>',
    1: '<path d="M15.5 35c2.5-4 5.5-5.5 8.5-5.5s6 1.5 8.5 5.5M14.5 14l5 2m14-2-5 2"/>',
}
"""How somebody looks who is so content, 5 the most."""


@lru_cache(maxsize=64)
def face(content: int, size: int) -> SafeString:
    """Return the face of somebody so content, from 1 to 5."""
    return format_html(
        '<svg class="tb-face" width="{}" height="{}" viewBox="0 0 48 48" fill="none" stroke="currentColor"'
        ' stroke-width="2.6" stroke-linecap="round" aria-hidden="true" focusable="false"><circle cx="24" cy="24" r="20"/>'
        '<path d="M17 19v2.5M31 19v2.5"/>{}</svg>',
        size,
        size,
        mark_safe(_FACES.get(content, _FACES[1])),  # noqa: S308 - the drawings above are ours
    )


_MARK = (
    '<svg class="tb-mark" width="{size}" height="{size}" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
    '<rect width="40" height="40" rx="10" fill="#0b5563"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round">'
    '<path d="M8 10.5c6 0 7 9.5 13 9.5M8 29.5c6 0 7-9.5 13-9.5M8 20h19"/></g><circle cx="31" cy="20" r="4" fill="#f2765c"/></svg>\n'
)


@register.simple_tag
def ui_mark(size: int = 40) -> SafeString:
    """Show the mark of the product, so many pixels wide."""
    return mark_safe(_MARK.format(size=int(size)))  # noqa: S308 - the drawing above is ours
