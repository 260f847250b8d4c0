"""A kind of document that is one line of words."""

KEY = ("paper", "7", "de", "md")


class Paper:
    """What the kind of these tests says, and how often it was rendered."""

    def __init__(self) -> None:
        self.words: str | None = "Guten Tag"
        self.rendered = 0
        self.problem: Exception | None = None

    def says(self, subject: str, language: str):
        return None if self.words is None else {"subject": subject, "words": self.words}

    def render(self, data) -> bytes:
        self.rendered += 1
        if self.problem:
            raise self.problem
        return data["words"].encode()
