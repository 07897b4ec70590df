//! The pages that `tenure` writes, in a real browser. Where there is no Chromium, the tests say so and do nothing.

use crate::support::{Folder, command, printed};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Begins before any other script of the page: what goes wrong is noted.
const LISTEN: &str = "<script>window.problems = [];
addEventListener('error', event => problems.push(String(event.message)));
const complain = console.error;
console.error = (...words) => { problems.push(words.join(' ')); complain(...words); };</script>";

fn browser() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        eprintln!("note: no Chromium here: the page is not tested");
    }
    found
}

/// A page in a folder of its own.
struct Page(Folder);

impl Page {
    /// The page that `tenure` writes for these arguments, behind which the page's file comes. It takes milliseconds.
    fn of(arguments: &[&str]) -> Self {
        let page = Page(Folder::new());
        let output = command().args(arguments).arg(page.file()).output();
        printed(&output.expect("the command starts"));
        page
    }

    fn file(&self) -> PathBuf {
        self.0.root().join("page.html")
    }

    /// What `script` returns once the page has loaded, and what went wrong on the page up to then.
    fn ask(&self, browser: &str, script: &str) -> (Value, Vec<Value>) {
        let page = self.0.text("page.html");
        let ask = format!(
            "<script>addEventListener('load', () => setTimeout(async () => {{
                const answer = await (async () => {{ {script} }})();
                const said = document.createElement('output');
                said.id = 'answer';
                said.textContent = JSON.stringify([answer, problems]);
                document.body.append(said);
            }}, 50));</script></body>"
        );
        let asking = page.replacen("<head>", &format!("<head>{LISTEN}"), 1).replacen("</body>", &ask, 1);
        self.0.write("asking.html", asking);
        answer(&self.dom(browser))
    }

    fn dom(&self, browser: &str) -> String {
        let url = format!("file://{}", self.0.path("asking.html"));
        let profile = format!("--user-data-dir={}", self.0.path("profile"));
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1200,900",
            "--virtual-time-budget=5000",
        ];
        let output = Command::new(browser).args(arguments).args([&profile, "--dump-dom", &url]).output();
        String::from_utf8(output.expect("the browser starts").stdout).expect("the page is UTF-8")
    }
}

/// Answers hold nothing that a browser would write otherwise: no `<`, `>` or `&`.
fn answer(dom: &str) -> (Value, Vec<Value>) {
    let start = dom.find("id=\"answer\">").expect("the script has run") + "id=\"answer\">".len();
    let text = &dom[start..start + dom[start..].find('<').expect("the element ends")];
    serde_json::from_str(text).expect("the answer is JSON")
}

/// Checks what `script` returns on a page of two runs, and that nothing goes wrong on the page.
#[track_caller]
fn check(script: &str, expected: Value) {
    check_page(&[&RUN[..], &["--html"]].concat(), script, expected);
}

/// Checks the same of the page that `tenure` writes for these arguments.
#[track_caller]
fn check_page(arguments: &[&str], script: &str, expected: Value) {
    let Some(browser) = browser() else { return };
    assert_eq!(Page::of(arguments).ask(browser, script), (expected, vec![]));
}

/// Two runs.
const RUN: [&str; 11] = [
    "run",
    "ring",
    "splay",
    "--set",
    "pushes=100000",
    "--set",
    "window=2000",
    "--semi-space",
    "256KiB",
    "--clock",
    "modelled",
];

/// Moves the pointer over the first chart, presses it there and lets it go `by` pixels further.
const POINTER: &str = "
    const over = document.querySelector('.u-over');
    const settled = () => new Promise(done => setTimeout(done, 50));
    const pointer = (type, x) => {
        const box = over.getBoundingClientRect();
        const at = {bubbles: true, clientX: box.left + x, clientY: box.top + 50, button: 0, movementX: 1};
        (type === 'mouseup' ? document : over).dispatchEvent(new MouseEvent(type, at));
    };";

