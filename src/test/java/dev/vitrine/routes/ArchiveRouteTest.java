package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.archive.FolderArchive;
import dev.vitrine.job.Job;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is indexed is in the archive, as it came. */
class ArchiveRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    private static final Path FOLDER = pipeline.folder().resolve("archive");

    static {
        pipeline.with("VITRINE_ARCHIVE", FOLDER.toString());
    }

    @Test
    void anIndexedPictureIsKeptAsItCame() throws IOException {
        pipeline.await(pipeline.upload("lamp"), "completed");

        Path kept = new FolderArchive(FOLDER)
                .find(Job.pictureKey(Job.productKey(null, "lamp"), "main"), 0)
                .orElseThrow()
                .path();
        assertThat(Files.readAllBytes(kept)).isEqualTo(Pictures.jpeg("lamp".hashCode()));
        assertThat(pipeline.keptFiles()).isEmpty();
    }
}
