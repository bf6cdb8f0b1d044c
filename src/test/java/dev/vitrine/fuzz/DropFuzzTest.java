package dev.vitrine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.Mutator;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies in the drop folder under whatever name, with whatever beside it, is taken or set aside, and nothing stops. */
@Tag("fuzz")
@Timeout(600)
class DropFuzzTest {
    private static final int FEW = 20;

    private static final List<String> NAMES = List.of(
            "mug-1",
            "AB 12",
            "größe 38",
            "-rf",
            "~",
            "$(id)",
            "${file:name}",
            "a;b",
            "a&b",
            "a'b",
            "a\"b",
            "a%2Fb",
            "a%00b",
            ".hidden",
            "..",
            "a..b",
            "CON",
            "mug.jpg",
            "mug.json",
            "x".repeat(200),
            "é",
            "e\u0301",
            "\ud83e\udde6",
            "\u202egpj",
            " lead",
            "trail ",
            "\ttab",
            "new\nline",
            "[0]",
            "{{url}}",
            "#1",
            "a=b",
            "a,b",
            "a:b",
            "a|b",
            "a*b",
            "a?b",
            "a\\b");

    private static final List<String> ENDINGS =
            List.of(".jpg", ".JPG", ".jpeg", ".png", ".tif", ".jpg.jpg", "", ".", ".json", ".exe");

    private static final String SIDECAR =
            "{\"product_id\":\"mug-9\",\"name\":\"Mug\",\"image_id\":\"back\",\"metadata\":{\"price\":12.5,\"tags\":[\"a\"]}}";

    @TempDir
    private Path data;

    @Test
    void isTakenOrSetAside() throws Exception {
        int count = Fuzz.count("drops", FEW);
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_DECODE_DEADLINE", "2s"))) {
            Path inbox = service.inbox();
            service.awaitStatus(service.api().upload("known", Pictures.jpeg(1)).text("job_id"), "completed");
            Usage before = Usage.now();
            Set<String> whole = new HashSet<>();
            for (int i = 0; i < count; i++) {
                drop(inbox, new Random(Fuzz.seed() + i), i).ifPresent(whole::add);
            }
            Files.write(inbox.resolve("last-one.jpg"), Pictures.jpeg(3));
            await("a good picture behind them is indexed")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> service.api().get("/products/last-one").status() == 200);
            await("whole pictures are gone from the drop folder")
                    .atMost(Duration.ofMinutes(5))
                    .untilAsserted(() -> assertThat(RunningVitrine.names(inbox)).doesNotContainAnyElementsOf(whole));
            assertThat(service.api().get("/observe/health/live").status()).isEqualTo(200);
            before.awaitNoMore(service);
        }
    }

    /** The name of the picture, where it is whole and has a name that is not left alone. */
    private static Optional<String> drop(Path inbox, Random random, int number) throws IOException {
        String stem = NAMES.get(random.nextInt(NAMES.size())) + (random.nextBoolean() ? number : "");
        TextMutator text = new TextMutator(Fuzz.seed() + number);
        if (random.nextInt(4) == 0) {
            stem = new String(text.mutate(stem.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        }
        byte[] picture = Pictures.jpeg(number);
        boolean damaged = random.nextInt(3) == 0;
        String name = (stem + ENDINGS.get(random.nextInt(ENDINGS.size()))).replace('/', '_');
        boolean written = write(inbox, name, damaged ? new Mutator(Fuzz.seed() + number).mutate(picture) : picture);
        if (random.nextBoolean()) {
            write(inbox, (stem + ".json").replace('/', '_'), text.mutate(SIDECAR.getBytes(StandardCharsets.UTF_8)));
        }
        return written && !damaged && name.matches("(?is)[^.].*\\.(jpe?g|png|tif)")
                ? Optional.of(name)
                : Optional.empty();
    }

    /** Writes where the system has such a name and it is not there yet. */
    private static boolean write(Path inbox, String name, byte[] content) throws IOException {
        try {
            Path file = inbox.resolve(name);
            if (inbox.equals(file.getParent()) && !Files.exists(file)) {
                Files.write(file, content);
                return true;
            }
        } catch (InvalidPathException | FileSystemException e) {
            // no file can have this name
        }
        return false;
    }
}
