package dev.vitrine.catalogue.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shops' exports are read as they come. */
class CataloguesTest {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(SampleCatalogue.class)
    void readsEveryProductOfAnExport(SampleCatalogue sample) throws IOException {
        assertThat(SampleCatalogue.read(sample.path(), new ArrayList<>())).containsExactlyElementsOf(sample.expected());
        try (Catalogue catalogue = new Catalogues(null, Map.of()).open(sample.path())) {
            assertThat(catalogue.description()).startsWith(sample.format.title());
        }
    }

    @ParameterizedTest
    @EnumSource(SampleCatalogue.class)
    void readsAnExportAlikeHoweverItIsWritten(SampleCatalogue sample) throws IOException {
        List<String> expected = sample.expected();
        int written = 0;
        for (String charset : List.of("UTF-8", "BOM", "UTF-16LE", "windows-1252")) {
            for (char delimiter : sample.isTable() ? new char[] {',', ';', '\t'} : new char[] {','}) {
                for (String lineEnd : List.of("\r\n", "\n")) {
                    for (boolean isGzip : new boolean[] {false, true}) {
                        Path file = folder.resolve("catalogue-" + ++written);
                        Files.write(file, bytes(text(sample, delimiter, lineEnd), charset, isGzip));
                        assertThat(SampleCatalogue.read(file, new ArrayList<>()))
                                .as("%s, %s, %s, gzip %s", charset, delimiter, lineEnd.length(), isGzip)
                                .containsExactlyElementsOf(expected);
                    }
                }
            }
        }
        assertThat(written).isEqualTo(sample.isTable() ? 48 : 16);
    }

    /** The sample with other delimiters and line ends. */
    private static String text(SampleCatalogue sample, char delimiter, String lineEnd) throws IOException {
        if (!sample.isTable()) {
            return sample.text().replace("\r\n", "\n").replace("\n", lineEnd);
        }
        String text = sample.text();
        String body = text.startsWith("sep=") ? text.substring(text.indexOf('\n') + 1) : text;
        char native1 = sample.path().toString().endsWith(".tsv")
                ? '\t'
                : body.substring(0, body.indexOf('\n')).contains(";") ? ';' : ',';
        CSVFormat in = CSVFormat.DEFAULT.builder().setDelimiter(native1).get();
        CSVFormat out = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setRecordSeparator(lineEnd)
                .get();
        StringBuilder table = new StringBuilder();
        try (CSVParser parser = CSVParser.builder()
                .setReader(new StringReader(body))
                .setFormat(in)
                .get()) {
            for (CSVRecord record : parser) {
                table.append(out.format((Object[]) record.values())).append(lineEnd);
            }
        }
        return table.toString();
    }

