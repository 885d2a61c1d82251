"""The page in a browser with the network cut: it works, asks for nothing, and fits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from panhuo.result import Result
from panhuo.result.page import document
from panhuo.result.page.speech import REASONS

from .conftest import HOSTILE, Open

LAYERS = (
    "circles", "covered", "new", "lost", "open", "far", "existing", "closed", "keep", "convert", "rebuild", "add", "others",
    "rejected", "reached", "area",
)  # fmt: skip
_PLOT = "const view = Object.values(Bokeh.index)[0] ?? Bokeh.index.roots[0];"
_LAYER = _PLOT + "const layer = (name) => view.model.renderers.find((r) => r.name === name);"
_FITS = "[document.documentElement.scrollWidth, window.innerWidth]"


def _count(layer: str) -> str:
    return f"() => {{ {_LAYER} return Object.values(layer('{layer}').data_source.data)[0].length; }}"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 1920])
def test_it_opens_and_fits(files: dict[str, Path], opened: Open, lang: str, width: int) -> None:
    with opened(files[lang], width) as at:
        inside, window = at.run(_FITS)
        assert inside <= window
        boxes = at.run(
            "[...document.querySelectorAll('main *')].filter((e) => !e.closest('.scroll, .room-scroll, svg, .hidden, #map'))"
            ".map((e) => e.getBoundingClientRect().right)"
        )
        assert max(boxes) <= window
        assert (
            at.run(
                "[...document.querySelectorAll('.scroll, .room-scroll')].filter((e) => e.scrollWidth > e.clientWidth)"
                ".map((e) => e.ariaLabel)"
            )
            == []
        )
        spilt = at.run(
            "[...document.querySelectorAll('main dd, main dt, main p, main td, main th, main button, main legend, .bar-said')]"
            ".filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.clientWidth)"
            ".map((e) => e.textContent)"
        )
        assert spilt == []
        assert at.run("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
        assert at.run(_count("new")) > 0


def test_people_of_every_state_are_drawn(files: dict[str, Path], hillside: Result, opened: Open) -> None:
    demand = hillside.demand
    with opened(files["en"]) as at:
        for service in ("canteen", "clinic"):
            at.page.select_option("#service", service)
            rows = demand[demand["service"] == service]
            half = rows["persons"] / 2
            was, now = rows["before_persons"] >= half, rows["after_persons"] >= half
            assert at.run(_count("covered")) == (was & now).sum()
            assert at.run(_count("new")) == (now & ~was).sum()
            assert at.run(_count("lost")) == (was & ~now).sum()
            left = ~was & ~now
            assert at.run(_count("far")) == (left & (rows["unreachable_persons"] >= half)).sum()
            assert at.run(_count("open")) == (left & ~(rows["unreachable_persons"] >= half)).sum()
            chosen = hillside.plan[hillside.plan["service"] == service]
            drawn = sum(at.run(_count(mode)) for mode in ("keep", "convert", "rebuild", "add"))
            assert drawn == chosen["site"].nunique()


def test_rooms_that_are_not_chosen_say_why(files: dict[str, Path], hillside: Result, opened: Open) -> None:
    left = hillside.sites[hillside.sites["chosen"] != "yes"].set_index("site")
    with opened(files["en"]) as at:
        drawn = at.run(f"() => {{ {_LAYER} return layer('rejected').data_source.data; }}")
        assert [hillside.sites["site"].iloc[row] for row in drawn["row"]] == list(left.index)
        reasons = [REASONS[key].to("en") for key in left["reason"]]
        assert drawn["first"] == reasons
        assert drawn["second"] == [detail.to("en") for detail in left["detail"]]
        at.page.select_option("#which", "no")
        rows = at.page.locator("#rooms tbody tr").all_inner_texts()
        assert len(rows) == len(left)
        for text, reason, detail in zip(rows, reasons, left["detail"], strict=True):
            assert reason in text
            assert detail.to("en") in text


def test_layers_toggle(files: dict[str, Path], opened: Open) -> None:
    with opened(files["en"]) as at:
        visible = f"(name) => {{ {_LAYER} return layer(name === 'area' ? 'streets' : name).visible; }}"
        for name in LAYERS:
            box = at.page.locator(f"[data-layer={name}]")
            before = at.run(visible, name)
            assert before == box.is_checked()
            box.focus()
            at.page.keyboard.press("Space")
            assert at.run(visible, name) is not before
            box.click()
            assert at.run(visible, name) is before


def test_a_row_selects_its_room_and_the_map_goes_there(files: dict[str, Path], hillside: Result, opened: Open) -> None:
    site = hillside.plan["site"].iloc[0]
    where = f"() => {{ {_PLOT} const p = view.model; return [p.x_range.start, p.x_range.end]; }}"
    with opened(files["en"]) as at:
        before = at.run(where)
        at.page.locator(f"tr[data-id={site}] .pick").press("Enter")
        assert at.page.locator(f"tr[data-id={site}].picked-row").count() == 1
        assert at.page.locator(f"tr[data-id={site}] .pick").get_attribute("aria-pressed") == "true"
        start, end = at.run(where)
        assert end - start < before[1] - before[0]
        x = at.run(f"() => {{ {_LAYER} return layer('picked').data_source.data.x[0]; }}")
        assert (start + end) / 2 == pytest.approx(x)
        served = hillside.allocation
        service = at.run("document.getElementById('service').value")
        mine = served[(served["place"] == site) & (served["service"] == service)]
        assert at.run(_count("reached")) == mine["demand"].nunique() > 0
        assert at.run(_count("streets")) > 10
        assert at.run(_count("rings")) == 0
        assert "minutes at most, along the streets" in at.page.inner_text("#picked")
        assert hillside.instance["sites"].set_index("id").at[site, "name"] in at.page.inner_text("#picked")
        at.page.click("#clear")
        assert at.page.locator(".picked-row").count() == 0
        assert at.run(_count("reached")) == at.run(_count("streets")) == 0


def test_a_room_on_the_map_selects_its_row(files: dict[str, Path], hillside: Result, opened: Open) -> None:
    with opened(files["en"], 1920, 1080) as at:
        service = at.run("document.getElementById('service').value")
        chosen = hillside.plan[hillside.plan["service"] == service]
        mode = chosen["mode"].iloc[0]
        at.page.locator("#map").scroll_into_view_if_needed()
        x, y, row = at.run(
            f"(mode) => {{ {_LAYER} const d = layer(mode).data_source.data;"
            "const box = document.getElementById('map').getBoundingClientRect(), f = view.frame;"
            "return [box.x + f.x_scale.compute(d.x[0]), box.y + f.y_scale.compute(d.y[0]), d.row[0]]; }",
            mode,
        )
        site = hillside.sites["site"].iloc[row]
        assert site in set(chosen["site"])
        at.page.mouse.click(x, y)
        at.page.wait_for_selector(f"tr[data-id={site}].picked-row")
        assert at.run(_count("picked")) == 1


def test_keys_move_the_map(files: dict[str, Path], opened: Open) -> None:
    where = f"() => {{ {_PLOT} const p = view.model; return [p.x_range.start, p.x_range.end, p.y_range.start, p.y_range.end]; }}"
    with opened(files["en"]) as at:
        whole = at.run(where)
        across = (whole[1] - whole[0]) / at.run(f"() => {{ {_PLOT} return view.frame.bbox.width; }}")
        down = (whole[3] - whole[2]) / at.run(f"() => {{ {_PLOT} return view.frame.bbox.height; }}")
        assert across == pytest.approx(down)  # metres a pixel
        at.page.locator("#frame").press("ArrowRight")
        assert at.run(where)[0] > whole[0]
        at.page.locator("#frame").press("+")
        assert at.run(where)[1] - at.run(where)[0] == pytest.approx(0.7 * (whole[1] - whole[0]))
        at.page.locator("#frame").press("0")
        assert at.run(where) == pytest.approx(whole)


def test_the_table_sorts_and_sifts(files: dict[str, Path], hillside: Result, opened: Open) -> None:
    ids = "[...document.querySelectorAll('#rooms tbody tr')].filter((r) => !r.hidden).map((r) => r.dataset.id)"
    with opened(files["en"]) as at:
        chosen = list(hillside.sites["site"][hillside.sites["chosen"] == "yes"])
        assert at.run(ids) == chosen
        at.page.select_option("#which", "")
        assert sorted(at.run(ids)) == sorted(hillside.sites["site"])
        at.page.select_option("#which", "yes")
        capital = hillside.sites.set_index("site")["capital_cny"]
        at.page.click("#rooms thead th:nth-child(5) button")
        assert [capital[i] for i in at.run(ids)] == sorted(capital[chosen], reverse=True)
        at.page.click("#rooms thead th:nth-child(5) button")
        assert [capital[i] for i in at.run(ids)] == sorted(capital[chosen])
        assert at.page.get_attribute("#rooms thead th:nth-child(5)", "aria-sort") == "ascending"
        at.page.fill("#search", chosen[0].lower())
        assert at.run(ids) == [chosen[0]]


def test_the_table_has_pages_where_rooms_are_many(
    hillside: Result, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "PAGE", 7)
    document.write_page(hillside, tmp_path / "many.html")
    ids = "[...document.querySelectorAll('#rooms tbody tr')].map((r) => r.dataset.id)"
    with opened(tmp_path / "many.html") as at:
        assert not at.page.locator("#on").is_visible() or at.page.locator("#on").is_disabled()
        at.page.select_option("#which", "")
        assert at.page.inner_text("#count") == "1–7 of 18 rooms, 18 in all"
        seen = at.run(ids)
        for _ in range(2):
            at.page.click("#on")
            seen += at.run(ids)
        assert at.page.inner_text("#count") == "15–18 of 18 rooms, 18 in all"
        assert at.page.locator("#on").is_disabled()
        assert sorted(seen) == sorted(hillside.sites["site"])
        at.run(f"(id) => {{ {_LAYER} const s = layer('rejected').data_source; s.selected.indices = [0]; }}", None)
        picked = at.page.locator(".picked-row")
        picked.wait_for()
        rejected = hillside.sites["site"][hillside.sites["chosen"] != "yes"]
        assert picked.get_attribute("data-id") == rejected.iloc[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_prints(files: dict[str, Path], opened: Open, lang: str) -> None:
    with opened(files[lang], 1040) as at:  # A4 across, less its margins
        at.run("window.dispatchEvent(new Event('beforeprint'))")
        at.page.emulate_media(media="print")
        inside, window = at.run(_FITS)
        assert inside <= window
        cut = at.run(
            "[...document.querySelectorAll('.scroll, .room-scroll')]"
            ".filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).length"
        )
        assert cut == 0
        picture = at.page.locator(".print-map")
        assert picture.is_visible()
        assert at.run("document.querySelector('.print-map').naturalWidth") > 500
        assert at.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_names_are_shown_as_they_are_written(hostile: Path, opened: Open) -> None:
    with opened(hostile / "report.html") as at:
        at.page.select_option("#which", "")
        shown = at.page.locator("#rooms .pick").all_inner_texts()
        assert sorted(shown) == sorted(HOSTILE)
        for site in ("S1", "S2", "S3"):
            at.page.click(f"tr[data-id={site}] .pick")
            assert any(name in at.page.inner_text("#picked") for name in HOSTILE)
            assert re.search(r"[<=]", at.page.inner_text("#picked"))
        assert at.page.title().startswith(HOSTILE[2])
        assert at.page.inner_text("h1") == HOSTILE[2]
        story = at.page.inner_text(".story")
        assert any(name in story for name in HOSTILE), "the circle furthest behind"
        assert at.run(f"() => {{ {_LAYER} return layer('circles').data_source.data.title; }}") == list(HOSTILE[:2])
        assert at.run("document.querySelectorAll('main script, main img:not(.print-map)').length") == 0


@pytest.mark.parametrize("service", ["canteen", "clinic", "culture"])
def test_a_hover_shows_names_as_they_are_written(hostile: Path, opened: Open, service: str) -> None:
    with opened(hostile / "report.html", 1920, 1080) as at:
        at.page.select_option("#service", service)
        at.page.locator("#map").scroll_into_view_if_needed()
        x, y, name = at.run(
            f"() => {{ {_LAYER} const modes = ['keep', 'convert', 'rebuild', 'add'];"
            "const d = modes.map((m) => layer(m).data_source.data).find((d) => d.x.length);"
            "const box = document.getElementById('map').getBoundingClientRect(), f = view.frame;"
            "return [box.x + f.x_scale.compute(d.x[0]), box.y + f.y_scale.compute(d.y[0]), d.title[0]]; }"
        )
        assert name in HOSTILE
        at.page.mouse.move(x - 3, y)
        at.page.mouse.move(x, y)
        at.page.wait_for_selector(".bk-Tooltip b")
        assert name in at.page.locator(".bk-Tooltip b").all_inner_texts()


def test_what_a_reader_of_the_screen_meets(files: dict[str, Path], opened: Open) -> None:
    with opened(files["en"]) as at:
        assert at.run("[...document.querySelectorAll('table')].every((t) => t.caption && t.caption.textContent.trim())")
        assert at.run("[...document.querySelectorAll('thead th')].every((h) => h.scope === 'col')")
        assert at.run("document.querySelectorAll('main').length") == 1
        unnamed = at.run(
            "[...document.querySelectorAll('button, select, input, [tabindex=\"0\"]')].filter((e) => !(e.getAttribute('aria-label')"
            " || e.textContent.trim() || (e.labels && e.labels.length && e.labels[0].textContent.trim()))).length"
        )
        assert unnamed == 0
        at.page.keyboard.press("Tab")
        assert at.run("document.activeElement.className") == "skip"
        at.page.keyboard.press("Enter")
        assert at.run("location.hash") == "#map-section"
