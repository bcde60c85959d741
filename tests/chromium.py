"""The Chromium that drives the journeys: one of this machine, or else Debian's package."""

import os
import shutil
import subprocess

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium():
    """Return the path of the Chromium to drive, or "" if this machine has none."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen) or ""
    return next(filter(None, map(shutil.which, NAMES)), "")


def may_install():
    """Return whether Debian's package can be had without asking anyone."""
    return bool(shutil.which("apt-get")) and _succeeds(*_as_root(), "true")


def install_chromium():
    """Install Debian's package; return the path of the Chromium in it, or "" if that failed."""
    apt = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    _succeeds(*apt, "update")
    _succeeds(*apt, "install", "--yes", "--no-install-recommends", "chromium")
    return find_chromium()


def _as_root():
    return [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]


def _succeeds(*command):
    nowhere = subprocess.DEVNULL
    try:
        return not subprocess.run(command, stdin=nowhere, stdout=nowhere, stderr=nowhere).returncode
    except FileNotFoundError:
        return False
