package dev.vitrine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of shipped files is complete, and tests look at no others. */
class ShippedFilesTest {
    @TempDir
    private Path folder;

    @Test
    void theListNamesFilesThatAreThere() {
        assertThat(ShippedFiles.in("routes")).hasSizeGreaterThan(8).allMatch(Files::isRegularFile);
        assertThat(ShippedFiles.in("routes/examples")).hasSizeGreaterThan(8).allMatch(Files::isRegularFile);
        assertThat(ShippedFiles.in("kamelets")).hasSizeGreaterThan(5).allMatch(Files::isRegularFile);
    }

    @Test
    void theListNamesWhatIsCommitted() throws Exception {
        assumeThat(RunningVitrine.HOME.resolve(".git")).exists();
        Process git;
        try {
            git = new ProcessBuilder("git", "ls-files", "routes/*.yaml", "kamelets/*.yaml")
                    .directory(RunningVitrine.HOME.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            assumeThat(e).as("git").isNull();
            return;
        }
        List<String> committed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assumeThat(git.waitFor()).isZero();

        assertThat(committed)
                .as("src/test/resources/shipped-files.txt; a site's own file goes there with a ! in front")
                .allMatch(file -> ShippedFiles.list().contains(file)
                        || ShippedFiles.list().contains("!" + file));
    }

    @Test
    void aCopyHoldsShippedFilesAlone() throws Exception {
        ShippedFiles.copy(folder);

        assertThat(RunningVitrine.names(folder.resolve("routes")))
                .contains("accept.camel.yaml")
                .doesNotContain("README.md", "examples");
        assertThat(RunningVitrine.names(folder.resolve("kamelets"))).contains("vitrine-take-action.kamelet.yaml");
    }

    /** So that the guide's first example in {@code routes/} fails no test. */
    @Test
    void noOtherTestListsTheFoldersOfTheProject() throws Exception {
        try (Stream<Path> tests = Files.walk(RunningVitrine.HOME.resolve("src/test/java"))) {
            for (Path test : tests.filter(Files::isRegularFile).toList()) {
                if (!test.endsWith("ShippedFilesTest.java")) {
                    assertThat(Files.readString(test))
                            .as(test.toString())
                            .doesNotContain(
                                    "Vitrine.routeFiles(",
                                    "HOME.resolve(\"routes\")",
                                    "HOME.resolve(\"routes/examples\")",
                                    "HOME.resolve(\"kamelets\")",
                                    "HOME.resolve(folder))");
                }
            }
        }
    }
}