    private static byte[] bytes(String text, String charset, boolean isGzip) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = isGzip ? new GZIPOutputStream(bytes) : bytes) {
            switch (charset) {
                case "UTF-8" -> out.write(text.getBytes(StandardCharsets.UTF_8));
                case "BOM" -> out.write(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8));
                case "UTF-16LE" ->
                    out.write(("\uFEFF" + text.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\""))
                            .getBytes(StandardCharsets.UTF_16LE));
                default ->
                    out.write(text.replace("encoding=\"UTF-8\"", "encoding=\"windows-1252\"")
                            .getBytes(WINDOWS));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void tellsWhatIsWrongWithRowsAndWhere() throws IOException {
        List<Fault> faults = new ArrayList<>();
        SampleCatalogue.read(SampleCatalogue.PLAIN.path(), faults);

        assertThat(faults)
                .filteredOn(fault -> !fault.isWarning())
                .extracting(Fault::cause)
                .satisfiesExactly(
                        cause -> assertThat(cause).contains("1.23E+12").contains("that of line"),
                        cause -> assertThat(cause).contains("names no product"));
        assertThat(faults)
                .filteredOn(Fault::isWarning)
                .extracting(Fault::cause)
                .anyMatch(cause -> cause.contains("a spreadsheet has changed"))
                .anyMatch(cause -> cause.contains("9 cells under 7 headers"));
        assertThat(faults).extracting(Fault::line).allMatch(line -> line > 1);
    }

    @Test
    void countsLinesAsAnEditorDoes() throws IOException {
        Path file = write("\n\"product_id\",name,image\r\n1,\"two\r\nlines\",a.jpg\r\n\r\n2,b,b.jpg\r\n");
        List<Long> lines = new ArrayList<>();
        try (Catalogue catalogue = new Catalogues(null, Map.of()).open(file)) {
            for (Optional<ProductRow> row = catalogue.next(f -> {}); row.isPresent(); row = catalogue.next(f -> {})) {
                lines.add(row.get().line());
            }
        }
        assertThat(lines).containsExactly(3L, 6L);
    }

    @Test
    void takesColumnsThatTheUserNames() throws IOException {
        Path file = write("Artikel;Bezeichnung;Foto\n7;Tasse;t.jpg\n");
        try (Catalogue catalogue = new Catalogues(
                        null, Map.of("product_id", "Artikel", "name", "Bezeichnung", "image", "foto"))
                .open(file)) {
            ProductRow row = catalogue.next(f -> {}).orElseThrow();
            assertThat(row.productId()).isEqualTo("7");
            assertThat(row.name()).isEqualTo("Tasse");
            assertThat(row.picture()).isEqualTo("t.jpg");
        }
        assertThatThrownBy(() -> new Catalogues(null, Map.of()).open(file))
                .hasMessageContaining("--map product_id=COLUMN")
                .hasMessageContaining("Artikel, Bezeichnung, Foto");
        assertThatThrownBy(() -> new Catalogues(null, Map.of("product_id", "SKU")).open(file))
                .hasMessageContaining("\"SKU\"");
    }

    @Test
    void readsAFeedThatDoesNotSayItsCharset() throws IOException {
        String feed = "<rss xmlns:g='http://base.google.com/ns/1.0'><channel><item><g:id>1</g:id><g:title>Été</g:title>"
                + "<g:image_link>https://m.example/1.jpg</g:image_link></item></channel></rss>";
        Path file = Files.write(folder.resolve("feed.xml"), feed.getBytes(WINDOWS));
        assertThat(SampleCatalogue.read(file, new ArrayList<>()))
                .singleElement()
                .asString()
                .contains("Été");
    }

    @Test
    void readsVectorsOfAnExport() throws IOException {
        Path file = write("{\"product_id\":\"a\",\"image_id\":\"main\",\"name\":\"A\",\"vector\":[0.5,-1]}\n");
        try (Catalogue catalogue = new Catalogues(null, Map.of()).open(file)) {
            ProductRow row = catalogue.next(f -> {}).orElseThrow();
            assertThat(row.vector()).containsExactly(0.5f, -1f);
            assertThat(row.picture()).isNull();
            assertThat(row.imageId()).isEqualTo("main");
        }
    }

    @Test
    void readsAFolderOfPictures() throws IOException {
        Files.createDirectories(folder.resolve("shop/mug 2"));
        for (String name : List.of("mug-1.jpg", "mug 2/front.PNG", "mug 2/back.webp", "notes.txt", ".hidden.jpg")) {
            Files.write(folder.resolve("shop").resolve(name), new byte[] {1});
        }
        assertThat(SampleCatalogue.read(folder.resolve("shop"), new ArrayList<>()))
                .extracting(line -> line.replaceAll(".*\"image_id\":\"(.*?)\".*\"product_id\":\"(.*?)\".*", "$2 $1"))
                .containsExactlyInAnyOrder("mug-1 main", "mug 2 front", "mug 2 back");
    }

    @Test
    void refusesWhatIsNoCatalogue() throws IOException {
        assertThatThrownBy(() -> new Catalogues(null, Map.of()).open(write(""))).hasMessageContaining("is empty");
        assertThatThrownBy(() -> new Catalogues(null, Map.of()).open(write("PK\u0003\u0004...")))
                .hasMessageContaining("unpack it");
        assertThatThrownBy(() -> new Catalogues(null, Map.of()).open(folder.resolve("nothing.csv")))
                .hasMessageContaining("There is no");
        assertThatThrownBy(() -> SampleCatalogue.read(
                        write("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><item>&x;</item></rss>"),
                        new ArrayList<>()))
                .isInstanceOf(CatalogueException.class);
    }

    @Test
    void givesUpOnARowThatDoesNotEnd() throws IOException {
        Path file = write("product_id,name,image\n1,\"never closed,a.jpg\n" + "2,b,b.jpg\n".repeat(1_000_000));
        assertThatThrownBy(() -> SampleCatalogue.read(file, new ArrayList<>()))
                .isInstanceOf(CatalogueException.class)
                .hasMessageContaining("quotation mark");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "catalogue", ".csv"), text);
    }
}
