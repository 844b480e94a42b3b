"""What applications took: materials the guide needs, materials handed in and spared, visits it asks for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.db import connection

from tongban.applications.models import MaterialWay
from tongban.catalogue import queries as catalogue

_BROUGHT = frozenset({MaterialWay.FILE.value, MaterialWay.PAPER.value})
_SPARED = frozenset({MaterialWay.EXEMPT.value, MaterialWay.ANSWERED.value})
SITUATION_DIGITS = 16

_ASKED = """
    SELECT made.case_id, made.handling_version_id, made.situation,
        COALESCE(array_agg(DISTINCT material.material_key || ' ' || material.way)
            FILTER (WHERE material.replaced_at IS NULL AND material.id IS NOT NULL), '{}')
    FROM applications_application AS made
    LEFT JOIN applications_applicationmaterial AS material ON material.application_id = made.id
    WHERE made.case_id = ANY(%s)
    GROUP BY made.case_id, made.handling_version_id, made.situation
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """What an application took. `visits` is what the guide asks for, None where it does not say.

    `needed` counts the materials that the guide requires in this situation, `brought` those of them that the applicant
    handed in as a file or on paper, `spared` those that an office holds, or a register answers 免提交.
    """

    situation: str
    visits: int | None
    needed: int
    brought: int
    spared: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a version of a guide asks for."""

    required: frozenset[str]
    visits: int | None


def efforts_of(case_ids: Sequence[UUID]) -> dict[UUID, Effort]:
    """Return what the applications of cases took, by case; cases of other kinds are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [list(case_ids)])
        return {case_id: _effort(_asked(version), situation, ways) for case_id, version, situation, ways in cursor}


def situation_key(answers: object) -> str:
    """Return what two applications have in common that were made in the same situation; "" where nothing was asked."""
    if not answers:
        return ""
    told = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(told.encode()).hexdigest()[:SITUATION_DIGITS]


def _effort(asked: _Asked, situation: object, ways: Sequence[str]) -> Effort:
    there = [tuple(one.rsplit(" ", 1)) for one in ways]
    needed = {key for key, way in there if key in asked.required and way != MaterialWay.NOT_APPLICABLE}
    brought = {key for key, way in there if way in _BROUGHT} & needed
    spared = {key for key, way in there if way in _SPARED} & needed
    answers = json.loads(situation) if isinstance(situation, str) else situation
    return Effort(situation_key(answers), asked.visits, len(needed), len(brought), len(spared - brought))


@lru_cache(maxsize=20_000)
def _asked(version_id: UUID) -> _Asked:
    """Return what a version asks for; versions never change."""
    guide = catalogue.guide_of(version_id)
    required = frozenset(material.key for material in guide.materials if material.need == "required")
    return _Asked(required, guide.visits)
