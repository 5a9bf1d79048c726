"""The page in a real browser, without a network: drawn, quiet, in both themes, at two widths."""

import json
import shutil

import pytest

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
        """Until everything is drawn."""
        self.browser.set_script_timeout(30)
        self.browser.execute_async_script(
            """const done = arguments[0];
            (function look() {
              if (document.documentElement.dataset.drawn) done(); else setTimeout(look, 10);
            })()"""
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
    asked = {url for url in page.requests() if not url.startswith(("data:", "blob:"))}
    assert asked == {page.address}
    assert page.browser.get_log("browser") == []
    answer = (page.experiment.folder / "results/answer.txt").read_text().splitlines()[0]
    assert page.run("return document.querySelector('.answer').textContent") == answer
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
    rows = """return new Set([...document.querySelectorAll('#plot-loss .role-scope.cell > g')].map(
      (cell) => Math.round(cell.getBoundingClientRect().top))).size"""
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


def test_the_theme_follows_the_system_and_the_button_and_paper_is_light(page):
    def change(script, *arguments):
        page.run("delete document.documentElement.dataset.drawn;" + script, *arguments)
        page.wait()

    assert not page.is_dark()
    change("document.getElementById('theme').click()")
    assert page.is_dark()
    change("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.is_dark()
    widths = page.run(
        "return [...document.querySelectorAll('.plot svg')].map((s) => s.clientWidth)"
    )
    assert max(widths) <= 660
    change("window.dispatchEvent(new Event('afterprint'))")
    assert page.is_dark()
    change("document.getElementById('theme').click()")
    assert not page.is_dark()
    assert page.browser.get_log("browser") == []
