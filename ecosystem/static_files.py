"""How the addresses of static files are found."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class RememberedManifestStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, remembering each address: a page asks for twenty of them.

    The manifest is read once a process and never changes after.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.remembered = {}

    def url(self, name, force=False):
        if name not in self.remembered:
            self.remembered[name] = super().url(name, force)
        return self.remembered[name]
