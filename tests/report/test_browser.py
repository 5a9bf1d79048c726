"""The page in a real browser, without a network: drawn, quiet, in both themes, at two widths."""

import json
import shutil

import altair as alt
import pytest

from depthgauge.report.charts.chart import Figure

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = (
    *("images", "series", "sequences", "letters"),
    *("one_replicate", "one_depth", "many_depths", "diverged"),
)
PHONE, DESKTOP = 390, 1200

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver on the PATH"
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Page:
    """A page that was opened; requests, messages: what it asked for and said since."""

    def __init__(self, browser, experiments, name, width, dark):
        self.browser, self.name, self.width = browser, name, width
        self.experiment = experiment = experiments[name]
        self.address = (experiment.folder / "results/report/index.html").as_uri()
        self.command("Network.enable", {})
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self.command("Network.emulateNetworkConditions", offline)
        self.resize(width)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", {"features": [scheme]})
        browser.get("about:blank")
        browser.get_log("performance")
        browser.get_log("browser")
        browser.get(self.address)
        self.wait()

    def command(self, name, arguments):
        return self.browser.execute_cdp_cmd(name, arguments)

    def resize(self, width):
        self.command(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )

    def wait(self):
        """Until everything that is near is drawn."""
        self.browser.set_script_timeout(30)
        self.browser.execute_async_script(
            """const done = arguments[0];
            (function look() {
              const drawn = document.documentElement.dataset.drawn && !working;
              if (drawn) done(); else setTimeout(look, 10);
            })()"""
        )

    def read_through(self):
        """Unfold everything and go to each figure."""
        self.browser.set_script_timeout(60)
        self.browser.execute_async_script(
            """const done = arguments[0];
            for (const part of document.querySelectorAll('details')) part.open = true;
            (function look() {
              const plots = [...document.querySelectorAll('.plot')];
              const left = plots.find((plot) => !plot.querySelector('svg, canvas'));
              if (!left && !working) return done();
              if (left) left.scrollIntoView();
              setTimeout(look, 20);
            })()"""
        )

    def choose(self, name, value):
        """Press a switch of a figure."""
        self.run(
            """const input = document.querySelector(
              `[name='${arguments[0]}'][value='${arguments[1]}']`);
            if (input.checked) return;
            delete document.documentElement.dataset.drawn;
            input.click()""",
            *(name, value),
        )
        self.wait()

    def settle(self, name):
        """Until what a signal changes is drawn."""
        self.browser.execute_async_script(
            "views['plot-' + arguments[0]].view.runAsync().then(() => arguments[1]())", name
        )

    def slide(self, name, place):
        """Move a slider; the sentence that stands below it."""
        return self.run(
            """const input = document.getElementById('slider-' + arguments[0]);
            input.value = arguments[1];
            input.dispatchEvent(new Event('input'));
            return input.closest('figure').querySelector('.step').textContent""",
            *(name, place),
        )

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def requests(self):
        messages = [json.loads(entry["message"]) for entry in self.browser.get_log("performance")]
        events = [message["message"] for message in messages]
        return {
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        }

    def luminance(self, selector, what):
        script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
        numbers = self.run(script, selector, what).split("(")[1].rstrip(")").split(",")[:3]
        return sum(map(float, numbers)) / 3 / 255

    def is_dark(self):
        """Of the page, its text and its figures, which must agree."""
        looks = {
            self.luminance("body", "backgroundColor") < 0.5,
            self.luminance("body", "color") >= 0.5,
            self.luminance("#plot-loss svg", "backgroundColor") < 0.5,
        }
        assert len(looks) == 1
        return looks.pop()


def look(page):
    """Whatever page it is: quiet, every figure drawn, nothing beyond its place."""
    drawn = "return document.querySelectorAll('.plot svg, .plot canvas').length"
    assert 0 < page.run(drawn) < page.run("return document.querySelectorAll('.plot').length")
    page.read_through()
    asked = {url for url in page.requests() if not url.startswith(("data:", "blob:"))}
    assert asked == {page.address}
    assert page.browser.get_log("browser") == []
    answer = (page.experiment.folder / "results/answer.txt").read_text().splitlines()[0]
    said = "return [...document.querySelectorAll('.answer')].map((p) => p.textContent).join(' ')"
    assert page.run(said) == answer
    drawn = page.run(
        """return [...document.querySelectorAll('.plot')].map((plot) => {
          const box = plot.getBoundingClientRect(), own = plot.querySelector('svg, canvas');
          const marks = plot.querySelectorAll('.role-mark path');
          return [plot.id, own.getBoundingClientRect().width, box.width, box.height, marks.length,
                  own.localName];
        })"""
    )
    assert len(drawn) >= 3
    for figure, own, across, high, marks, kind in drawn:
        assert 0 < own <= across <= page.width, figure
        assert own > 0.85 * across, figure
        assert high > 100, figure
        empty = kind == "canvas" or page.name == "diverged"
        assert marks or empty, figure
    assert page.run("return document.documentElement.scrollWidth") <= page.width
    beyond = page.run(
        """return [...document.querySelectorAll('.plot')].flatMap((plot) => {
          const box = plot.getBoundingClientRect();
          return [...plot.querySelectorAll('text')].filter((text) => {
            const own = text.getBoundingClientRect();
            const shown = own.width && getComputedStyle(text).opacity > 0;
            return shown && (own.right > box.right + 2 || own.left < box.left - 2);
          }).map((text) => plot.id + ': ' + text.textContent);
        })"""
    )
    assert beyond == []


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_quietly_and_draws_every_figure(browser, experiments, name):
    """On a dark phone; the wide page in the light is the next one's."""
    look(Page(browser, experiments, name, PHONE, dark=True))


