"""Why a picture is not taken."""


class PictureRefused(ValueError):
    """These bytes are no picture that is taken. Its text names what would be."""
