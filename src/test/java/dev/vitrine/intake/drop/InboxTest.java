package dev.vitrine.intake.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.vitrine.http.ProblemException;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.image.UnusablePictureException.Reason;
import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class InboxTest {
    private static final byte[] PICTURE = Pictures.jpeg(1);

    @TempDir
    private Path path;

    private DropFolder folder;
    private LogLines log;

    @BeforeEach
    void open() {
        folder = new DropFolder(path);
        log = new LogLines(Inbox.class);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        folder.close();
    }

    // What is taken

    @Test
    void aPictureIsTakenWithItsJsonAndEndsInDone() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("mug.json", "{\"name\":\"Red mug\",\"image_id\":\"back\",\"metadata\":{\"shelf\":1}}");

        assertThat(folder.after(Duration.ZERO).taken()).isEmpty();
        assertThat(folder.afterSeconds(1).taken()).containsExactly("mug.jpg");
        assertThat(folder.read("mug.jpg"))
                .containsEntry("product_id", "mug")
                .containsEntry("name", "Red mug")
                .containsEntry("image_id", "back")
                .containsEntry("metadata", "{\"shelf\":1}");
        folder.accept("job");

        assertThat(folder.done()).containsExactly("mug.jpg", "mug.json");
        assertThat(folder.names()).isEmpty();
        assertThat(folder.taken()).isEmpty();
        assertThat(log.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mug.jfif", "mug.jpe", "mug.JPEG", "mug.png"})
    void picturesAreKnownByTheirEnding(String name) throws IOException {
        folder.drop(name, PICTURE);

        assertThat(folder.afterSeconds(1).taken()).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mug.json", "mug.JSON", "mug.jpg.json", "mug.jpg.Json"})
    void theJsonMayBeNamedInSeveralWays(String name) throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop(name, "{\"name\":\"Red mug\"}");

        folder.afterSeconds(1);
        assertThat(folder.read("mug.jpg")).containsEntry("name", "Red mug");
        folder.accept("job");

        assertThat(folder.done())
                .containsExactly(
                        name.compareTo("mug.jpg") < 0 ? name : "mug.jpg",
                        name.compareTo("mug.jpg") < 0 ? "mug.jpg" : name);
    }

    @Test
    void theJsonMayNameTheProductSoThatTheFileCanBeNamedFreely() throws IOException {
        Files.write(folder.raw("Gr%C3%BCne%20Tasse.jpg"), PICTURE);
        Files.writeString(folder.raw("Gr%C3%BCne%20Tasse.json"), "{\"product_id\":\"mug-7\"}");

        folder.afterSeconds(1);
        String taken = folder.taken().get(0);

        assertThat(folder.read(taken)).containsEntry("product_id", "mug-7").containsEntry("name", "Gr\u00fcne Tasse");
        folder.accept("job");
        assertThat(folder.raw(".done/Gr%C3%BCne%20Tasse.jpg")).exists();
        assertThat(folder.raw(".done/Gr%C3%BCne%20Tasse.json")).exists();
    }

    @Test
    void aLinkToAPictureIsTaken() throws IOException {
        Path elsewhere = Files.write(Files.createTempFile(path.getParent(), "picture", ".jpg"), PICTURE);
        Files.createSymbolicLink(path.resolve("mug.jpg"), elsewhere);

        assertThat(folder.afterSeconds(2).taken()).containsExactly("mug.jpg");
        assertThat(folder.own.resolve("mug.jpg")).hasBinaryContent(PICTURE);
        assertThat(folder.names()).isEmpty();
        assertThat(folder.accept("job")).hasSize(1);
        assertThat(elsewhere).exists();
        Files.delete(elsewhere);
    }

    // What is no file

    @ParameterizedTest
    @ValueSource(strings = {"pipe.jpg", "pipe.json"})
    void aPipeIsPassedOverWithOneLine(String name) throws Exception {
        assumeThat(new ProcessBuilder("mkfifo", path.resolve(name).toString())
                        .start()
                        .waitFor())
                .isZero();
        folder.drop("mug.jpg", PICTURE);

        folder.after(Duration.ofMinutes(20));

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(log.messages()).singleElement().asString().contains(name, "pipe");
    }

    @Test
    void aPipeAsJsonFailsItsPictureAlone() throws Exception {
        assumeThat(new ProcessBuilder("mkfifo", path.resolve("mug.json").toString())
                        .start()
                        .waitFor())
                .isZero();
        folder.drop("mug.jpg", PICTURE);
        folder.drop("other.jpg", PICTURE);

        folder.afterSeconds(3);

        assertThat(folder.taken()).containsExactly("other.jpg");
        assertThat(folder.note("mug.jpg")).contains("mug.json");
    }

    @Test
    void aSocketIsPassedOverWithOneLine() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(path.resolve("socket.jpg")));
            folder.drop("mug.jpg", PICTURE);

            folder.after(Duration.ofMinutes(20));

            assertThat(folder.taken()).containsExactly("mug.jpg");
            assertThat(log.messages()).singleElement().asString().contains("socket.jpg");
        }
    }

    @Test
    void aFolderIsPassedOverWithOneLineWhateverItsName() throws IOException {
        Files.createDirectory(path.resolve("folder.jpg"));
        folder.drop("mug.jpg", PICTURE);

        folder.after(Duration.ofMinutes(20));

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(folder.names()).containsExactly("folder.jpg");
        assertThat(log.messages()).singleElement().asString().contains("folder.jpg");
    }

    @Test
    void aFolderNamedAsThePicturesJsonFailsThePictureAlone() throws IOException {
        Files.createDirectory(path.resolve("mug.json"));
        folder.drop("mug.jpg", PICTURE);
        folder.drop("other.jpg", PICTURE);

        folder.afterSeconds(3);

        assertThat(folder.taken()).containsExactly("other.jpg");
        assertThat(folder.note("mug.jpg")).contains("mug.json", "not a file");
    }

    @Test
    void linksThatLeadNowhereFailAlone() throws IOException {
        Files.createSymbolicLink(path.resolve("dangling.jpg"), path.resolve("nothing"));
        Files.createSymbolicLink(path.resolve("loop.jpg"), path.resolve("loop.jpg"));
        folder.drop("mug.jpg", PICTURE);

        folder.afterSeconds(3);

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(folder.failed())
                .containsExactly("dangling.jpg", "dangling.jpg.error.txt", "loop.jpg", "loop.jpg.error.txt");
        assertThat(folder.note("loop.jpg")).contains("link");
    }

    // Names

    @Test
    void aNameThatIsNotUtf8FailsAloneOnce() throws IOException {
        Files.write(folder.raw("bad-%FF%FE.jpg"), PICTURE);
        folder.drop("mug.jpg", PICTURE);

        folder.afterSeconds(8);

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(folder.raw(".failed/bad-%FF%FE.jpg")).exists();
        assertThat(folder.raw(".failed/bad-%FF%FE.jpg.error.txt")).content().contains("UTF-8");
        assertThat(log.messages()).hasSize(1);
    }

    @Test
    void aNameWithABackslashOrALineEndIsHandedOnAndKept() throws IOException {
        Files.write(folder.raw("a%5Cb%0Ac.jpg"), PICTURE);

        folder.afterSeconds(1);

        String taken = folder.taken().get(0);
        assertThat(taken).isEqualTo("a%5Cb%0Ac.jpg");
        assertThat(folder.read(taken)).containsEntry("product_id", "a\\b\nc");
        folder.refuse(taken, new ProblemException("product_id: use letters"));
        assertThat(folder.raw(".failed/a%5Cb%0Ac.jpg")).exists();
        assertThat(folder.raw(".failed/a%5Cb%0Ac.jpg.error.txt")).content().contains("use letters");
        assertThat(log.messages()).singleElement().asString().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {245, 255})
    void aNameThatIsTooLongFailsAloneOnce(int bytes) throws IOException {
        String name = "x".repeat(bytes - 4) + ".jpg";
        folder.drop(name, PICTURE);
        folder.drop("mug.jpg", PICTURE);

        folder.afterSeconds(8);

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(folder.failed()).hasSize(2).contains(name).anyMatch(note -> note.endsWith(".error.txt"));
        assertThat(log.messages()).singleElement().asString().contains("too long");
    }

    // The JSON

    @Test
    void ofAHugeJsonNoMoreThanItsLimitIsRead() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("mug.json", "{\"x\":[" + "{},".repeat(100_000) + "{}]}");

        folder.afterSeconds(6);

        assertThatThrownBy(() -> folder.read("mug.jpg"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("mug.json")
                .hasMessageContaining("64 KB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"price\":3}|price",
                "{\"nmae\":\"a\"}|nmae: is no member of mug.json; did you mean \"name\"?",
                "{\"nmae\":\"a\",\"image_id\":[]}|image_id: is not text",
                "{\"name\":[1]}|name: is not text",
                "{\"name\":\"a\",\"name\":\"b\"}|name",
                "[1]|JSON object",
                "{\"name\":|not JSON",
                "{} {}|not JSON"
            })
    void jsonThatIsNotAsAgreedFailsItsPictureWithTheReason(String json, String reason) throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("mug.json", json);

        folder.afterSeconds(6);

        assertThatThrownBy(() -> folder.read("mug.jpg"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("mug.json")
                .hasMessageContaining(reason);
        folder.refuse("mug.jpg", new ProblemException("no"));
        assertThat(folder.failed()).containsExactly("mug.jpg", "mug.jpg.error.txt", "mug.json");
    }

    @Test
    void numbersStayAsTheyAreWritten() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("mug.json", "{\"metadata\":{\"price\":12.50,\"weight\":1e999}}");

        folder.afterSeconds(1);

        assertThat(folder.read("mug.jpg").get("metadata").toString())
                .contains("12.50")
                .contains("1E+999");
    }

    @Test
    void jsonThatIsStillBeingWrittenIsWaitedFor() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("mug.json", "{\"name\":");
        assertThat(folder.afterSeconds(3).taken()).isEmpty();

        folder.drop("mug.json", "{\"name\":\"Red mug\"}");

        assertThat(folder.afterSeconds(1).taken()).containsExactly("mug.jpg");
        assertThat(folder.read("mug.jpg")).containsEntry("name", "Red mug");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mug.json", "mug.jpg.json"})
    void jsonThatComesAfterItsPictureUpdatesTheProduct(String name) throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.afterSeconds(1);
        folder.accept("job-1");
        folder.drop(name, "{\"name\":\"Red mug\"}");

        folder.afterSeconds(4);

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(folder.read("mug.jpg")).containsEntry("name", "Red mug");
        folder.accept("job-2");
        assertThat(folder.done()).containsExactlyInAnyOrder("mug.jpg", name);
        assertThat(folder.names()).isEmpty();
    }

    @Test
    void jsonWithoutAPictureIsSaidAndGoesToFailedAfterAWhile() throws IOException {
        folder.drop("mug.json", "{}");

        folder.afterSeconds(31);
        assertThat(folder.names()).containsExactly("mug.json");
        assertThat(folder.failed()).containsExactly("mug.json.waiting.txt");

        folder.after(Duration.ofMinutes(10));
        assertThat(folder.names()).isEmpty();
        assertThat(folder.failed()).containsExactly("mug.json", "mug.json.error.txt");
        assertThat(folder.note("mug.json")).contains("No picture");
        assertThat(log.messages()).hasSize(2);
    }

    // Copies in progress

    @Test
    void aCopyThatReservesItsSizeFirstIsTakenWhenItsContentIsThere() throws IOException {
        for (String golden :
                List.of("baseline-420.jpg", "rgb.png", "palette.gif", "lossy-90.webp", "rgb.bmp", "plain.tiff")) {
            byte[] whole = Files.readAllBytes(RunningVitrine.HOME.resolve("src/test/resources/golden/" + golden));
            byte[] half = Arrays.copyOf(Arrays.copyOf(whole, whole.length / 2), whole.length);
            folder.drop(golden, half);

            folder.afterSeconds(8);
            assertThat(folder.taken()).as(golden + ", half").isEmpty();

            folder.drop(golden, whole);
            folder.afterSeconds(2);
            assertThat(folder.taken()).as(golden).containsExactly(golden);
            folder.accept("job");
        }
    }

    @Test
    void aPictureThatEndsInZerosIsTakenAfterALongerTime() throws IOException {
        byte[] black = Pictures.encode("bmp", 1, 64, 64);
        Arrays.fill(black, 60, black.length, (byte) 0);
        folder.drop("black.bmp", black);

        assertThat(folder.afterSeconds(40).taken()).isEmpty();
        assertThat(folder.failed()).containsExactly("black.bmp.waiting.txt");
        assertThat(folder.after(Duration.ofMinutes(5)).taken()).containsExactly("black.bmp");
        assertThat(folder.failed()).isEmpty();
    }

    @Test
    void aCopyThatStallsStaysAndIsSaidAndIsTakenWhenItGoesOn() throws IOException {
        folder.drop("mug.jpg", Arrays.copyOf(PICTURE, PICTURE.length / 2));
        folder.drop("empty.jpg", new byte[0]);

        folder.after(Duration.ofMinutes(2));
        assertThat(folder.names()).containsExactly("empty.jpg", "mug.jpg");
        assertThat(folder.failed()).containsExactly("empty.jpg.waiting.txt", "mug.jpg.waiting.txt");
        assertThat(log.messages()).hasSize(2).anyMatch(line -> line.contains("its end is missing"));

        folder.drop("mug.jpg", PICTURE);
        assertThat(folder.afterSeconds(1).taken()).containsExactly("mug.jpg");
        assertThat(folder.failed()).containsExactly("empty.jpg.waiting.txt");
    }

    @Test
    void aCopyThatNeverGoesOnIsHandedOnInTheEndToBeRefused() throws IOException {
        folder.drop("mug.jpg", Arrays.copyOf(PICTURE, PICTURE.length / 2));

        assertThat(folder.after(Duration.ofMinutes(59)).taken()).isEmpty();
        assertThat(folder.after(Duration.ofMinutes(2)).taken()).containsExactly("mug.jpg");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1_000_000, 0, 1_000_000})
    void whatCountsIsChangeAndNotTheTimeThatAFileCarries(long seconds) throws IOException {
        Path file = folder.drop("mug.jpg", PICTURE);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));

        assertThat(folder.after(Duration.ZERO).taken()).isEmpty();
        assertThat(folder.afterSeconds(1).taken()).containsExactly("mug.jpg");
    }

    // Other kinds

    @Test
    void whatIsNoPictureGoesToFailedWithTheReason() throws IOException {
        byte[] heic = new byte[64];
        System.arraycopy("\0\0\0\30ftypheic".getBytes(), 0, heic, 0, 12);
        folder.drop("phone.heic", heic);
        folder.drop("list.csv", "id;name");
        folder.drop("picture.dat", PICTURE);
        folder.drop("Thumbs.db", "x");

        folder.afterSeconds(6);

        assertThat(folder.names()).containsExactly("Thumbs.db");
        assertThat(folder.note("phone.heic")).contains("HEIC");
        assertThat(folder.note("list.csv")).contains("not a picture");
        assertThat(folder.note("picture.dat")).contains("JPEG", "Rename");
        assertThat(log.messages()).hasSize(3);
    }

    @Test
    void whatACopyCallsItsUnfinishedFileIsLeftAloneForAnHour() throws IOException {
        folder.drop("mug.jpg.part", PICTURE);

        folder.after(Duration.ofMinutes(59));
        assertThat(folder.names()).containsExactly("mug.jpg.part");
        folder.after(Duration.ofMinutes(2));
        assertThat(folder.failed()).containsExactly("mug.jpg.part", "mug.jpg.part.error.txt");
    }

    // Trouble

    @Test
    void anErrorWhileAFileIsLookedAtFailsThatFileAlone() throws IOException {
        Moves moves = (from, to) -> {
            if (from.endsWith("deep.jpg") && to.startsWith(path.resolve(".work"))) {
                throw new StackOverflowError();
            }
            Moves.ATOMIC.move(from, to);
        };
        try (DropFolder other = new DropFolder(path, "other", moves, Optional.empty())) {
            other.drop("deep.jpg", PICTURE);
            other.drop("mug.jpg", PICTURE);

            other.afterSeconds(1);

            assertThat(other.taken()).containsExactly("mug.jpg");
            assertThat(other.note("deep.jpg")).contains("StackOverflowError");
        }
    }

    @Test
    void anErrorFromTheRouteFailsThatPicture() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.afterSeconds(1);

        folder.refuse("mug.jpg", new OutOfMemoryError("Java heap space"));

        assertThat(folder.note("mug.jpg")).contains("OutOfMemoryError");
        assertThat(folder.failed()).contains("mug.jpg");
    }

    @Test
    void aFileThatCannotBeReadFailsAlone() throws IOException {
        Path secret = folder.drop("secret.jpg", PICTURE);
        secret.toFile().setReadable(false);
        if (Files.isReadable(secret)) { // root may read it, but not this
            Files.delete(secret);
            Files.createSymbolicLink(secret, Path.of("/sys/bus/platform/drivers_probe"));
        }
        assumeThat(Files.isRegularFile(secret)).isTrue();
        folder.drop("mug.jpg", PICTURE);

        assertThat(folder.afterSeconds(1).taken()).containsExactly("mug.jpg");
        folder.afterSeconds(8);

        assertThat(folder.note("secret.jpg")).contains("cannot be read");
        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(log.messages()).hasSize(1);
    }

    @Test
    void aFileThatCannotBeMovedIsTakenOnceAndSaidOnceAlsoAfterARestart() throws IOException {
        Moves moves = (from, to) -> {
            if (from.startsWith(path) && from.getParent().equals(path)) {
                throw new AccessDeniedException(from.toString(), to.toString(), "Operation not permitted");
            }
            Moves.ATOMIC.move(from, to);
        };
        // Deleting it fails as well, as in a folder with the sticky bit.
        try (DropFolder sticky = new DropFolder(path, "sticky", moves, Optional.empty())) {
            Path file = sticky.drop("mug.jpg", PICTURE);
            assumeThat(makeImmovable(file)).isTrue();
            try {
                sticky.afterSeconds(7);
                assertThat(sticky.accept("job")).containsExactly("mug.jpg");
                sticky.after(Duration.ofHours(2));
                assertThat(sticky.taken()).isEmpty();
                assertThat(sticky.names()).containsExactly("mug.jpg");
                assertThat(sticky.done()).containsExactly("mug.jpg");
                assertThat(log.messages()).singleElement().asString().contains("cannot be moved");
                try (DropFolder next = new DropFolder(path, "next", moves, Optional.empty())) {
                    assertThat(next.after(Duration.ofHours(2)).taken()).isEmpty();
                }
            } finally {
                makeMovable(file);
            }
        }
    }

    private static boolean makeImmovable(Path file) throws IOException {
        return run("chattr", "+i", file.toString());
    }

    private static void makeMovable(Path file) throws IOException {
        run("chattr", "-i", file.toString());
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void afterAFailureThatIsNotThePicturesOwnAllWaitForAFewSeconds() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("pot.jpg", PICTURE);
        folder.afterSeconds(1);

        folder.fail("mug.jpg", new IOException("No space left on device"));

        assertThatThrownBy(() -> folder.read("pot.jpg")).hasMessageContaining("waits");
        folder.fail("pot.jpg", new IllegalStateException("The drop folder waits"));
        assertThat(folder.names()).containsExactly("mug.jpg", "pot.jpg");
        assertThat(folder.afterSeconds(3).taken()).isEmpty();
        assertThat(folder.afterSeconds(3).taken()).containsExactly("pot.jpg");
        folder.accept("job");
        assertThat(folder.afterSeconds(1).accept("job")).containsExactly("mug.jpg");
        assertThat(log.messages()).hasSize(2).last().asString().contains("goes on");
    }

    @Test
    void aFileThatFailsAgainAndAgainWhileOthersAreTakenIsGivenUp() throws IOException {
        folder.drop("bad.jpg", PICTURE);
        for (int i = 0; i < 5; i++) {
            folder.drop("good-" + i + ".jpg", PICTURE);
            folder.afterSeconds(7);
            for (String name : folder.taken()) {
                if (name.equals("bad.jpg")) {
                    folder.fail(name, new IllegalStateException("strange"));
                }
            }
            folder.accept("job");
        }

        folder.afterSeconds(8);

        assertThat(folder.done()).hasSize(5);
        assertThat(folder.note("bad.jpg")).contains("strange", "5 tries");
    }

    @Test
    void damageThatOnlyAWorkerSeesMovesThePictureToFailed() throws IOException {
        List<JobListing.Entry> failed = new ArrayList<>();
        JobStore store = new JobStore() {
            @Override
            public Optional<JobState> find(String jobId) {
                return Optional.empty();
            }

            @Override
            public JobListing list(JobStatus status, String productId, int limit, JobCursor before) {
                return new JobListing(failed, null);
            }
        };
        try (DropFolder watching = new DropFolder(path, "watching", Moves.ATOMIC, Optional.of(store))) {
            watching.drop("mug.jpg", PICTURE);
            watching.drop("mug.json", "{}");
            watching.afterSeconds(1);
            watching.accept("job-7");
            watching.afterSeconds(5);
            assertThat(watching.done()).containsExactly("mug.jpg", "mug.json");

            failed.add(new JobListing.Entry(
                    new JobState(
                            "job-7",
                            "mug",
                            "main",
                            "mug",
                            JobStatus.FAILED,
                            1,
                            null,
                            null,
                            null,
                            null,
                            "The picture is damaged.",
                            null,
                            null),
                    null));
            watching.afterSeconds(3);

            assertThat(watching.done()).isEmpty();
            assertThat(watching.failed()).containsExactly("mug.jpg", "mug.jpg.error.txt", "mug.json");
            assertThat(watching.note("mug.jpg")).contains("damaged", "job-7");
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidOnceAndUsedAgainWhenItCan() throws IOException {
        Path missing = path.resolve("file");
        Files.writeString(missing, "not a folder");
        try (DropFolder other = new DropFolder(missing)) {
            other.afterSeconds(5);
            assertThat(log.messages()).hasSize(1);

            Files.delete(missing);
            Files.createDirectory(missing);
            other.drop("mug.jpg", PICTURE);
            assertThat(other.afterSeconds(1).taken()).containsExactly("mug.jpg");
            assertThat(log.messages()).hasSize(2);
        }
    }

    // Several processes

    @Test
    void ofSeveralProcessesEachFileIsTakenByOne() throws Exception {
        for (int i = 0; i < 48; i++) {
            folder.drop("mug-" + i + ".jpg", PICTURE);
            folder.drop("mug-" + i + ".json", "{\"name\":\"" + i + "\"}");
        }
        try (DropFolder a = new DropFolder(path, "a", Moves.ATOMIC, Optional.empty());
                DropFolder b = new DropFolder(path, "b", Moves.ATOMIC, Optional.empty())) {
            a.after(Duration.ZERO);
            b.after(Duration.ZERO);
            CompletableFuture<Void> both = CompletableFuture.allOf(
                    CompletableFuture.runAsync(() -> a.afterSeconds(1)),
                    CompletableFuture.runAsync(() -> b.afterSeconds(1)));
            both.join();

            List<String> all = new ArrayList<>(a.taken());
            all.addAll(b.taken());
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 48)
                            .mapToObj(i -> "mug-" + i + ".jpg")
                            .toList());
            for (DropFolder one : List.of(a, b)) {
                for (String name : one.taken()) {
                    assertThat(one.read(name).get("name") + "").isEqualTo(name.replaceAll("\\D", ""));
                }
            }
        }
        assertThat(folder.names()).as("put back by who stopped").hasSize(96);
    }

    @Test
    void aNewerFileOfTheSameNameWaitsWhileAnotherProcessHasTheOlder() throws IOException {
        try (DropFolder other = new DropFolder(path, "other", Moves.ATOMIC, Optional.empty())) {
            other.drop("mug.jpg", PICTURE);
            other.afterSeconds(1);
            folder.drop("mug.jpg", Pictures.jpeg(2));

            assertThat(folder.afterSeconds(3).taken()).isEmpty();
            other.accept("job");
            assertThat(folder.afterSeconds(1).taken()).containsExactly("mug.jpg");
        }
    }

    @Test
    void whatAKilledProcessLeftIsTakenByAnother() throws IOException {
        Path dead = Files.createDirectories(path.resolve(".work/dead"));
        Files.createFile(path.resolve(".work/dead.lock"));
        Files.write(dead.resolve("mug.jpg"), PICTURE);
        Files.writeString(dead.resolve("mug.json"), "{\"name\":\"Red mug\"}");
        Files.createDirectories(path.resolve(".work/ended-before-it-took-anything"));

        folder.afterSeconds(2);

        assertThat(folder.taken()).containsExactly("mug.jpg");
        assertThat(folder.read("mug.jpg")).containsEntry("name", "Red mug");
        assertThat(DropFolder.names(path.resolve(".work"))).containsExactly("process", "process.lock", "seen");
    }

    @Test
    void whatIsNotSettledIsPutBackWhenTheProcessStops() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.drop("mug.json", "{}");
        folder.afterSeconds(1);

        folder.inbox.close();

        assertThat(folder.names()).containsExactly("mug.jpg", "mug.json");
        assertThat(DropFolder.names(path.resolve(".work"))).containsExactly("seen");
    }

    @Test
    void aRefusalIsExplainedToWhoeverDroppedThePicture() throws IOException {
        folder.drop("mug.jpg", PICTURE);
        folder.afterSeconds(1);

        folder.refuse("mug.jpg", new UnusablePictureException(Reason.DAMAGED, "The picture is damaged."));

        assertThat(folder.failed()).containsExactly("mug.jpg", "mug.jpg.error.txt");
        assertThat(folder.note("mug.jpg")).contains("damaged", "Mend it");
    }
}
