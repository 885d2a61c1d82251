"""Which language the reader has."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence

from panhuo.words import LANGS, Lang


def language(words: Sequence[str] = ()) -> Lang:
    """Find the language asked for: ``--lang`` on the command line, else the locale's: Chinese, or else English.

    Parameters
    ----------
    words : sequence of str
        The command line after the program's name; none where there is no command line, as in a notebook.
    """
    for i, word in enumerate(words):
        asked = word.partition("=")[2] if word.startswith("--lang=") else "".join(words[i + 1 : i + 2])
        if word.startswith("--lang") and asked in LANGS:
            return "zh" if asked == "zh" else "en"
    settings = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken = next((setting for setting in settings if setting), None) or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"
