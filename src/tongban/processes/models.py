"""Review processes (BPMN 2.0): the model once by its digest, and the state of each run without it."""

from django.db import models

from tongban.base.models import Entity, SealedJSONField


class ProcessVersion(Entity):
    """A version of a process; the BPMN text is kept as imported. Never changed once published."""

    code = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    bpmn = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the BPMN text")
    specification = models.JSONField(help_text="the engine's serialised model, kept once")
    published_at = models.DateTimeField()

    class Meta:
        """Versions are numbered; the same model is kept once."""

        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="process_version_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="process_model_once"),
        )

    def __str__(self) -> str:
        """Return code and version."""
        return f"{self.code} v{self.version}"


class ProcessRun(Entity):
    """A run of a process: its state without the model; compact once it has ended.

    `data` holds only what the model's conditions ask for, sealed, and nothing any more once the run has ended.
    """

    process = models.ForeignKey(ProcessVersion, on_delete=models.PROTECT, related_name="runs")
    state = models.JSONField()
    data = SealedJSONField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)
