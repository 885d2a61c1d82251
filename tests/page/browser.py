"""The browser that the tests of the page drive: the system's Chromium, installed where it is missing and can be.

As a program it installs it (Debian's package, where it may); it never fails: without a browser these tests skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
"""Programs that will do."""


def program() -> str | None:
    """Find the browser."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> str | None:
    """Install it where apt-get is there and we may use it; gives the reason where that cannot be."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "apt-get needs root"
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})  # fmt: skip
        if done.returncode:
            return f"apt-get {words[0]} ended with {done.returncode}"
    return None


if __name__ == "__main__":
    reason = None if program() else install()
    if reason is not None:
        print(f"No Chromium, and none can be installed ({reason}): the tests of the page in a browser will skip.", file=sys.stderr)  # noqa: T201  # fmt: skip
