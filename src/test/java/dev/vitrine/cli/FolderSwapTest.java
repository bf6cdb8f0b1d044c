package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSwapTest {
    @TempDir
    private Path home;

    private FolderSwap swap;

    @BeforeEach
    void makeTheOldFolder() throws IOException {
        Files.writeString(Files.createDirectory(home.resolve("components")).resolve("old.jar"), "old");
        swap = new FolderSwap(home.resolve("components"), home.resolve("before"));
    }

    @Test
    void theNewFolderTakesThePlaceOfTheOld() throws IOException {
        Path fresh = Files.createDirectory(home.resolve("fresh"));
        Files.writeString(fresh.resolve("new.jar"), "new");
        swap.replaceBy(Optional.of(fresh));
        assertThat(home.resolve("components/new.jar")).exists();
        assertThat(home.resolve("components/old.jar")).doesNotExist();
    }

    @Test
    void theOldFolderIsThereAgainWhereTheNewOneCannotTakeItsPlace() {
        assertThatThrownBy(() -> swap.replaceBy(Optional.of(home.resolve("missing"))))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(home.resolve("components/old.jar")).hasContent("old");
        assertThat(home.resolve("before")).doesNotExist();
    }

    @Test
    void nothingIsLeftWhereNothingComesInstead() throws IOException {
        swap.replaceBy(Optional.empty());
        assertThat(home.resolve("components")).doesNotExist();
    }
}
