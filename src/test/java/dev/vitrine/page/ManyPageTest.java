package dev.vitrine.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Browser;
import dev.vitrine.testing.BrowserTab;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.StringRedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The page with as much in it as a large shop has. Run with {@code -Dexcluded.groups=none -Dtest=ManyPageTest}. */
@Tag("slow")
class ManyPageTest {
    private static final int JOBS = 100_000;
    private static final int FILES = 5_000;
    private static final int MOST_ROWS = 200;

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static RunningVitrine vitrine;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(folder.resolve("browser"));
        vitrine = RunningVitrine.start(folder.resolve("data"), Map.of());
        url = vitrine.settings().http().url() + "/";
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (vitrine != null) {
            vitrine.close();
        }
    }

    @Test
    void showsTheFirstOfAHundredThousandJobsAtOnce() throws Exception {
        fill();
        BrowserTab page = browser.tab();
        page.open(url + "#/now");
        page.await("document.querySelector('.figure')");
        double[] millis = IntStream.range(0, 9)
                .mapToDouble(round -> page.value("(async () => {"
                                + "location.hash = '#/find';"
                                + "while (!document.querySelector('#words')) await new Promise(requestAnimationFrame);"
                                + "const begin = performance.now();"
                                + "location.hash = '#/jobs';"
                                + "while (!document.querySelector('.jobs li')) await new Promise(requestAnimationFrame);"
                                + "return performance.now() - begin;"
                                + "})()")
                        .asDouble())
                .toArray();
        double median =
                IntStream.range(0, 9).mapToDouble(i -> millis[i]).sorted().toArray()[4];
        System.out.printf(
                "%,d jobs: the first page after %.0f ms, the slowest of 9 after %.0f ms%n",
                JOBS,
                median,
                IntStream.range(0, 9).mapToDouble(i -> millis[i]).max().getAsDouble());

        assertThat(median).isLessThan(300);
        assertThat(page.value("document.querySelectorAll('.jobs li').length").asInt())
                .isBetween(1, MOST_ROWS);
        page.value("document.querySelector('main a.button').click()");
        page.await("location.hash.includes('cursor') && document.querySelector('.jobs li')");
        assertThat(page.value("document.querySelectorAll('.jobs li').length").asInt())
                .isBetween(1, MOST_ROWS);
        // The index has none of these products, so it has no small pictures of them.
        assertThat(page.problems()).allMatch(line -> line.endsWith("/thumbnail"));
    }

    @Test
    void sendsThousandsOfFilesWithFlatMemoryAndNoneAgainAfterAReload() throws Exception {
        BrowserTab page = browser.tab();
        page.open(url + "#/add");
        page.await("document.querySelector('#files')");
        pick(page);
        assertThat(page.value("document.querySelectorAll('.upload').length").asInt())
                .isBetween(1, MOST_ROWS);
        page.click(".between .primary");
        awaitDone(page, FILES / 5);
        long early = page.heapBytes();
        awaitDone(page, FILES);
        long late = page.heapBytes();
        System.out.printf(
                "%,d files: %,d KB of heap after a fifth, %,d KB after all%n", FILES, early / 1024, late / 1024);

        assertThat(late).isLessThan(early + 8_000_000);
        assertThat(sent(page)).isEqualTo(FILES);
        page.value("location.reload()");
        page.await("document.querySelector('#files') && !document.querySelector('.upload')");
        pick(page);
        page.click(".between .primary");
        awaitDone(page, FILES);
        assertThat(sent(page)).as("none again").isEqualTo(FILES);
        assertThat(page.problems()).isEmpty();
    }

    private static long sent(BrowserTab page) {
        return page.requests().stream()
                .filter(at -> at.endsWith("/index-product-with-image"))
                .count();
    }

    private static void awaitDone(BrowserTab page, int count) {
        page.await(
                "Number((document.body.innerText.match(/pictures, ([0-9,]+) can be found/) || ['', '0'])[1]"
                        + ".replaceAll(',', '')) >= " + count,
                Duration.ofMinutes(5));
    }

    /** A folder's files, all with one picture. */
    private static void pick(BrowserTab page) {
        page.value("(() => {"
                + "const bytes = Uint8Array.from(atob('"
                + Base64.getEncoder().encodeToString(Pictures.jpeg(1)) + "'), (c) => c.charCodeAt(0));"
                + "const files = new DataTransfer();"
                + "for (let i = 0; i < " + FILES + "; i++) files.items.add(new File([bytes], 'shelf-' + i + '.jpg',"
                + " {type: 'image/jpeg', lastModified: i}));"
                + "const input = document.querySelector('#files');"
                + "input.files = files.files;"
                + "input.dispatchEvent(new Event('change'));"
                + "})()");
        page.await("document.querySelector('.upload.ready')");
    }

    /** Jobs as the queue leaves them when they have ended. */
    private static void fill() {
        StringRedisTemplate redis =
                vitrine.vitrine().context().getRegistry().lookupByNameAndType("redis", StringRedisTemplate.class);
        long now = System.currentTimeMillis();
        for (int from = 0; from < JOBS; from += 1_000) {
            int first = from;
            redis.executePipelined((RedisCallback<Object>) connection -> {
                StringRedisConnection strings = (StringRedisConnection) connection;
                for (int i = first; i < first + 1_000; i++) {
                    long at = now - (JOBS - i) * 100L;
                    String id = new UUID(at << 16 | 0x7000 | i & 0xfff, 0x8000000000000000L | i).toString();
                    strings.hMSet("{vitrine}:job:" + id, job(id, i, Instant.ofEpochMilli(at)));
                    strings.zAdd("{vitrine}:recent", at, id);
                }
                return null;
            });
        }
    }

    private static Map<String, String> job(String id, int i, Instant at) {
        Map<String, String> job = new LinkedHashMap<>();
        job.put("job_id", id);
        job.put("product_id", "product-" + i);
        job.put("image_id", "main");
        job.put("name", "Product number " + i);
        job.put("status", "completed");
        job.put("attempts", "1");
        job.put("created_at", at.toString());
        job.put("started_at", at.plusMillis(20).toString());
        job.put("finished_at", at.plusMillis(60).toString());
        job.put("model", "tiny-clip");
        return job;
    }
}