#[test]
fn every_pause_is_a_point_and_every_chart_is_drawn() {
    let script = "
        const figures = tenure.page.runs[0].charts.pauses;
        const plot = tenure.charts()[0];
        const points = plot.data.slice(1).flat().filter(ns => ns !== null).length;
        const blank = tenure.charts().filter(plot => {
            const {width, height} = plot.ctx.canvas;
            return plot.ctx.getImageData(0, 0, width, height).data.every(byte => byte === 0);
        });
        return [points === figures.id.length, points > 20, blank.length, tenure.charts().length > 6];";
    check(script, json!([true, true, 0, true]));
}

#[test]
fn a_click_on_a_pause_shows_its_phases() {
    let script = format!(
        "{POINTER}
        const plot = tenure.charts()[0];
        const at = plot.valToPos(plot.data[0][70], 'x');
        pointer('mousemove', at);
        await settled();
        ['mousedown', 'mouseup', 'click'].forEach(type => pointer(type, at));
        const detail = document.querySelector('.detail');
        return [detail.textContent.startsWith('Pause ' + plot.cursor.idx + ', minor'), Math.abs(plot.cursor.idx - 70) < 4, detail.querySelectorAll('.stack i').length > 1];"
    );
    check(&script, json!([true, true, true]));
}

#[test]
fn a_drag_zooms_all_charts_over_time_and_the_pointer_tells_the_pause() {
    let script = format!(
        "{POINTER}
        const ranges = () => tenure.charts().slice(0, 4).map(plot => plot.scales.x.max - plot.scales.x.min);
        const [all] = ranges();
        pointer('mousemove', 100);
        const hint = document.querySelector('.hint').textContent;
        pointer('mousedown', 100); pointer('mousemove', 300); pointer('mouseup', 300);
        await settled();
        const zoomed = ranges();
        return [hint.includes('pause'), zoomed.every(range => range === zoomed[0]), zoomed[0] < all / 2];"
    );
    check(&script, json!([true, true, true]));
}

#[test]
fn another_run_and_another_theme_can_be_chosen() {
    let script = "
        const theme = () => document.documentElement.dataset.theme;
        const before = theme();
        document.querySelector('header button').click();
        const after = theme();
        const choice = document.querySelector('select');
        choice.value = '1';
        choice.dispatchEvent(new Event('change'));
        dispatchEvent(new Event('hashchange'));
        return [document.querySelector('h1').textContent, before !== after, location.hash];";
    check(script, json!(["splay", true, "#run-2"]));
}

#[test]
fn legends_have_the_colours_of_their_charts_in_any_theme_and_on_paper() {
    let script = "
        const theme = () => document.documentElement.dataset.theme;
        const names = () => [...document.querySelector('.chart').nextElementSibling.querySelectorAll('i')];
        const colourOf = drawn => { const probe = document.createElement('i'); probe.style.background = drawn; return probe.style.background; };
        const agrees = () => {
            const drawn = tenure.charts()[0].series.slice(1).map(series => colourOf(series.stroke()));
            return drawn.length > 0 && names().map(swatch => swatch.style.background).join() === drawn.join();
        };
        const told = () => [theme(), agrees()];
        const light = told();
        document.querySelector('header button').click();
        const dark = told();
        dispatchEvent(new Event('beforeprint'));
        const paper = told();
        dispatchEvent(new Event('afterprint'));
        return [light, dark, paper, told()];";
    let expected = json!([["light", true], ["dark", true], ["light", true], ["dark", true]]);
    check(script, expected);
}

/// A run with large objects and idle time.
const SPACES: [&str; 8] = [
    "run",
    "event_loop",
    "--set",
    "events=4000",
    "--setting",
    "heap.large_object=64KiB",
    "--clock",
    "modelled",
];

