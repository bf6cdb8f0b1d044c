package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./vitrine import} against a running service that asks for a key. */
class ImportCommandTest {
    private static final String KEY = "a-key-of-the-shop";

    private record Run(int code, String out, String err) {}

    @TempDir
    private static Path data;

    private static RunningVitrine service;
    private static final PictureServer SHOP = new PictureServer();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_API_KEY", KEY));
    }

    @AfterAll
    static void stop() {
        service.close();
        SHOP.close();
    }

    private Run run(Path catalogue, String... options) {
        return runWithKey(KEY, catalogue, options);
    }

    private Run runWithKey(String key, Path catalogue, String... options) {
        List<String> all = new ArrayList<>(List.of(
                "import",
                catalogue.toString(),
                "--against",
                service.settings().http().url(),
                "--key",
                key,
                "--state",
                folder.resolve("state").toString(),
                "--fetch-hosts",
                SHOP.host()));
        all.addAll(Arrays.asList(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(all.toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    private static HttpApi api() {
        return service.api().with("Authorization", "Bearer " + KEY);
    }

    private static JsonNode image(String product) {
        return api().get("/products/" + product).body().path("images").path(0);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Serves a picture with a validator, and counts how often it was sent. */
    private static AtomicInteger serve(String path, byte[] content) {
        AtomicInteger sent = new AtomicInteger();
        String tag = "\"" + Arrays.hashCode(content) + "\"";
        SHOP.put(path, request -> {
            request.getResponseHeaders().add("ETag", tag);
            if (tag.equals(request.getRequestHeaders().getFirst("If-None-Match"))) {
                request.sendResponseHeaders(304, -1);
                return;
            }
            sent.incrementAndGet();
            request.sendResponseHeaders(200, content.length);
            request.getResponseBody().write(content);
        });
        return sent;
    }

    @Test
    void sendsWhatIsNewAndNothingTwice() throws Exception {
        AtomicInteger sent = serve("/red.jpg", Pictures.jpeg(1));
        Files.createDirectories(folder.resolve("pictures"));
        Files.write(folder.resolve("pictures/blue.jpg"), Pictures.jpeg(2));
        String table = "product_id,name,image,colour\na-1,Red mug,%1$s?v=1,red\na-2,Blue mug,pictures/blue.jpg,blue\n"
                        .formatted(SHOP.url("/red.jpg"))
                + "a-3,Red mug again,%s?v=1,red\n".formatted(SHOP.url("/red.jpg"));
        Path catalogue = write("shop.csv", table);

        Run planned = run(catalogue, "--dry-run");
        assertThat(planned.out()).contains("Would send 3 pictures");
        assertThat(planned.code()).isZero();
        assertThat(sent).hasValue(0);

        Run first = run(catalogue);
        assertThat(first.err()).contains("a table (UTF-8, commas)").contains("3 products with 3 pictures");
        assertThat(first.out()).contains("Sent 3 pictures, of which 3 are indexed");
        assertThat(first.code()).isZero();
        assertThat(sent).as("one URL of two products is fetched once").hasValue(1);
        assertThat(image("a-1").path("metadata").path("colour").asText()).isEqualTo("red");
        assertThat(image("a-2").path("image_id").asText()).isEqualTo("blue.jpg");

        Run second = run(catalogue);
        assertThat(second.out()).contains("Sent 0 pictures").contains("3 unchanged");
        assertThat(sent).hasValue(1);

        long version = image("a-1").path("version").asLong();
        write("shop.csv", table.replace("Red mug,", "Crimson mug,"));
        assertThat(run(catalogue).out()).contains("Sent 0 pictures").contains("details of 1;");
        assertThat(image("a-1").path("name").asText()).isEqualTo("Crimson mug");
        assertThat(image("a-1").path("version").asLong())
                .as("it is not embedded again")
                .isEqualTo(version);

        Files.write(folder.resolve("pictures/blue.jpg"), Pictures.jpeg(3));
        assertThat(run(catalogue).out()).contains("Sent 1 pictures, of which 1 are indexed");
        assertThat(run(catalogue, "--again").out()).contains("Sent 3 pictures");
    }

    @Test
    void saysThatTheServiceDoesNotTakeTheKey() throws Exception {
        Path catalogue = write("shop.csv", "product_id,name,image\nk-1,Red mug,%s\n".formatted(SHOP.url("/none.jpg")));
        Run refused = runWithKey("another-key-of-somebody", catalogue);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("key").doesNotContain("another-key-of-somebody", "\tat ");
        assertThat(folder.resolve("shop.csv-failed.csv")).doesNotExist();
    }

    @Test
    void reportsWhatFailedSoThatItCanBeImportedOnceItIsMended() throws Exception {
        SHOP.put("/login.jpg", request -> {
            byte[] page = "<!DOCTYPE html><html>Please log in".getBytes();
            request.sendResponseHeaders(200, page.length);
            request.getResponseBody().write(page);
        });
        Files.write(folder.resolve("good.jpg"), Pictures.jpeg(5));
        Files.write(folder.resolve("broken.jpg"), "no picture".getBytes());
        Path catalogue = write(
                "bad.csv",
                "product_id,name,image,note\nb-1,Good,good.jpg,x\nb-2,=HYPERLINK(),missing.jpg,=1+1\nb-3,Page,%s,\n"
                                .formatted(SHOP.url("/login.jpg"))
                        + "b-4,Broken,broken.jpg,\nb-5,Out,../../etc/passwd,\nb-6,Gone,%s,\n,No id,good.jpg,\n"
                                .formatted(SHOP.url("/gone.jpg")));

        Run run = run(catalogue);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("Sent 1 pictures").contains("6 failed").contains("bad.csv-failed.csv");
        Path report = folder.resolve("bad.csv-failed.csv");
        assertThat(Files.readAllLines(report))
                .hasSize(7)
                .anyMatch(line -> line.startsWith("3,image,There is no file") && line.contains("'=HYPERLINK()"))
                .anyMatch(line -> line.startsWith("4,image,\"answers with a web page"))
                .anyMatch(line -> line.startsWith("5,image,"))
                .anyMatch(line -> line.startsWith("6,image,") && line.contains("leads out of the folder"))
                .anyMatch(line -> line.startsWith("7,image,") && line.contains("answers 404"))
                .anyMatch(line -> line.startsWith("8,product_id,The row names no product"));

        Files.writeString(report, Files.readString(report).replace("missing.jpg", "good.jpg"));
        Path mended = Files.move(report, folder.resolve("mended.csv"));
        assertThat(run(mended).out()).contains("Sent 1 pictures, of which 1 are indexed");
        assertThat(image("b-2").path("name").asText()).isEqualTo("=HYPERLINK()");
        assertThat(image("b-2").path("metadata").path("note").asText()).isEqualTo("=1+1");
    }

    @Test
    void removesWhatTheCatalogueHasNoMore() throws Exception {
        Files.write(folder.resolve("p.jpg"), Pictures.jpeg(7));
        StringBuilder table = new StringBuilder("product_id,name,image\n");
        for (int i = 0; i < 20; i++) {
            table.append("c-").append(i).append(",Chair,p.jpg\n");
        }
        Path catalogue = write("c.csv", table.toString());
        assertThat(run(catalogue).code()).isZero();

        write("c.csv", table.toString().replace("c-0,Chair,p.jpg\n", ""));
        assertThat(run(catalogue).out()).contains("--delete-missing removes them");
        assertThat(run(catalogue, "--delete-missing").out()).contains("Deleted 1 pictures");
        assertThat(api().get("/products/c-0").status()).isEqualTo(404);

        write("c.csv", table.substring(0, table.indexOf("c-15")));
        Run refused = run(catalogue, "--delete-missing");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("5 of 20").contains("--yes");
        assertThat(api().get("/products/c-16").status()).isEqualTo(200);
        assertThat(run(catalogue, "--delete-missing", "--yes").out()).contains("Deleted 5 pictures");
        assertThat(api().get("/products/c-16").status()).isEqualTo(404);
    }

    @Test
    void obeysAHostThatAsksForAPause() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        byte[] content = Pictures.jpeg(9);
        String url = SHOP.put("/busy.jpg", request -> {
            if (asked.incrementAndGet() == 1) {
                request.getResponseHeaders().add("Retry-After", "1");
                request.sendResponseHeaders(429, -1);
                return;
            }
            request.sendResponseHeaders(200, content.length);
            request.getResponseBody().write(content);
        });
        assertThat(run(write("d.jsonl", "{\"product_id\":\"d-1\",\"name\":\"D\",\"image\":\"" + url + "\"}\n"))
                        .code())
                .isZero();
        assertThat(asked).hasValue(2);
    }

    @Test
    void fetchesACatalogueByItsUrl() throws Exception {
        SHOP.put("/feed/pics/1.jpg", Pictures.jpeg(11));
        String url = SHOP.put("/feed/all.csv", "product_id;name;image\ne-1;E;pics/1.jpg\n".getBytes());
        assertThat(run(Path.of("x"), "--report", folder.resolve("r.csv").toString())
                        .code())
                .isEqualTo(1);
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(
                "import",
                url,
                "--key",
                KEY,
                "--against",
                service.settings().http().url(),
                "--state",
                folder.resolve("state").toString(),
                "--fetch-hosts",
                SHOP.host(),
                "--report",
                folder.resolve("r.csv").toString());
        assertThat(code).as(err.toString()).isZero();
        assertThat(image("e-1").path("name").asText()).isEqualTo("E");
    }

    @Test
    void refusesPrivateAddressesUnlessTheyAreListed() throws Exception {
        Path catalogue =
                write("f.csv", "product_id,name,image\nf-1,F,http://127.0.0.1:1/x.jpg\nf-2,F,http://[::1]/x.jpg\n");
        Run run = run(catalogue);
        assertThat(run.code()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("f.csv-failed.csv")))
                .contains("127.0.0.1, which is not a public address")
                .contains("--fetch-hosts must list it");
    }

    @Test
    void theFormatAndThePlaceOfThePicturesCanBeSaid() throws Exception {
        Files.write(Files.createDirectories(folder.resolve("media")).resolve("g.jpg"), Pictures.jpeg(13));
        Path catalogue = write("g.csv", "Handle,Title,Image Src,sku,name,image\nh,Handle's,no.jpg,g-1,G,g.jpg\n");
        Run run = run(
                catalogue,
                "--format",
                "table",
                "--map",
                "product_id=sku",
                "--image-base",
                folder.resolve("media").toString());
        assertThat(run.code()).as(run.err() + run.out()).isZero();
        assertThat(image("g-1").path("name").asText()).isEqualTo("G");

        assertThat(run(catalogue, "--format", "xls").err()).contains("There is no format xls", "shopify");
        assertThat(run(catalogue, "--report", catalogue.toString()).err()).contains("name another file");
        assertThat(catalogue).exists();
    }
}
