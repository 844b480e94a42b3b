"""The own-data view: the purpose under which people read what registers hold on them, and its law."""

PURPOSE = "own_data"
PURPOSE_WORDS = "本人查阅登记在自己名下的数据"
REFERENCE = "own"
"""Kind of reference at the gate: the id of the person or enterprise, judged by `queries.whose.OwnVerifier`."""
PRESENT = "present"
"""The same at a window, where the person stands with the identity document."""

LAWS: dict[str, tuple[str, str]] = {
    "person": ("《中华人民共和国个人信息保护法》", "第四十五条"),
    "enterprise": ("《中华人民共和国政府信息公开条例》", "第四十一条"),
}
"""By kind of subject: who may read and copy what is held on them; who may have wrong records mended."""
