package dev.vitrine.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.http.keys.ApiKey;
import dev.vitrine.http.keys.KeysFile;
import dev.vitrine.http.keys.Role;
import dev.vitrine.testing.Browser;
import dev.vitrine.testing.BrowserTab;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ShopPage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page where keys are in force, in a real browser. */
class GuardedPageTest {
    private static final String ADMIN = "operators-key-0123456789";

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static RunningVitrine vitrine;
    private static KeysFile keys;
    private static ShopPage shop;
    private BrowserTab page;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(folder.resolve("browser"));
        keys = new KeysFile(folder.resolve("keys.json"));
        shop = new ShopPage();
        vitrine = RunningVitrine.start(
                folder.resolve("data"),
                Map.of(
                        "VITRINE_API_KEY",
                        ADMIN,
                        "VITRINE_KEYS_FILE",
                        keys.path().toString(),
                        "VITRINE_CORS_ORIGINS",
                        shop.origin()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (shop != null) {
            shop.close();
        }
        if (vitrine != null) {
            vitrine.close();
        }
    }

    @BeforeEach
    void openATab() throws Exception {
        page = browser.tab();
        page.open(vitrine.settings().http().url() + "/");
    }

    @Test
    void asksForAKeyAndKeepsItInTheTab() throws Exception {
        page.await("document.querySelector('dialog').open");

        use(ADMIN);
        page.await("document.documentElement.dataset.role === 'admin'");
        page.value("location.reload()");
        page.await("document.documentElement.dataset.role === 'admin'");

        assertThat(page.value("JSON.stringify(localStorage)").asText()).doesNotContain(ADMIN);
        BrowserTab other = browser.tab();
        other.open(vitrine.settings().http().url() + "/");
        other.await("document.querySelector('dialog').open");
    }

    @Test
    void takesAKeyFromALinkAndOutOfTheAddress() throws Exception {
        BrowserTab linked = browser.tab();
        linked.open(vitrine.settings().http().url() + "/#/?key=" + ADMIN);
        linked.await("document.documentElement.dataset.role === 'admin'");

        assertThat(linked.value("location.href").asText()).doesNotContain(ADMIN);
        assertThat(linked.value("document.querySelector('dialog').open").asBoolean())
                .isFalse();
    }

    @Test
    void aReadKeySeesNoAction() throws Exception {
        use(key("reader", Role.READ, null));
        page.await("document.documentElement.dataset.role === 'read'");
        page.await("document.querySelector('.empty')");

        assertThat(visibleActions()).isEmpty();
        page.value("location.hash = '#/add'");
        page.awaitText("Your key may look and search, but not add");
        assertThat(page.value("document.querySelectorAll('main input, main button').length")
                        .asInt())
                .isZero();
        String job = failedJob();
        for (String view : List.of("#/jobs", "#/jobs?job=" + job)) {
            page.value("location.hash = '" + view + "'");
            page.await("document.querySelector('main .badge.failed')");
            assertThat(visibleActions()).as(view).isEmpty();
        }
        use(ADMIN);
        page.await("document.querySelector('main .primary.writes')?.checkVisibility()");
    }

    @Test
    void aKeyThatEndsInAnOpenTabIsAskedForAndThePageGoesOn() throws Exception {
        String expiring = key("guest", Role.READ, Instant.now().plusSeconds(10)); // longer than a slow browser takes
        use(expiring);
        page.await("document.documentElement.dataset.role === 'read'");
        page.value("location.hash = '#/now'");
        page.await("document.querySelector('.figure')");

        page.await("document.querySelector('dialog').open");
        assertThat(page.text("#ask-why")).contains("expired");

        String revoked = key("helper", Role.WRITE, null);
        use(revoked);
        page.await("document.documentElement.dataset.role === 'write' && document.querySelector('.figure')");
        keys.remove("helper");
        page.await("document.querySelector('dialog').open", Duration.ofSeconds(20));

        use(ADMIN);
        page.await("document.documentElement.dataset.role === 'admin' && document.querySelector('.figure')");
    }

    @Test
    void anUploadWaitsForAKeyThatHolds() throws Exception {
        use(key("writer", Role.WRITE, null));
        page.await("document.documentElement.dataset.role === 'write'");
        page.value("location.hash = '#/add'");
        page.await("document.querySelector('#files')");
        keys.remove("writer");
        page.await("fetch('caller', {headers: {Authorization: 'Bearer ' + sessionStorage['vitrine-key']}})"
                + ".then((r) => r.status === 401)");
        page.give("#files", "late.png", Pictures.jpeg(3));
        page.click(".between .primary");
        page.await("document.querySelector('dialog').open && document.querySelector('.upload.queued')");

        use(ADMIN);
        page.await("document.querySelector('.upload.done')");
    }

    @Test
    void aShopsOwnPageSearchesByWordsAndByPhoto() throws Exception {
        HttpApi api = vitrine.api().with("X-API-Key", ADMIN);
        String job = api.upload(Map.of("product_id", "mug/1", "name", "A <b>mug</b>"), Pictures.jpeg(7))
                .text("job_id");
        Awaitility.await().until(() -> api.get("/jobs/" + job).text("status").equals("completed"));
        String url = vitrine.settings().http().url();
        shop.uses(url, key("shop-page", Role.READ, null));
        page = browser.tab(); // without what the service's own page asked for
        page.open(shop.origin() + "/");
        page.await("document.querySelector('vitrine-search')?.shadowRoot");
        page.value("window.root = document.querySelector('vitrine-search').shadowRoot;"
                + "document.querySelector('vitrine-search').addEventListener('found', (e) => (window.found = e.detail));"
                + "document.querySelector('vitrine-search').addEventListener('pick', (e) => {"
                + "  window.picked = e.detail.product_id;"
                + "});"
                + "true");

        page.value(
                "root.querySelector('input[type=search]').value = 'a mug'; root.querySelector('form button').click()");
        page.await("window.found || root.querySelector('[role=alert]')");
        assertThat(page.value("root.querySelectorAll('[role=alert]').length").asInt())
                .isZero();
        page.value("const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob('"
                + Base64.getEncoder().encodeToString(Pictures.jpeg(7)) + "'), (c) => c.charCodeAt(0))], 'a.jpg'));"
                + "const input = root.querySelector('input[type=file]'); input.files = data.files;"
                + "input.dispatchEvent(new Event('change')); true");
        page.await("root.querySelector('[part=card] img')?.complete && root.querySelector('img').naturalWidth > 0");
        assertThat(page.value("root.querySelector('[part=name]').innerText").asText())
                .isEqualTo("A <b>mug</b>");
        assertThat(page.value("root.querySelector('[part=card] a').getAttribute('href')")
                        .asText())
                .isEqualTo("/p/mug%2F1");
        assertThat(page.value("getComputedStyle(root.querySelector('form button')).backgroundColor")
                        .asText())
                .as("the shop's colour")
                .isEqualTo("rgb(122, 32, 72)");
        page.value("root.querySelector('[part=card] a').addEventListener('click', (e) => e.preventDefault());"
                + "root.querySelector('[part=card] a').click()");
        page.await("window.picked === 'mug/1'");
        assertThat(page.problems()).isEmpty();
        assertThat(page.requests())
                .allMatch(at -> at.startsWith(shop.origin())
                        || at.startsWith("blob:" + shop.origin())
                        || at.startsWith(url)
                        || at.equals("about:blank"));

        page.problems().clear();
        keys.remove("shop-page");
        page.await("fetch('" + url + "/caller', {headers: {Authorization: 'Bearer ' +"
                + " document.querySelector('vitrine-search').getAttribute('key')}}).then((r) => r.status === 401)");
        page.value("root.querySelector('form button').click()");
        page.await("root.querySelector('[role=alert]')");
    }

    private void use(String key) throws Exception {
        // The button is there before the page's modules are, and does nothing then.
        page.await("document.querySelector('dialog').open || document.querySelector('#key').click()");
        page.value("document.querySelector('#ask-value').value = '" + key + "'");
        page.click("dialog [value=use]");
    }

    private static String key(String name, Role role, Instant expires) throws Exception {
        String key = ApiKey.random();
        keys.add(ApiKey.of(key, name, role, List.of(), Instant.now(), expires));
        Awaitility.await()
                .until(() -> vitrine.api().with("X-API-Key", key).get("/stats").status() == 200);
        return key;
    }

    /** Of a picture whose head is right and whose rest is not. */
    private static String failedJob() {
        HttpApi api = vitrine.api().with("X-API-Key", ADMIN);
        String job = api.upload("broken", Pictures.brokenPng(64, 64)).text("job_id");
        Awaitility.await().until(() -> api.get("/jobs/" + job).text("status").equals("failed"));
        return job;
    }

    private String visibleActions() {
        return page.value("[...document.querySelectorAll('.writes')].filter((e) => e.checkVisibility())"
                        + ".map((e) => e.innerText).join()")
                .asText();
    }
}
