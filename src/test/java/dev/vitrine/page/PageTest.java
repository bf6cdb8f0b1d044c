package dev.vitrine.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.testing.Browser;
import dev.vitrine.testing.BrowserTab;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a real browser against a running service. Skipped where no Chromium is found on the PATH. */
class PageTest {
    private static final Path PICTURES = Path.of("target/screenshots");
    /** Not in Maven Central: {@code npm install --no-save --prefix target/npm axe-core}. */
    private static final Path AXE = Path.of("target/npm/node_modules/axe-core/axe.min.js");

    private static final String HOSTILE = "<img src=x onerror=alert(1)> \u202eegap";

    @TempDir
    private static Path folder;

    private static RunningVitrine vitrine;
    private static Browser chromium;
    private static BrowserTab browser;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        chromium = Browser.start(folder.resolve("browser"));
        vitrine = RunningVitrine.start(
                folder.resolve("data"), Map.of("VITRINE_MODEL", RunningVitrine.HOME + "/models/vitrine-mini"));
        url = vitrine.settings().http().url() + "/";
    }

    @AfterAll
    static void stop() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (vitrine != null) {
            vitrine.close();
        }
    }

    @BeforeEach
    void asOnADesk() throws Exception {
        browser = chromium.tab();
        browser.looksLike(1280, 800, false);
        browser.open(url + "#/find");
        browser.await("document.querySelector('h1')");
        browser.value("localStorage.setItem('vitrine-language', 'en')");
    }

    @AfterEach
    void nothingWentWrongInThePage() {
        browser.close();
        assertThat(browser.problems()).isEmpty();
        assertThat(browser.requests())
                .allMatch(at -> at.startsWith(url)
                        || at.startsWith("blob:" + url)
                        || at.startsWith("data:")
                        || at.equals("about:blank"));
    }

    @Test
    void aPictureThatIsAddedIsFoundByWordsAndByPicture() throws Exception {
        view("add");
        browser.give("#files", "plain black mug.png", picture("mug-black"));
        browser.await("document.querySelector('.upload.ready')");
        browser.value("document.querySelector('.between .primary').click()");
        browser.await("document.querySelector('.upload.done')");

        view("find?q=plain+black+mug");
        browser.await("document.querySelector('.card')");
        assertThat(browser.value("document.querySelector('.card h2').innerText").asText())
                .isEqualTo("plain black mug");

        view("find");
        browser.give("#by-picture", "plain black mug.png", picture("mug-black"));
        browser.await("document.querySelector('.stage') && document.querySelector('.card')");
        assertThat(browser.value("document.querySelector('.score').innerText").asText())
                .contains("1");
    }

    @Test
    void aBrokenPictureIsRefusedInWords() throws Exception {
        browser.problems().clear();
        view("add");
        browser.give("#files", "broken.png", "no picture".getBytes());
        browser.await("document.querySelector('.upload.ready')");
        browser.value("document.querySelector('.between .primary').click()");
        browser.await("document.querySelector('.upload.failed .wrong')");

        assertThat(browser.value("document.querySelector('.upload.failed .wrong').innerText")
                        .asText())
                .contains("not a picture");
        // A browser writes a line for each answer that is an error; this one is expected.
        browser.problems().removeIf(line -> line.contains("the server responded with a status of 4"));
    }

    @Test
    void aPictureThatFailsSaysWhyAndIsTriedAgain() throws Exception {
        view("add");
        browser.give("#files", "damaged.png", Pictures.brokenPng(64, 64));
        browser.await("document.querySelector('.upload.ready')");
        browser.value("document.querySelector('.between .primary').click()");
        browser.await("document.querySelector('.upload.failed .wrong')");
        String why = browser.text(".upload.failed .wrong");
        browser.value("window.failed = document.querySelector('.upload.failed');"
                + "document.querySelector('.upload.failed button').click()");
        browser.await("!window.failed.isConnected && document.querySelector('.upload.failed')");

        view("jobs?status=failed");
        browser.await("document.querySelector('.jobs .reason')");
        assertThat(browser.text(".jobs .reason")).isEqualTo(why);
        browser.click(".jobs .what");
        browser.await("document.querySelector('.timeline .reason')");
        assertThat(browser.text(".timeline .reason")).isEqualTo(why);
        browser.click("main .primary.writes");
        browser.await("document.querySelector('.badge.failed')");

        view("jobs?status=failed");
        browser.await("document.querySelector('.between .writes')");
        browser.click(".between .writes");
        browser.await("document.querySelector('.between .primary')");
        assertThat(browser.text(".between .primary")).contains("1");
        browser.value("const yes = document.querySelector('.between .primary'); yes.click(); yes.click()");
        browser.await("document.querySelector('.between [role=status]')");
        assertThat(browser.text(".between [role=status]")).startsWith("1 sent back");
    }

    @Test
    void aShopsExportIsImported() throws Exception {
        view("add");
        browser.give(
                "#files",
                "shelf.csv",
                "product_id,name,image\nshelf-7,Shelf,http://pictures.example/7.jpg\n".getBytes());
        browser.await("document.querySelector('.catalogue button')");
        browser.click(".catalogue button");
        browser.await("document.querySelector('.catalogue .state').innerText.includes('of 1 pictures')");
        browser.await("/imported|failed ·/.test(document.querySelector('.catalogue .state').innerText)");
    }

    @Test
    void whatShopsWriteIsTextOnly() throws Exception {
        String job = vitrine.api()
                .upload(Map.of("product_id", "hostile", "name", HOSTILE), picture("sofa"))
                .text("job_id");
        vitrine.awaitStatus(job, "completed");

        view("jobs");
        browser.await("document.querySelector('.jobs li')");
        assertThat(browser.value("document.querySelector('.jobs').innerText").asText())
                .contains("<img src=x");
        assertThat(browser.value("document.querySelectorAll('main img[src=x]').length")
                        .asInt())
                .isZero();
    }

    @Test
    void whatWasAcceptedIsNotSentAgainAfterTheTabWasLoadedAnew() throws Exception {
        for (int visit = 0; visit < 2; visit++) {
            view("add");
            browser.give("#files", "only once.png", picture("sofa"));
            browser.await("document.querySelector('.upload.ready')");
            browser.click(".between .primary");
            browser.await("document.querySelector('.upload.done')");
            browser.value("location.reload()");
            browser.await("document.querySelector('#files') && !document.querySelector('.upload')");
        }
        assertThat(browser.requests().stream().filter(at -> at.endsWith("/index-product-with-image")))
                .hasSize(1);
    }

    @Test
    void aClockThatIsYearsWrongBreaksNothing() throws Exception {
        browser.before("const now = Date.now; Date.now = () => now() + 3e11;");
        browser.open(url + "?later#/now");
        browser.await("document.querySelector('.figure') && document.querySelectorAll('.chart canvas').length === 2");
        browser.await("document.querySelector('[role=timer]').innerText.startsWith('live')");
        view("jobs");
        browser.await("document.querySelector('.jobs li, .empty')");
    }

    @Test
    void speaksFrench() throws Exception {
        browser.value("document.getElementById('language').click()");
        browser.awaitText("Que cherchez-vous");

        assertThat(browser.value("document.documentElement.lang").asText()).isEqualTo("fr");
        browser.value("document.getElementById('language').click()");
    }

    @Test
    void fitsAPhoneAndADeskInBothThemes() throws IOException {
        for (int width : List.of(390, 1280)) {
            for (boolean dark : List.of(false, true)) {
                browser.looksLike(width, 800, dark);
                for (String view : List.of("find?q=a+red+mug", "add", "jobs", "now")) {
                    view(view);
                    browser.await("!document.querySelector('[aria-busy=true]') && document.querySelector('h1')");
                    String name = view.replaceAll("\\?.*", "");
                    browser.screenshot(PICTURES.resolve(name + "-" + width + (dark ? "-dark.png" : ".png")));
                    assertThat(browser.value("document.documentElement.scrollWidth")
                                    .asInt())
                            .as(view + " at " + width)
                            .isLessThanOrEqualTo(width);
                }
            }
        }
    }

    @Test
    void nothingKeepsPeopleOut() throws IOException {
        assumeTrue(Files.exists(AXE), "no axe-core at " + AXE + ", so it is not asked");
        String axe = Files.readString(AXE);
        for (boolean dark : List.of(false, true)) {
            browser.looksLike(1280, 800, dark);
            for (String view : List.of("find?q=a+red+mug", "add", "jobs", "now")) {
                view(view);
                browser.await("!document.querySelector('[aria-busy=true]') && document.querySelector('h1')");
                browser.value(axe + "; true");
                String findings = browser.value("axe.run().then((r) => JSON.stringify(r.violations"
                                + ".filter((v) => v.impact === 'serious' || v.impact === 'critical')"
                                + ".map((v) => [v.id, v.nodes[0].html, v.nodes[0].failureSummary])))")
                        .asText();
                assertThat(findings).as(view + (dark ? " dark" : " light")).isEqualTo("[]");
            }
        }
    }

    @Test
    void theChartsAreDrawnOfWhatTheServiceTells() {
        view("now");
        browser.await("document.querySelectorAll('.chart canvas').length === 2");
        browser.await("document.querySelector('[role=timer]').innerText.startsWith('live')");
    }

    @Test
    void sevenTabsDoNotFreeze() throws Exception {
        List<BrowserTab> tabs = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            BrowserTab tab = chromium.tab();
            tab.open(url + "#/now");
            tabs.add(tab);
        }
        for (BrowserTab tab : tabs) {
            tab.await("!document.hidden && document.querySelector('.figure') && document.querySelector('.flow')");
        }
        tabs.get(6).value("location.hash = '#/find?q=anything'");
        tabs.get(6)
                .await("document.querySelector('.results .quietly').innerText.includes('ms')", Duration.ofSeconds(5));
        long live = 0;
        for (BrowserTab tab : tabs) {
            if (tab.text("body").contains("live, ")) {
                live++;
            }
            tab.close();
        }
        assertThat(live).isBetween(1L, 3L);
    }

    @Test
    void theRoutesAreDrawnWithWhatRanThroughThem() throws Exception {
        String job = vitrine.api().upload("drawn", picture("sofa")).text("job_id");
        vitrine.awaitStatus(job, "completed");
        view("now");
        for (String route : List.of("accept", "worker")) {
            browser.await("[...document.querySelectorAll('.flow .route')].some((box) =>"
                    + " box.querySelector('.id').textContent === '" + route + "'"
                    + " && parseInt(box.querySelector('.count').textContent) > 0)");
        }
        browser.await("document.querySelectorAll('.flow .arrow').length > 10");
        assertThat(browser.value("[...document.querySelectorAll('.flow .arrow')]"
                                + ".filter((arrow) => arrow.getAttribute('d').includes('NaN')).length")
                        .asInt())
                .isZero();
    }

    @Test
    void aPartOfAPictureIsSearchedByAndProductsLikeOneAreFound() throws IOException {
        String job = vitrine.api()
                .upload(Map.of("product_id", "shelf/ 1", "name", "shelf"), picture("sofa"))
                .text("job_id");
        vitrine.awaitStatus(job, "completed");
        view("find");
        browser.give("#by-picture", "sofa.png", picture("sofa"));
        browser.await("document.querySelector('.stage') && document.querySelector('.card .thumb img')");
        browser.value(
                "document.querySelector('.stage').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}))");
        browser.await("!document.querySelector('.crop .primary').hidden");
        browser.value("window.stageBefore = document.querySelector('.stage');"
                + "document.querySelector('.crop .primary').click()");
        browser.await("document.querySelector('.stage') && document.querySelector('.stage') !== window.stageBefore");

        view("find?like=shelf%2F+1");
        browser.await("document.querySelector('.results bdi').innerText === 'shelf/ 1'");
        browser.await("document.querySelector('.results').innerText.includes('ms')");
    }

    @Test
    void failedJobsAreFilteredByWhatTheAddressSays() {
        view("jobs?status=failed&reason=nothing+has+it&since=2020-01-01");
        browser.await("document.querySelector('.empty')");
        assertThat(browser.value("document.querySelector('[name=reason]').value")
                        .asText())
                .isEqualTo("nothing has it");
    }

    private static void view(String address) {
        browser.value("location.hash = '#/" + address + "'");
        browser.await("location.hash === '#/" + address + "' && document.querySelector('main h1, main h2, main p')");
    }

    private static byte[] picture(String kind) throws IOException {
        try (var files = Files.list(RunningVitrine.HOME.resolve("samples/catalogue"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().contains(kind))
                    .sorted()
                    .findFirst()
                    .orElseThrow());
        }
    }
}
