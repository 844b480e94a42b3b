"""Object storage that speaks S3: of a cloud, or of one's own (MinIO, Ceph, SeaweedFS)."""

from tongban.files.contrib.s3.storage import ObjectStorage

__all__ = ["ObjectStorage"]
