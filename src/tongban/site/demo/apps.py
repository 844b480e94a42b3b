"""Registers the people of the demo city with the sign-in page. Installed in a demo only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo city."""

    name = "tongban.site.demo"
    label = "demo"

    def ready(self) -> None:
        """Name whom one can sign in as."""
        from tongban.accounts.kinds import DemoPerson, demo_people  # noqa: PLC0415 - tables must be loaded first
        from tongban.site.demo import content  # noqa: PLC0415

        written = content.people()
        groups = (("residents", "办事人", "Residents and enterprises"), ("officials", "工作人员", "Officials"))
        for key, group, group_en in groups:
            for one in written[key]:
                person = DemoPerson(
                    username=one["username"],
                    words=one["words"],
                    words_en=one["words_en"],
                    group=group,
                    group_en=group_en,
                )
                demo_people.register(person.username, person)