#[test]
fn spaces_are_told_apart_and_time_that_was_given_away_is_told() {
    let Some(browser) = browser() else { return };
    let page = Page::of(&[&SPACES[..], &["--html"]].concat());
    let script = "
        const names = element => [...element.querySelectorAll('.legend span')].map(span => span.textContent);
        const card = title => [...document.querySelectorAll('.card')].find(card => card.querySelector('h2') && card.querySelector('h2').textContent === title);
        const [share] = [...document.querySelectorAll('.tile')].filter(tile => tile.textContent.startsWith('program'));
        const pairs = [...document.querySelectorAll('.pair')].filter(pair => pair.children.length);
        const holes = pairs.filter(pair => pair.lastElementChild.getBoundingClientRect().right < pair.getBoundingClientRect().right - 1);
        return [names(card('Memory')), /given to idle pauses$/.test(share.textContent), holes.length];";
    let legend = ["taken by all spaces", "new", "large", "old", "old space collected"];
    assert_eq!(page.ask(browser, script), (json!([legend, true, 0]), vec![]));
}

#[test]
fn points_that_stand_for_several_pauses_are_said_to() {
    let script = "
        const most = Math.max(...tenure.page.runs[0].charts.pauses.count);
        return [most > 1, document.getElementById('page').textContent.includes(`the longest of up to ${most} stops`)];";
    let arguments =
        ["run", "ring", "--set", "pushes=600000", "--set", "window=100", "--semi-space", "256KiB"];
    let Some(browser) = browser() else { return };
    let page = Page::of(&[&arguments[..], &["--clock", "modelled", "--html"]].concat());
    assert_eq!(page.ask(browser, script), (json!([true, true]), vec![]));
}

#[test]
fn a_comparison_lays_curves_over_each_other_and_leads_to_its_runs() {
    let Some(browser) = browser() else { return };
    let log = |name| format!("{}/tests/logs/{name}.log", env!("CARGO_MANIFEST_DIR"));
    let page =
        Page::of(&["compare", &log("hotspot-serial"), &log("hotspot-g1"), &log("v8-trace-gc"), "--html"]);
    let script = "
        const curves = tenure.charts().map(plot => plot.series.length - 1);
        const drawn = tenure.charts().every(plot => {
            const {width, height} = plot.ctx.canvas;
            return plot.ctx.getImageData(0, 0, width, height).data.some(byte => byte !== 0);
        });
        const rows = document.querySelectorAll('tbody tr').length;
        // One run of each is too few to tell.
        const open = document.querySelector('.verdict').className;
        location.hash = '#run-3';
        dispatchEvent(new Event('hashchange'));
        return [curves, drawn, rows > 12, open, document.querySelector('h1').textContent, tenure.charts().length > 4];";
    assert_eq!(
        page.ask(browser, script),
        (json!([[3, 3, 3], true, true, "card verdict open", "V8", true]), vec![])
    );
}

#[test]
fn the_doctor_s_page_shows_the_cure_with_its_proof_below_what_hurts() {
    let Some(browser) = browser() else { return };
    let sick = [
        "doctor",
        "ring",
        "--set",
        "window=2000",
        "--set",
        "pushes=80000",
        "--semi-space",
        "256KiB",
        "--html",
    ];
    let page = Page::of(&sick);
    let script = "
        const text = selector => [...document.querySelectorAll(selector)].map(one => one.textContent);
        const [cure] = text('.treatment .cure > p:nth-child(2)');
        return [text('.treatment .cure pre')[1], /bytes that become old -\\d+ %/.test(cure), text('.verdict > ul > li').length > 1];";
    let flags = "--setting new_space.initial=8MiB --setting new_space.max=8MiB";
    assert_eq!(page.ask(browser, script), (json!([flags, true, true]), vec![]));
}

#[test]
fn a_log_of_another_runtime_shows_what_it_tells() {
    let Some(browser) = browser() else { return };
    let log = format!("{}/tests/logs/v8-trace-gc.log", env!("CARGO_MANIFEST_DIR"));
    let page = Page::of(&["report", &log, "--html"]);
    let script = "
        const text = document.getElementById('page').textContent;
        const absent = ['Phases of pauses', 'became old', 'large objects', 'new space', 'passed'].filter(part => text.includes(part));
        return [absent, text.includes('Scavenge: allocation failure'), text.includes('from a log of V8')];";
    assert_eq!(page.ask(browser, script), (json!([[], true, true]), vec![]));
}

