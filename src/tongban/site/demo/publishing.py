"""Publishes the items of the demo city."""

from datetime import datetime

from tongban.base.actor import SYSTEM
from tongban.catalogue import actions as catalogue
from tongban.catalogue.queries import Guide
from tongban.forms.rules import FormDocument
from tongban.site.demo import content
from tongban.site.demo.offices import Posts


def publish_items(posts: Posts, *, now: datetime) -> None:
    """Publish every item; five of them with their own form, six with their own process."""
    for item in content.items():
        catalogue.publish(
            actor=SYSTEM,
            guide=Guide.model_validate(item["guide"]),
            code=item["code"],
            catalogue_code=item["catalogue"]["code"],
            catalogue_name=item["catalogue"]["name"],
            organisation_id=posts.organisations[item["organisation"]],
            form=FormDocument.model_validate(content.form(item["form"])) if "form" in item else None,
            bpmn=content.process(item["process"]) if "process" in item else None,
            now=now,
        )
