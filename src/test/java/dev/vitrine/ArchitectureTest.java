package dev.vitrine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house's arrows point down, and no package depends on itself in a circle. */
@AnalyzeClasses(packages = "dev.vitrine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("entry")
            .definedBy("dev.vitrine", "dev.vitrine.cli..")
            .layer("beans")
            .definedBy(
                    "dev.vitrine.api..",
                    "dev.vitrine.http..",
                    "dev.vitrine.intake..",
                    "dev.vitrine.indexing..",
                    "dev.vitrine.history..",
                    "dev.vitrine.callbacks..",
                    "dev.vitrine.catalogue..",
                    "dev.vitrine.ops..",
                    "dev.vitrine.reindex..",
                    "dev.vitrine.reload..",
                    "dev.vitrine.trace..",
                    "dev.vitrine.djl..")
            .layer("parts")
            .definedBy(
                    "dev.vitrine.queue..",
                    "dev.vitrine.clip..",
                    "dev.vitrine.index..",
                    "dev.vitrine.spool..",
                    "dev.vitrine.archive..",
                    "dev.vitrine.decoder..")
            .layer("ground")
            .definedBy(
                    "dev.vitrine.image..",
                    "dev.vitrine.job..",
                    "dev.vitrine.batch..",
                    "dev.vitrine.watchdog..",
                    "dev.vitrine.text..",
                    "dev.vitrine.log..",
                    "dev.vitrine.settings..",
                    "dev.vitrine.store..",
                    "dev.vitrine.meter..",
                    "dev.vitrine.part..")
            .whereLayer("entry")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("beans")
            .mayOnlyBeAccessedByLayers("entry")
            .whereLayer("parts")
            .mayOnlyBeAccessedByLayers("beans", "entry");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.vitrine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_CORE_KNOWS_NO_CAMEL = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.vitrine.image..",
                    "dev.vitrine.decoder..",
                    "dev.vitrine.clip..",
                    "dev.vitrine.djl..",
                    "dev.vitrine.index..",
                    "dev.vitrine.spool..",
                    "dev.vitrine.archive..",
                    "dev.vitrine.job..",
                    "dev.vitrine.batch..",
                    "dev.vitrine.watchdog..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "io.vertx..");

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NO_REDIS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.vitrine",
                    "dev.vitrine.queue..",
                    "dev.vitrine.api..",
                    "dev.vitrine.intake..",
                    "dev.vitrine.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("redis.clients..", "org.springframework.data.redis..");

    @ArchTest
    static final ArchRule HTTP_KNOWS_NOTHING_OF_PICTURES = noClasses()
            .that()
            .resideInAPackage("dev.vitrine.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.vitrine.image..",
                    "dev.vitrine.decoder..",
                    "dev.vitrine.clip..",
                    "dev.vitrine.index..",
                    "dev.vitrine.queue..",
                    "dev.vitrine.spool..",
                    "dev.vitrine.job..");

    @ArchTest
    static final ArchRule THE_PARTS_DO_NOT_KNOW_EACH_OTHER = slices().matching(
                    "dev.vitrine.(queue|clip|index|spool|archive|decoder)..")
            .should()
            .notDependOnEachOther();

    /** Decoders are as long as their formats. */
    @Test
    void noClassIsTooLongToBeUnderstood() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.getFileName().toString().endsWith("Decoder.java"))
                            .filter(file -> lines(file) > 350))
                    .isEmpty();
        }
        assertThat(lines(Path.of("src/main/java/dev/vitrine/Vitrine.java"))).isLessThan(200);
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
