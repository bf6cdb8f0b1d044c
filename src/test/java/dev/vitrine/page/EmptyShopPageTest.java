package dev.vitrine.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.servers.FreePort;
import dev.vitrine.testing.Browser;
import dev.vitrine.testing.BrowserTab;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first visit, and a service that goes and comes back while the page is open, in a real browser. */
class EmptyShopPageTest {
    @TempDir
    Path folder;

    @Test
    void offersTheSampleCatalogueAndOutlivesTheService() throws Exception {
        Map<String, String> environment = Map.of(
                "VITRINE_MODEL",
                RunningVitrine.HOME + "/models/vitrine-mini",
                "VITRINE_HTTP_PORT",
                Integer.toString(FreePort.findLasting()));
        try (Browser browser = Browser.start(folder.resolve("browser"))) {
            BrowserTab page = browser.tab();
            try (RunningVitrine vitrine = RunningVitrine.start(folder.resolve("data"), environment)) {
                page.open(vitrine.settings().http().url() + "/");
                page.await("document.querySelector('#samples')?.checkVisibility()");
                page.click("#samples");
                page.await("document.querySelector('.upload') && !document.querySelector('.upload:not(.done)')");
                assertThat(page.value("document.querySelectorAll('.upload').length")
                                .asInt())
                        .isGreaterThan(40);

                find(page, "plain black mug");
                assertThat(page.text(".card .facts")).contains("kind: mug");
                assertThat(page.problems()).isEmpty();
            }
            page.value("location.hash = '#/find?q=a+red+hat'");
            page.await("!document.querySelector('#notice').hidden && document.querySelector('.wrong')");

            try (RunningVitrine again = RunningVitrine.start(folder.resolve("data"), environment)) {
                page.await("document.querySelector('#notice').hidden", Duration.ofSeconds(10));
                page.await("document.querySelector('.card')"); // what failed meanwhile is asked for again
                find(page, "a green mug");
            }
        }
    }

    private static void find(BrowserTab page, String words) {
        page.value("location.hash = '#/find?q=" + words.replace(' ', '+') + "'");
        page.await("document.querySelector('#words').value === '" + words + "' && document.querySelector('.card')");
    }
}