#[test]
fn a_film_of_blocks_shows_another_picture_in_each_frame_and_tells_what_is_under_the_pointer() {
    let script = "
        const canvas = document.querySelector('canvas');
        const picture = () => canvas.toDataURL();
        const bar = document.querySelector('input[type=range]');
        const first = picture();
        bar.value = Number(bar.max);
        bar.dispatchEvent(new Event('input'));
        const last = picture();
        const {at, positions} = tenure.player();
        const box = canvas.getBoundingClientRect();
        canvas.dispatchEvent(new MouseEvent('mousemove', {bubbles: true, clientX: box.left + 5, clientY: box.top + 25}));
        const hint = document.querySelector('.hint').textContent;
        return [first !== last, at === positions.length - 1, positions.length > 30, /page at 0x.*new space/.test(hint), /block at/.test(hint)];";
    let arguments = [&RUN[..], &["--set", "pushes=20000", "--set", "runs=2", "--film"]].concat();
    check_page(&arguments, script, json!([true, true, true, true, true]));
}

#[test]
fn a_film_shows_each_marking_though_idle_time_allocates_nothing() {
    let script = "
        const {frames} = tenure.page.films[0];
        const letters = ['white', 'grey', 'black'].map(name => tenure.page.looks.find(look => look.name === name).letter);
        const isStep = frame => frame.title.startsWith('Step');
        const ends = frames.map((frame, i) => /end of a marking/.test(frame.title) ? i : -1).filter(i => i >= 0);
        const shown = ends.map((end, n) => frames.slice(n ? ends[n - 1] : 0, end).some(isStep));
        const coloured = letters.map(letter => frames.filter(isStep).some(frame => frame.blocks[0].looks.includes(letter)));
        return [ends.length > 1, shown.every(Boolean), ends.every(end => frames[end].sentences.length === 2), coloured];";
    let arguments = ["run", "event_loop", "--set", "events=8000", "--clock", "modelled", "--film"];
    check_page(&arguments, script, json!([true, true, true, [true, true, true]]));
}

#[test]
fn films_of_several_runs_and_themes_can_be_chosen() {
    let script = "
        document.querySelector('header button').click();
        const choice = document.querySelector('select[aria-label=film]');
        choice.value = '1';
        choice.dispatchEvent(new Event('change'));
        dispatchEvent(new Event('hashchange'));
        return [document.querySelector('h1').textContent, document.documentElement.dataset.theme, location.hash];";
    let arguments = [&RUN[..], &["--set", "pushes=10000", "--set", "runs=2", "--film"]].concat();
    check_page(&arguments, script, json!(["splay", "dark", "#film-2"]));
}

/// Presses a key.
const KEYS: &str = "const press = (key, more = {}) => dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, ...more}));";

#[test]
fn a_small_heap_is_stepped_through_object_by_object() {
    let script = format!(
        "{KEYS}
        const {{film, positions}} = tenure.player();
        const pause = film.frames.findIndex(frame => frame.title.startsWith('Scavenge'));
        tenure.go(positions.findIndex(position => position.index === pause));
        const arrows = () => [...document.querySelectorAll('.forward[data-from]')].filter(arrow => arrow.style.display !== 'none').length;
        const counts = [arrows()];
        for (let n = 0; n < 3; n++) {{ press('ArrowRight'); counts.push(arrows()); }}
        const sentence = document.querySelector('.sentence').textContent;
        press('ArrowRight', {{shiftKey: true}});
        const title = document.querySelector('h2').textContent;
        document.querySelector('[data-tell]').dispatchEvent(new MouseEvent('mousemove', {{bubbles: true, clientX: 300, clientY: 300}}));
        return [counts, sentence, title, document.querySelector('.hint').textContent.split('\\n')[0]];"
    );
    let scavenge = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/figures/scavenge.tenure");
    let expected = json!([
        [0, 1, 2, 2],
        "Freed, since nothing alive refers to it: garbage, c, d.",
        "line 10: scavenge",
        "a (node)"
    ]);
    check_page(&["explain", scavenge, "--output"], &script, expected);
}

