package dev.vitrine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.fuzz.Bombardment.Shot;
import dev.vitrine.fuzz.RequestSeeds.Seed;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes come over a connection, the service answers or closes it, never with 500, and keeps nothing of them. */
@Tag("fuzz")
@Timeout(600)
class RequestFuzzTest {
    private static final int FEW = 100;

    @TempDir
    static Path data;

    private static RunningVitrine service;
    private static Usage before;
    private Bombardment bombardment;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_DECODE_DEADLINE", "2s"));
        service.awaitStatus(service.api().upload("known", Pictures.jpeg(1)).text("job_id"), "completed");
        before = Usage.now();
    }

    @AfterAll
    static void nothingIsLeft() {
        HttpApi api = service.api();
        try {
            await("every job ends").atMost(Duration.ofMinutes(4)).untilAsserted(() -> assertThat(
                            Stream.of("queued", "processing", "retrying")
                                    .mapToInt(status -> api.get("/jobs?limit=1&status=" + status)
                                            .body()
                                            .path("jobs")
                                            .size())
                                    .sum())
                    .isZero());
            await("files of requests are gone")
                    .untilAsserted(() -> assertThat(RunningVitrine.names(data.resolve("uploads")))
                            .isEmpty());
            assertThat(api.get("/products/known").status()).isEqualTo(200);
            assertThat(api.searchByPicture(Pictures.jpeg(1)).status()).isEqualTo(200);
            before.awaitNoMore(service);
        } finally {
            service.close();
        }
    }

    @BeforeEach
    void aim() {
        bombardment = new Bombardment(new RawHttp(service.settings().http().url()));
    }

    @AfterEach
    void noneDidHarm() {
        System.out.println("Answers by status, 0 for none: " + bombardment.statuses());
        assertThat(bombardment.harmful()).as("seed " + Fuzz.seed()).isEmpty();
    }

    private static byte[] withBody(Seed seed, byte[] body) {
        return RawHttp.request(seed.line(), "Content-Type: " + seed.contentType() + "\r\n", body);
    }

    @Test
    void formsInPieces() throws Exception {
        List<Seed> seeds = RequestSeeds.forms();
        bombardment.send("form", Fuzz.count("forms", FEW), i -> {
            Seed seed = seeds.get(i % seeds.size());
            TextMutator mutator = new TextMutator(Fuzz.seed() + i);
            return i % 3 == 0
                    ? new Shot(mutator.mutate(withBody(seed, seed.text())), false) // its head too
                    : new Shot(withBody(seed, mutator.mutate(seed.text())), true);
        });
    }

    @Test
    void jsonInPieces() throws Exception {
        List<Seed> seeds = RequestSeeds.json();
        bombardment.send("json", Fuzz.count("json", FEW), i -> {
            Seed seed = seeds.get(i % seeds.size());
            return new Shot(withBody(seed, new TextMutator(Fuzz.seed() + i).mutate(seed.text())), true);
        });
    }

    @Test
    void pathsAndQueriesInPieces() throws Exception {
        List<Seed> seeds = RequestSeeds.targets();
        bombardment.send("target", Fuzz.count("targets", FEW), i -> {
            Seed seed = seeds.get(i % seeds.size());
            byte[] target = new TextMutator(Fuzz.seed() + i).mutate(seed.text());
            String shown = new String(target, StandardCharsets.ISO_8859_1);
            String line = seed.line() + " " + (i % 4 == 0 ? shown : escaped(shown));
            return new Shot(RawHttp.request(line, "", new byte[0]), i % 4 != 0);
        });
    }

    /** What cannot stand in a request line is percent-encoded, so that it reaches the routes. */
    private static String escaped(String target) {
        StringBuilder escaped = new StringBuilder();
        for (char c : target.toCharArray()) {
            escaped.append(c > ' ' && c < 127 ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return escaped.toString();
    }

    @Test
    void severalRequestsBehindEachOther() throws Exception {
        List<Seed> seeds = new ArrayList<>(RequestSeeds.forms());
        seeds.addAll(RequestSeeds.json());
        bombardment.send("pipeline", Fuzz.count("pipelines", FEW / 5), i -> {
            Random random = new Random(Fuzz.seed() + i);
            ByteArrayOutputStream several = new ByteArrayOutputStream();
            for (int part = 0; part < 3; part++) {
                Seed seed = seeds.get(random.nextInt(seeds.size()));
                String request = new String(withBody(seed, seed.text()), StandardCharsets.ISO_8859_1);
                several.writeBytes(request.replace("Connection: close\r\n", "").getBytes(StandardCharsets.ISO_8859_1));
            }
            return new Shot(new TextMutator(Fuzz.seed() + i).mutate(several.toByteArray()), false);
        });
    }

    @Test
    void whatOnceDidHarm() throws Exception {
        List<Path> kept = Fuzz.kept(".http");
        bombardment.send("kept", kept.size(), i -> {
            try {
                return new Shot(Files.readAllBytes(kept.get(i)), false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
