"""Where lists lead."""

from django.urls import reverse

from tongban.catalogue import queries
from tongban.catalogue.queries import Department


def department_address(department: Department) -> str:
    """Return the page of an organisation, or of an authority that only a source names."""
    if department.slug:
        return reverse("catalogue:department", args=[department.slug])
    return reverse("catalogue:named-department", args=[department.name])


def listed_departments() -> list[dict[str, object]]:
    """Return all departments with their addresses."""
    return [{"department": one, "url": department_address(one)} for one in queries.departments()]


def office_address(slug: str, name: str) -> str:
    """Return the page of the office that handles a matter, empty where none is stated."""
    if slug:
        return reverse("catalogue:department", args=[slug])
    return reverse("catalogue:named-department", args=[name]) if name else ""