#[test]
fn a_figure_keeps_letters_that_can_be_read_and_scrolls_in_its_box() {
    let script = "
        document.querySelector('main').style.width = '480px';
        const svg = document.querySelector('.stage svg');
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return [scale > 0.89, document.documentElement.scrollWidth <= innerWidth];";
    let scavenge = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/figures/scavenge.tenure");
    check_page(&["explain", scavenge, "--output"], script, json!([true, true]));
}

#[test]
fn halves_of_new_space_that_touch_are_shown_apart() {
    let script = "return tenure.player().stage.layout.labels.map(label => label.text).slice(0, 2);";
    let arguments =
        ["run", "ring", "--set", "window=100", "--set", "pushes=70000", "--semi-space", "32MiB", "--film"];
    check_page(&arguments, script, json!(["new space, one half", "the other half"]));
}

#[test]
fn a_film_plays_and_stops() {
    let script = format!(
        "{KEYS}
        press('+'); press('+'); press('+'); press('+');
        press(' ');
        await new Promise(done => setTimeout(done, 300));
        const moved = tenure.player().at;
        press(' ');
        const stopped = tenure.player().playing;
        press('End');
        const {{at, positions}} = tenure.player();
        press('Home');
        return [moved > 0, stopped, at === positions.length - 1, tenure.player().at];"
    );
    let survival = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/figures/survival.tenure");
    check_page(&["explain", survival, "--output"], &script, json!([true, false, true, 0]));
}

/// A table of two toys, of which one cannot run.
const TOYS: &str = r#"
[[case]]
name = "trees"
workload = "binary_trees"
parameters = ["depth=4"]

[[system]]
name = "toy"
about = "a toy"
run = ["sh", "-c", """
[ ${HEAP:-99} -ge 7 ] && echo checksum 0xd67ff69fbd7366da && echo seconds 1
echo latency_p50_ns 100; echo latency_p99_ns 2000; echo latency_p999_ns 30000; echo latency_worst_ns 400000; echo peak_kib 4096
"""]
heap.environment = { HEAP = "{heap_mib}" }

[[system]]
name = "absent"
about = "not there"
needs = ["no-such-program-anywhere"]
run = ["true"]
"#;

#[test]
fn benchmarks_show_times_curves_and_what_is_missing() {
    let Some(browser) = browser() else { return };
    let table = std::env::temp_dir().join(format!("tenure-toys-{}.toml", std::process::id()));
    fs::write(&table, TOYS).expect("the table can be written");
    let peers = table.to_str().expect("the path is UTF-8");
    let arguments = ["bench", "--reps", "1", "--no-machine", "--space", "--peers", peers, "--html"];
    let page = Page::of(&arguments);
    fs::remove_file(&table).expect("the table is ours");
    let script = "
        const drawn = tenure.charts().every(plot => {
            const {width, height} = plot.ctx.canvas;
            return plot.ctx.getImageData(0, 0, width, height).data.some(byte => byte !== 0);
        });
        const least = Math.min(...tenure.charts().map(plot => plot.axes[1]._values.filter(Boolean).length));
        const before = document.documentElement.dataset.theme;
        document.querySelector('header button').click();
        const text = document.getElementById('page').textContent;
        return [tenure.charts().length, drawn, before !== document.documentElement.dataset.theme,
            text.includes('not installed: no-such-program-anywhere'), text.includes('the smallest heap is 7.00 MiB'), least > 2];";
    assert_eq!(page.ask(browser, script), (json!([4, true, true, true, true, true]), vec![]));
}

