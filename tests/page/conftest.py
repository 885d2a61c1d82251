"""Pages in a browser that cannot reach anything."""

from __future__ import annotations

import base64
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import panhuo
from panhuo import result
from panhuo.result import Result
from panhuo.result.page import page as laid_out

from .browser import program

INSTANCES = Path(__file__).parents[2] / "instances"
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "</script><img src=x onerror=alert(2)>{{x}} {name} $& 'q'",
)
"""Names that someone might give to rooms, circles and a district."""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
"""A PNG."""


@dataclass
class Opened:
    """A page that is open, and what it did that it must not."""

    page: Any
    wrong: list[str] = field(default_factory=list)

    def run(self, script: str, value: object = None) -> Any:
        return self.page.evaluate(script, value)


Open = Callable[..., AbstractContextManager[Opened]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium; nothing is downloaded for these tests."""
    chromium = program()
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright drives the browser: pip install playwright"
    )
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser: Any) -> Open:
    """Open a file with every request but its own (and those allowed) refused and noted, and every error noted."""

    @contextmanager
    def open_(file: Path, width: int = 1280, height: int = 900, allowed: str | None = None) -> Iterator[Opened]:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        page = context.new_page()
        at = Opened(page)

        def meet(route: Any) -> None:
            asked = route.request.url
            if asked == file.as_uri() or (allowed and asked.startswith(allowed)):
                route.continue_()
            else:
                at.wrong.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", meet)
        page.on("websocket", lambda socket: at.wrong.append(f"asked for {socket.url}"))
        page.on("pageerror", lambda error: at.wrong.append(f"failed: {error}"))
        page.on("dialog", lambda dialog: (at.wrong.append(f"said {dialog.message}"), dialog.dismiss()))
        page.on(
            "console", lambda said: said.type in ("error", "warning") and at.wrong.append(f"{said.type}: {said.text}")
        )
        page.goto(file.as_uri())
        page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
        yield at
        assert at.wrong == []
        context.close()

    return open_


class Tiles:
    """A server of tiles on this machine, one pixel each, that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []
        mine = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mine.asked.append(tuple(int(n) for n in self.path.strip("/").removesuffix(".png").split("/")))
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(base64.b64decode(PIXEL))

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/{{z}}/{{x}}/{{y}}.png"


@pytest.fixture
def tiles() -> Iterator[Tiles]:
    """A server of tiles."""
    found = Tiles()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def hillside() -> Result:
    """The hilly quarter, solved."""
    return panhuo.solve(panhuo.read(INSTANCES / "hillside"))


@pytest.fixture(scope="session")
def pristine(hillside: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hilly quarter's result as it is written."""
    return result.write(hillside, tmp_path_factory.mktemp("written") / "out")


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    """A written result that a test may spoil."""
    return Path(shutil.copytree(pristine, tmp_path / "out"))


@pytest.fixture(scope="session")
def files(hillside: Result, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Its page, in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for lang in ("en", "zh"):
        found[lang] = folder / f"{lang}.html"
        found[lang].write_text(laid_out(hillside, lang), encoding="utf-8")
    return found


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy's result, with rooms, a facility and a title that bear the names of :data:`HOSTILE`."""
    folder = tmp_path_factory.mktemp("hostile") / "toy"
    shutil.copytree(INSTANCES / "toy", folder)
    sites = (folder / "sites.csv").read_text(encoding="utf-8-sig")
    for own, name in zip(panhuo.read(INSTANCES / "toy")["sites"]["name"], HOSTILE, strict=True):
        assert own in sites
        sites = sites.replace(own, '"' + name.replace('"', '""') + '"')
    (folder / "sites.csv").write_text(sites, encoding="utf-8")
    circles = pd.read_csv(folder / "circles.csv", dtype=str)
    circles["name"] = HOSTILE[: len(circles)]
    circles.to_csv(folder / "circles.csv", index=False)
    settings = (folder / "instance.toml").read_text(encoding="utf-8")
    settings = re.sub(r"(?m)^title(_zh)? = .*\n", "", settings)
    (folder / "instance.toml").write_text(f'title = "{HOSTILE[2]}"\n{settings}', encoding="utf-8")
    return result.write(panhuo.solve(panhuo.read(folder)), folder.parent / "out")