@pytest.fixture(scope="module")
def page(browser, experiments):
    """The page with most in it, opened once."""
    return Page(browser, experiments, "images", DESKTOP, dark=False)


def test_on_a_wide_page_too(page):
    look(page)
    assert page.run("return location.hash") == ""
    rows = """return new Set([...document.querySelectorAll('#plot-loss .role-scope.cell > g')].map(
      (cell) => Math.round(cell.getBoundingClientRect().top))).size"""
    assert page.run(rows) == 1
    page.choose("loss-views", "all")
    assert page.run(rows) == 2
    page.resize(PHONE)
    try:
        page.run("delete document.documentElement.dataset.drawn")
        page.wait()
        assert page.run(rows) == 3
    finally:
        page.resize(DESKTOP)
        page.run("delete document.documentElement.dataset.drawn")
        page.wait()
        page.choose("loss-views", "first")


def ticks(page):
    """The labels of the first vertical axis of the main figure."""
    axis = "document.querySelectorAll('#plot-loss .role-axis-label')"
    return page.run(
        f"return [...{axis}].map((one) => [...one.querySelectorAll('text')].map("
        "(text) => text.textContent))"
    )


def test_switches_change_the_axis_the_panels_and_the_measure(page):
    page.choose("loss-axis", "linear")
    linear = ticks(page)
    page.choose("loss-axis", "log")
    assert ticks(page) != linear
    page.choose("loss-axis", "linear")
    assert ticks(page) == linear
    page.choose("loss-views", "all")
    shared = ticks(page)
    page.choose("loss-panels", "own")
    assert ticks(page) != shared
    page.choose("loss-axis", "log")
    for name, value in (("panels", "shared"), ("views", "first"), ("axis", "linear")):
        page.choose(f"loss-{name}", value)
    assert ticks(page) == linear
    own = page.run("return document.getElementById('caption-loss').textContent")
    page.choose("loss-measure", "accuracy")
    assert "accuracy" in page.run("return document.getElementById('title-loss').textContent")
    link = "return document.querySelector('#figure-loss a[download]')"
    assert page.run(f"{link}.download") == "accuracy.csv"
    assert "accuracy" in page.run(f"{link}.href")
    page.choose("loss-measure", "loss")
    assert page.run(f"{link}.download") == "loss.csv"
    assert page.run("return document.getElementById('caption-loss').textContent") == own
    assert page.browser.get_log("browser") == []


