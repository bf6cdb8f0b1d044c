package dev.vitrine.catalogue.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.catalogue.sync.SentPictures.UnusablePlaceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of imports, had once more. */
class SentPicturesTest {
    private static final long VERSION = 1_800_000_000_000L;
    private static final String JOB = "01a31bb2-7800-7000-8000-000000000000";

    @TempDir
    private Path folder;

    private Path picture;
    private Path imports;
    private Path copies;

    @BeforeEach
    void remember() throws Exception {
        picture = Files.writeString(folder.resolve("mug.jpg"), "a picture");
        imports = folder.resolve("imports");
        copies = folder.resolve("copies");
        try (KnownPictures known = new KnownPictures(imports.resolve("here/sent.db"))) {
            known.put("mug\nmain", known(picture.toString(), VERSION));
            known.put("cup\nmain", known(null, VERSION));
            known.put("gone\nmain", known(folder.resolve("gone.jpg").toString(), VERSION));
            known.put("killed\nmain", known(picture.toString(), 0));
        }
    }

    private Known known(String place, long version) throws Exception {
        String hash = PictureSource.hash(picture);
        return new Known("shop", "mug.jpg", place, null, null, hash, "", JOB, true, version);
    }

    @Test
    void onlyTheVeryPictureOfAPointIsGivenOut() throws Exception {
        Files.createDirectories(imports.resolve("runs"));
        SentPictures.copy(imports, copies);
        try (SentPictures sent = sent()) {
            try (SentPictures.Sent mug = sent.get("mug", "main", VERSION)) {
                assertThat(mug.file()).hasContent("a picture");
            }
            assertThat(picture).as("a picture that was not fetched stays").exists();
            assertThatThrownBy(() -> sent.get("mug", "main", VERSION + 1))
                    .isInstanceOf(UnusablePlaceException.class)
                    .hasMessageContaining("not brought by an import");
            assertThatThrownBy(() -> sent.get("mug", "back", VERSION)).isInstanceOf(UnusablePlaceException.class);
            assertThatThrownBy(() -> sent.get("cup", "main", VERSION)).hasMessageContaining("earlier version");
            assertThatThrownBy(() -> sent.get("gone", "main", VERSION)).hasMessageContaining("There is no file");
            Files.writeString(picture, "another picture");
            assertThatThrownBy(() -> sent.get("mug", "main", VERSION))
                    .isInstanceOf(UnusablePlaceException.class)
                    .hasMessageContaining("another picture than when it was imported");
        }
    }

    /** The version is not known then, but when the job's id was made. */
    @Test
    void anImportThatWasKilledBeforeItSawTheJobsEndCountsToo() throws Exception {
        SentPictures.copy(imports, copies);
        long made = Long.parseLong("01a31bb27800", 16);
        try (SentPictures sent = sent()) {
            sent.get("killed", "main", made + 3).close();
            assertThatThrownBy(() -> sent.get("killed", "main", made - 1)).isInstanceOf(UnusablePlaceException.class);
            assertThatThrownBy(() -> sent.get("killed", "main", made + 60_000))
                    .isInstanceOf(UnusablePlaceException.class);
        }
    }

    @Test
    void nothingIsCopiedWhileAnImportRuns() throws Exception {
        try (KnownPictures running = new KnownPictures(imports.resolve("here/sent.db"))) {
            assertThatThrownBy(() -> SentPictures.copy(imports, copies))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("An import is running");
        }
        SentPictures.copy(imports, copies);
        assertThat(copies).isNotEmptyDirectory();
    }

    @Test
    void whereNothingWasEverImportedThereIsNothing() throws Exception {
        SentPictures.copy(folder.resolve("none"), copies);
        try (SentPictures sent = sent()) {
            assertThatThrownBy(() -> sent.get("mug", "main", VERSION)).isInstanceOf(UnusablePlaceException.class);
        }
    }

    private SentPictures sent() throws Exception {
        PictureSource source =
                new PictureSource(null, new HostPauses(Clock.systemUTC()), ImageBase.none(), folder, 1_000_000);
        return new SentPictures(copies, source);
    }
}
