package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.indexing.Deletions;
import dev.vitrine.job.Job;
import dev.vitrine.spool.FolderTombstones;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A product that was deleted comes back with a later upload, not with an earlier one that was still waiting. */
class DeletionTest {
    @TempDir
    Path data;

    @Test
    void anUploadThatWaitedDoesNotBringADeletedProductBack() {
        String waiting;
        String later;
        try (RunningVitrine api = RunningVitrine.start(data, Map.of("VITRINE_ROLE", "api"))) {
            waiting = api.api().upload("gone", Pictures.jpeg(1)).text("job_id");
            assertThat(api.api().delete("/products/gone").status())
                    .as("nothing is indexed yet")
                    .isEqualTo(404);
            api.api().upload("back", Pictures.jpeg(2));
            api.api().delete("/products/back");
            later = api.api().upload("back", Pictures.jpeg(3)).text("job_id");
        }
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            service.awaitStatus(waiting, "completed");
            service.awaitStatus(later, "completed");
            await().until(() -> service.keptFiles().isEmpty());

            assertThat(service.api().get("/products/gone").status()).isEqualTo(404);
            assertThat(service.api().get("/products/back").status()).isEqualTo(200);
        }
    }

    /** The deletion comes between a worker's last look and its upsert. */
    @Test
    void anUploadThatIsIndexedAtThatMomentIsTakenOutAgain() {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            String job = service.api().upload("gone", Pictures.jpeg(1)).text("job_id");
            service.awaitStatus(job, "completed");
            long version = service.api()
                    .get("/products/gone")
                    .body()
                    .path("images")
                    .path(0)
                    .path("version")
                    .asLong();
            Deletions deletions =
                    service.vitrine().context().getRegistry().lookupByNameAndType("deletions", Deletions.class);
            Job upload = new Job(job, "gone", "main", "Gone", Map.of(), version, "image/jpeg");
            deletions.enforce(upload);
            assertThat(service.api().get("/products/gone").status()).isEqualTo(200);

            new FolderTombstones(data.resolve("deleted")).remember("gone", version + 1);
            deletions.enforce(upload);

            assertThat(service.api().get("/products/gone").status()).isEqualTo(404);
        }
    }
}