def test_a_replicate_under_the_pointer_is_drawn_through_all_points(page):
    held = "return views['plot-loss'].view.signal('held')"
    count = "return document.querySelectorAll('#plot-loss .mark-line path').length"
    before = page.run(count)
    assert page.run(held) == -1
    place = page.run(
        """document.getElementById('plot-loss').scrollIntoView({ block: 'center' });
        for (const mark of document.querySelectorAll('#plot-loss .mark-symbol.role-mark path')) {
          const box = mark.getBoundingClientRect();
          const at = [box.x + box.width / 2, box.y + box.height / 2];
          const seen = document.elementFromPoint(...at) === mark;
          if (seen && !mark.getAttribute('aria-label')) return at;
        }"""
    )
    page.command("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": place[0], "y": place[1]})
    page.settle("loss")
    assert page.run(held) >= 0
    # Of train and of test loss.
    assert page.run(count) == before + 2
    page.command("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 2, "y": 2})
    page.settle("loss")
    assert page.run(held) == -1


def test_sliders_step_through_epochs_and_replicates(page):
    for name in ("arising", "luck"):
        drawn = (
            f"return [...document.querySelectorAll('#plot-{name} .mark-line path')].map("
            "(path) => path.getAttribute('d')).join()"
        )
        page.run(f"document.getElementById('plot-{name}').scrollIntoView()")
        page.wait()
        last = page.run(drawn)
        said = page.slide(name, 0)
        assert "first" in said if name == "luck" else "After epoch 1 of" in said
        page.settle(name)
        assert page.run(drawn) != last
        # It stays there when the axis is another.
        page.choose(f"{name}-axis", "log")
        assert page.run(f"return views['plot-{name}'].view.signal('step')") == 1
        page.slide(name, 10_000)
    page.run("document.querySelector('[data-play]').click()")
    assert page.run("return document.querySelector('[data-play]').textContent") == "Stop"
    page.run("document.querySelector('[data-play]').click()")
    assert page.run("return document.querySelector('[data-play]').textContent") == "Play"
    assert page.browser.get_log("browser") == []


def test_a_link_to_a_folded_part_opens_it(page):
    folded = "return document.getElementById('figure-accuracy').closest('details').open"
    page.run("document.getElementById('figure-accuracy').closest('details').open = false")
    page.run("location.hash = 'figure-accuracy'")
    page.browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert page.run(folded)


def test_no_table_is_wider_than_the_page(page):
    """On a phone a row is a list, so that no column is out of sight."""
    wide = (
        "return [...document.querySelectorAll('.stack')].filter((table) => "
        "table.scrollWidth > table.closest('.wide').clientWidth + 1).length"
    )
    assert page.run(wide) == 0
    page.resize(PHONE)
    try:
        assert page.run(wide) == 0
        labels = (
            "return [...document.querySelectorAll('.stack td')].filter((d) => !d.dataset.label)"
        )
        assert page.run(labels) == []
    finally:
        page.resize(DESKTOP)
        page.wait()


def test_hover_shows_the_numbers(page):
    place = page.run(
        """const mark = [...document.querySelectorAll('#plot-loss .mark-symbol.role-mark path')]
          .filter((path) => path.getAttribute('aria-label')).at(-1);
        mark.scrollIntoView({ block: 'center' });
        const box = mark.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]"""
    )
    move = {"type": "mouseMoved", "x": place[0], "y": place[1]}
    page.command("Input.dispatchMouseEvent", move)
    said = page.run("return document.getElementById('vg-tooltip-element').textContent")
    assert "mean loss" in said
    assert "95 % interval" in said


def test_each_figure_can_be_saved(page):
    saved = page.browser.execute_async_script(
        """const done = arguments[0], found = [];
        HTMLAnchorElement.prototype.click = function () { found.push([this.download, this.href]); };
        for (const button of document.querySelectorAll("button[data-save]")) button.click();
        const buttons = document.querySelectorAll("button[data-save]").length;
        (function look() {
          if (found.length < buttons) setTimeout(look, 10); else done(found);
        })()"""
    )
    assert len(saved) == 2 * page.run("return document.querySelectorAll('.plot').length")
    for name, address in saved:
        kind = name.rpartition(".")[2]
        assert address.startswith("blob:" if kind == "svg" else "data:image/png"), name
    assert page.browser.get_log("browser") == []


def test_the_table_is_read_as_it_was_written(page):
    read = page.run(
        """const csv = 'a,b,c\\n"x, ""y""\\nz",1.5,\\n,,2\\n';
        return rowsOf(csv, { b: "number", c: "number" })"""
    )
    assert read == [{"a": 'x, "y"\nz', "b": 1.5, "c": None}, {"a": "", "b": None, "c": 2}]


@pytest.mark.parametrize("text", ["=1+1", "'=1", "\t'x", "-x", "plain", "'tis", " @x", '\r"y'])
def test_a_name_that_is_no_formula_in_the_table_is_itself_on_the_page(page, text):
    figure = Figure("f", "", "", alt.Chart(), [{"name": text, "number": -1.5}])
    read = page.run("return rowsOf(arguments[0], { number: 'number' })", figure.csv)
    assert read == [{"name": text, "number": -1.5}]


def test_the_theme_follows_the_system_and_the_button_and_paper_is_light(page):
    def change(script, *arguments):
        page.run("delete document.documentElement.dataset.drawn;" + script, *arguments)
        page.wait()

    assert not page.is_dark()
    change("document.getElementById('theme').click()")
    assert page.is_dark()
    change("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.is_dark()
    # Paper shows every view, whatever is chosen.
    views = "return new Set([...document.querySelectorAll('#plot-loss .role-scope.cell > g')]).size"
    assert page.run(views) > 1
    assert page.run("return document.querySelectorAll('details:not([open])').length") == 0
    widths = page.run(
        "return [...document.querySelectorAll('.plot svg')].map((s) => s.clientWidth)"
    )
    assert max(widths) <= 660
    change("window.dispatchEvent(new Event('afterprint'))")
    assert page.is_dark()
    change("document.getElementById('theme').click()")
    assert not page.is_dark()
    assert page.browser.get_log("browser") == []
