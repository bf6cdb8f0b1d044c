package dev.vitrine.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Browser;
import dev.vitrine.testing.BrowserTab;
import dev.vitrine.testing.Nginx;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page behind an nginx with default settings, in a real browser. */
class ProxiedPageTest {
    private static final String PREFIX = "/shop/window";

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static RunningVitrine vitrine;
    private static Nginx nginx;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(folder.resolve("browser"));
        vitrine = RunningVitrine.start(folder.resolve("data"), Map.of());
        nginx = Nginx.before(vitrine.settings().http().url(), PREFIX, folder.resolve("nginx"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
        if (browser != null) {
            browser.close();
        }
        if (vitrine != null) {
            vitrine.close();
        }
    }

    @Test
    void isLiveThroughAProxyThatBuffers() throws Exception {
        BrowserTab page = browser.tab();
        page.open(nginx.url() + "/#/now");

        page.await("document.querySelector('[role=timer]').innerText.startsWith('live')", Duration.ofSeconds(10));
        assertThat(page.problems()).isEmpty();
    }

    @Test
    void worksBelowAPrefix() throws Exception {
        for (String address : List.of(PREFIX + "/", PREFIX)) { // nginx leads the second to the first
            BrowserTab page = browser.tab();
            page.open(nginx.url() + address);
            add(page, "below" + address.length() + ".png", Pictures.jpeg(address.length()));
            page.await("document.querySelector('.upload.done')");
            page.value("location.hash = '#/find?like=below" + address.length() + "'");
            page.await("document.querySelector('.results .quietly').innerText.includes('ms')");

            assertThat(page.problems()).isEmpty();
            assertThat(page.requests())
                    .allMatch(at ->
                            at.startsWith(nginx.url() + PREFIX) || at.startsWith("blob:") || at.equals("about:blank"));
        }
    }

    @Test
    void aPictureThatIsTooLargeForTheProxyIsRefusedInWords() throws Exception {
        BrowserTab page = browser.tab();
        page.open(nginx.url() + "/");
        byte[] large = new byte[1_200_000]; // nginx takes 1 MB
        System.arraycopy(Pictures.jpeg(1), 0, large, 0, 100);
        add(page, "large.png", large);
        page.await("document.querySelector('.upload.failed .wrong')");

        assertThat(page.text(".upload.failed .wrong")).contains("larger than the service, or a proxy");
    }

    private static void add(BrowserTab page, String name, byte[] picture) throws IOException {
        page.await("document.documentElement.dataset.role");
        page.value("location.hash = '#/add'");
        page.await("document.querySelector('#files')");
        page.give("#files", name, picture);
        page.await("document.querySelector('.upload.ready')");
        page.click(".between .primary");
    }
}
