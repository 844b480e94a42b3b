"""Review processes (BPMN 2.0): the model once by its digest, and the state of each run without it."""

from django.db import models

from tongban.base.models import Entity


class ProcessVersion(Entity):
    """A version of a process; the BPMN text is kept as imported."""

    code = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    bpmn = models.TextField()
    digest = models.CharField(max_length=64)
    specification = models.JSONField(help_text="the engine's serialised model, kept once")
    published_at = models.DateTimeField()

    class Meta:
        """Versions are numbered; the same model is kept once."""

        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="process_version_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="process_model_once"),
        )


class ProcessRun(Entity):
    """A run of a process: its state without the model; compact once it has ended."""

    process = models.ForeignKey(ProcessVersion, on_delete=models.PROTECT, related_name="runs")
    state = models.JSONField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
