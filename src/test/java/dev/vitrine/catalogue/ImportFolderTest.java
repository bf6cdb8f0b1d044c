package dev.vitrine.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.catalogue.ImportView.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to import are there whole or not at all. */
class ImportFolderTest {
    private static final String ID = "019c0000-0000-7000-8000-000000000001";

    @TempDir
    private Path folder;

    private static ImportRequest request(String id) {
        return new ImportRequest(
                id, "shop", null, null, Map.of(), null, null, false, false, false, false, "2026-01-31T07:00:00.000Z");
    }

    @Test
    void aRequestIsThereWithItsCatalogue() throws IOException {
        ImportFolder imports = new ImportFolder(folder);
        imports.add(request(ID), Optional.of(file -> Files.writeString(file, "product_id")));

        assertThat(new ImportFolder(folder).ids()).containsExactly(ID);
        assertThat(imports.request(ID)).contains(request(ID));
        assertThat(imports.catalogue(ID)).hasContent("product_id");
        assertThat(imports.begin(ID)).isFalse();
        assertThat(new ImportFolder(folder).begin(ID)).as("after a crash").isTrue();

        imports.end(ImportView.of(request(ID), Status.COMPLETED, "2026-01-31T07:00:01.000Z", null, null, null));
        assertThat(imports.result(ID)).isPresent();
        assertThat(imports.catalogue(ID)).doesNotExist();
    }

    @Test
    void whatWasNeverTakenIsSwept() throws IOException {
        ImportFolder imports = new ImportFolder(folder);
        assertThatThrownBy(() -> imports.add(request(ID), Optional.of(file -> {
                    Files.writeString(file, "half");
                    throw new IOException("killed");
                })))
                .hasMessage("killed");
        assertThat(imports.ids()).isEmpty();
        assertThat(imports.request(ID)).isEmpty();

        imports.sweep(Instant.now());
        assertThat(folder).as("it may be being taken").isNotEmptyDirectory();
        imports.sweep(Instant.now().plus(Duration.ofDays(1)));
        assertThat(folder).isEmptyDirectory();
    }
}
