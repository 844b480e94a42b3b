"""What is wrong with an answer."""


class WrongAnswer(ValueError):  # noqa: N818 - a sentence for a person, not an error of ours
    """The sentence shown beside the field, in the reader's language."""