/// The page of the sweep that a file tells, planned, run and merged.
fn sweep_page(file: &str) -> Page {
    let page = Page(Folder::new());
    page.0.write("sizes.toml", file);
    for step in [["plan", "sizes.toml"], ["run", "sizes.plan"], ["merge", "sizes.plan"]] {
        let output = command().arg("sweep").args(step).current_dir(page.0.root()).output();
        printed(&output.expect("the command starts"));
    }
    fs::copy(page.0.root().join("sizes.merged/sweep.html"), page.file()).expect("the page was written");
    page
}

#[test]
fn a_sweep_tells_what_failed_what_never_paused_and_what_has_no_rivals() {
    let Some(browser) = browser() else { return };
    // One of two sizes is too small, and one point never collects.
    let file = "heap = { sizes = [\"256KiB\", \"64MiB\"] }
        [[workload]]
        name = \"ring\"
        set = { window = 2000, pushes = 8000 }
        [[config]]
        name = \"small\"
        set = { new_space.max = \"256KiB\" }
        [[config]]
        name = \"large\"
        set = { new_space.max = \"64MiB\", new_space.initial = \"64MiB\" }";
    let page = sweep_page(file);
    let script = "
        const boxes = () => [...document.querySelectorAll('.map td')].map(box => box.textContent);
        const each = boxes();
        const choose = (name, value) => {
            const choice = document.querySelector(`select[aria-label='${name}']`);
            choice.value = value;
            choice.dispatchEvent(new Event('change'));
        };
        choose('across', 'config');
        choose('down', '');
        const scale = [...document.querySelectorAll('.scatter text')].map(text => text.textContent);
        return [each.filter(text => text === 'failed').length, boxes().filter(text => text.endsWith('1 of 2 failed')).length,
            scale.some(text => /^\\d*\\.?\\d* ns$/.test(text)), document.getElementById('page').textContent.includes('without any pause')];";
    assert_eq!(page.ask(browser, script), (json!([1, 1, false, true]), vec![]));
    let file = "[[workload]]\nname = \"ring\"\nset = { window = [10, 20], pushes = 1000 }";
    let script =
        "return document.getElementById('page').textContent.includes('there is nothing to compare');";
    assert_eq!(sweep_page(file).ask(browser, script), (json!(true), vec![]));
}

#[test]
fn a_sweep_has_a_heat_map_and_a_front_and_can_be_looked_at_by_other_choices() {
    let Some(browser) = browser() else { return };
    let file = "heap = { sizes = [\"8MiB\", \"64MiB\"] }
        [[workload]]
        name = \"ring\"
        set = { window = 2000, pushes = [20000, 40000] }
        [[config]]
        name = \"it\"
        set = { new_space.max = [\"256KiB\", \"512KiB\", \"1MiB\"] }";
    let page = sweep_page(file);
    let script = "
        const boxes = () => [...document.querySelectorAll('.map td')];
        const told = boxes().map(box => box.textContent);
        const choose = (name, value) => {
            const choice = document.querySelector(`select[aria-label='${name}']`);
            choice.value = value;
            choice.dispatchEvent(new Event('change'));
        };
        const works = document.querySelectorAll('select[aria-label=work] option').length;
        choose('metric', 'peak_bytes');
        const other = boxes().map(box => box.textContent);
        choose('down', '');
        const front = document.querySelectorAll('.scatter circle.on').length;
        const lettering = [...document.querySelectorAll('.scatter text')];
        const units = lettering.filter(text => / [nµm]?s$/.test(text.textContent)).length;
        const titles = lettering.map(text => text.textContent).filter(text => ['peak memory', 'p99 pause'].includes(text));
        const svg = document.querySelector('.scatter');
        const textPixels = 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        const rows = [...document.querySelectorAll('section.card')].pop().querySelectorAll('tbody tr').length;
        return [told.length, told.every(text => text.endsWith('s')), other.every(text => text.endsWith('iB')), boxes().length, works,
            document.querySelectorAll('.scatter circle').length, front === rows && front > 0,
            units > 1, titles.length, Math.round(textPixels)];";
    assert_eq!(page.ask(browser, script), (json!([6, true, true, 3, 2, 6, true, true, 2, 12]), vec![]));
}
