package dev.vitrine.catalogue.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vitrine.catalogue.read.Catalogue;
import dev.vitrine.catalogue.read.Catalogues;
import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.catalogue.read.ProductRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What failed can be imported once it is mended, and brings what the catalogue would have brought. */
class FailureReportTest {
    private static final Path SAMPLES = Path.of("src/test/resources/catalogues");
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private record Read(List<String> pictures, List<Fault> errors) {}

    @TempDir
    private Path folder;

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> !file.toString().contains(".expected."))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyExportIsTheSameAfterAReport(Path sample) throws IOException {
        Path file = folder.resolve("failed.csv");
        Read before;
        try (FailureReport report = new FailureReport(file, ImageBase.none());
                Plan plan = new Plan(null)) {
            before = read(sample, plan);
            for (Iterator<Wanted> i = plan.pictures(); i.hasNext(); ) {
                report.add(i.next(), "image", "=cause");
            }
            for (Fault error : before.errors()) {
                report.add(error);
            }
        }
        try (Plan plan = new Plan(null)) {
            Read after = read(file, plan);
            assertThat(before.pictures()).isNotEmpty();
            assertThat(after.pictures()).isEqualTo(before.pictures());
            assertThat(after.errors()).as("none is mended").hasSameSizeAs(before.errors());
        }
    }

    @Test
    void aRowThatNamesNoProductIsMendedByNamingIt() throws IOException {
        Path catalogue = Files.writeString(
                folder.resolve("shop.csv"), "product_id,name,image,price\n,=Mug,\"a, b.jpg\",\"1.234,5\"\n");
        Path file = folder.resolve("failed.csv");
        try (FailureReport report = new FailureReport(file, ImageBase.url("https://shop.example/pics/"));
                Plan plan = new Plan(null)) {
            for (Fault error : read(catalogue, plan).errors()) {
                report.add(error);
            }
        }
        assertThat(Files.readAllLines(file).get(1)).startsWith("2,product_id,The row names no product,,a");

        Files.writeString(file, Files.readString(file).replace("no product,,", "no product,m-1,"));

        try (Plan plan = new Plan(null)) {
            assertThat(read(file, plan).pictures().get(0))
                    .contains("m-1", "=Mug", "https://shop.example/pics/a", "{\"price\":1234.5}");
        }
    }

    private static Read read(Path path, Plan plan) throws IOException {
        List<Fault> errors = new ArrayList<>();
        try (Catalogue catalogue = new Catalogues(null, Map.of()).open(path)) {
            for (Optional<ProductRow> row = next(catalogue, errors); row.isPresent(); row = next(catalogue, errors)) {
                plan.add(row.get(), fault -> add(fault, errors));
            }
        }
        List<String> pictures = new ArrayList<>();
        for (Iterator<Wanted> i = plan.pictures(); i.hasNext(); ) {
            Wanted wanted = i.next();
            pictures.add(String.join("\n", wanted.key(), wanted.name(), wanted.picture(), json(wanted.metadata())));
        }
        return new Read(pictures.stream().sorted().toList(), errors);
    }

    private static Optional<ProductRow> next(Catalogue catalogue, List<Fault> errors) throws IOException {
        return catalogue.next(fault -> add(fault, errors));
    }

    private static void add(Fault fault, List<Fault> errors) {
        if (!fault.isWarning()) {
            errors.add(fault);
        }
    }

    private static String json(Map<String, Object> metadata) throws JsonProcessingException {
        return JSON.writeValueAsString(metadata);
    }
}
