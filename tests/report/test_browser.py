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
NAMES = ("images", "series", "one_replicate", "one_depth", "many_depths", "diverged")
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

    def __init__(self, browser, experiment, width, dark):
        self.browser, self.address = (
            browser,
            (experiment.folder / "results/report/index.html").as_uri(),
        )
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
        assert self.run("return document.documentElement.dataset.drawn") == "true"

    def command(self, name, arguments):
        return self.browser.execute_cdp_cmd(name, arguments)

    def resize(self, width):
        self.command(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
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

    def overflow(self):
        return self.run(
            "const root = document.documentElement; return root.scrollWidth - root.clientWidth"
        )


@pytest.fixture
def opened(browser, experiments):
    def make(name="images", width=DESKTOP, dark=False):
        return Page(browser, experiments[name], width, dark)

    return make


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, True)])
def test_it_opens_quietly_and_draws_every_figure(opened, experiments, name, width, dark):
    page = opened(name, width, dark)
    asked = {url for url in page.requests() if not url.startswith(("data:", "blob:"))}
    assert asked == {page.address}
    assert page.browser.get_log("browser") == []
    answer = (experiments[name].folder / "results/answer.txt").read_text().splitlines()[0]
    assert page.run("return document.querySelector('.answer').textContent") == answer
    drawn = page.run(
        """return [...document.querySelectorAll('.plot')].map((plot) => {
          const box = plot.getBoundingClientRect();
          const marks = plot.querySelectorAll('.main-svg .cartesianlayer .subplot').length;
          return [plot.id, marks, plot.layout.meta.panels, box.width, box.height];
        })"""
    )
    assert len(drawn) >= 4
    for figure, subplots, panels, across, high in drawn:
        assert subplots == panels, figure
        assert 0 < across <= width
        assert high > 100, figure
    assert page.overflow() == 0


def luminance(page, selector, what):
    script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    numbers = page.run(script, selector, what).split("(")[1].rstrip(")").split(",")[:3]
    return sum(map(float, numbers)) / 3 / 255


@pytest.mark.parametrize("dark", [False, True])
def test_the_theme_follows_the_system_and_the_button(opened, dark):
    page = opened(dark=dark)
    for now in (dark, not dark, dark):
        assert (luminance(page, "body", "backgroundColor") < 0.5) == now
        assert (luminance(page, "body", "color") < 0.5) != now
        assert (luminance(page, "#plot-loss .main-svg", "backgroundColor") < 0.5) == now
        page.run("document.getElementById('theme').click()")
    assert page.browser.get_log("browser") == []


def test_panels_move_below_each_other_on_a_phone(opened):
    wide = "return document.getElementById('plot-loss').layout.grid.columns"
    assert opened(width=DESKTOP).run(wide) == 2
    assert opened(width=PHONE).run(wide) == 1


def test_no_text_of_a_figure_leaves_it(opened):
    for width in (DESKTOP, PHONE):
        beyond = opened(width=width).run(
            """return [...document.querySelectorAll('.plot')].flatMap((plot) => {
              const box = plot.getBoundingClientRect();
              return [...plot.querySelectorAll('text')].filter((text) => {
                const own = text.getBoundingClientRect();
                return own.width && (own.right > box.right + 2 || own.left < box.left - 2);
              }).map((text) => plot.id + ': ' + text.textContent);
            })"""
        )
        assert beyond == []


def test_hover_shows_the_numbers(opened):
    page = opened()
    text = page.run(
        """const plot = document.getElementById('plot-loss');
        Plotly.Fx.hover(plot, [{ curveNumber: 1, pointNumber: 1 }]);
        return plot.querySelector('.hoverlayer').textContent"""
    )
    assert "mean train loss" in text
    assert "95 % interval" in text


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_each_figure_can_be_saved(opened, tmp_path, kind):
    page = opened()
    saved = page.browser.execute_async_script(
        """const done = arguments[arguments.length - 1];
        const plots = [...document.querySelectorAll('.plot')];
        Promise.all(plots.map((plot) => Plotly.toImage(plot, {
          format: arguments[0], width: plot.layout.width, height: plot.layout.height,
        }))).then(done, (error) => done(String(error)))""",
        kind,
    )
    buttons = page.run(
        "return document.querySelectorAll(`button[data-save=${arguments[0]}]`).length", kind
    )
    assert isinstance(saved, list)
    assert len(saved) == buttons
    assert all(image.startswith(f"data:image/{kind}") for image in saved)
    assert page.browser.get_log("browser") == []


def test_on_paper_it_is_light_and_fits(opened):
    page = opened(dark=True)
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert luminance(page, "body", "backgroundColor") > 0.5
    assert (
        page.run(
            "return Math.max(...[...document.querySelectorAll('.plot')].map((p) => p.layout.width))"
        )
        == 660
    )
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert luminance(page, "body", "backgroundColor") < 0.5
