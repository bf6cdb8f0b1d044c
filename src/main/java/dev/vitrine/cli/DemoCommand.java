package dev.vitrine.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.http.keys.ApiKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole pipeline on the sample catalogue, on a free port and in a data folder of its own. */
@Command(
        name = "demo",
        description = "Indexes the sample catalogue over HTTP and through the drop folder, searches it, and cleans up.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final long PATIENCE_SECONDS = 180;
    private static final int POLL_MILLIS = 100;

    /** An entry of the catalogue's manifest. */
    private record Sample(
            @JsonProperty("product_id") String productId,
            @JsonProperty("file") String file,
            @JsonProperty("name") String name,
            @JsonProperty("metadata") Map<String, Object> metadata,
            @JsonProperty("query") String query) {}

    private record Step(String what, String result, long millis) {}

    private final ObjectMapper json = new ObjectMapper();
    private final List<Step> steps = new ArrayList<>();

    @Option(names = "--keep", description = "Leaves the service running to look at, until Ctrl-C.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Path catalogue = Main.home().resolve("samples/catalogue");
        List<Sample> samples =
                json.readValue(catalogue.resolve("manifest.json").toFile(), new TypeReference<List<Sample>>() {});
        try (StopSignal signal = new StopSignal(OptionalInt.empty())) {
            Path data = Files.createTempDirectory("vitrine-demo-");
            try {
                run(catalogue, samples, data, signal);
                return 0;
            } finally {
                delete(data);
            }
        }
    }

    private void run(Path catalogue, List<Sample> samples, Path data, StopSignal signal) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = Main.settings(Map.of(
                "VITRINE_DATA_DIR",
                data.toString(),
                "VITRINE_INBOX",
                data.resolve("inbox").toString(),
                "VITRINE_HTTP_HOST",
                "127.0.0.1",
                "VITRINE_HTTP_PORT",
                Integer.toString(freePort()),
                "VITRINE_REDIS_URL",
                "embedded",
                "VITRINE_QDRANT_URL",
                "embedded",
                "VITRINE_ROLE",
                "all",
                "VITRINE_API_KEY",
                ApiKey.random()));
        long started = System.nanoTime();
        try (Vitrine vitrine = Vitrine.start(settings)) {
            signal.arm();
            ServiceClient client = ClientOptions.own(settings.http());
            note("start the service", "ready at " + vitrine.url(), started);

            int half = samples.size() / 2;
            long t = System.nanoTime();
            for (Sample sample : samples.subList(0, half)) {
                upload(client, catalogue, sample);
            }
            note("upload over HTTP", half + " pictures accepted", t);

            t = System.nanoTime();
            drop(settings.intake().inbox(), catalogue, samples.subList(half, samples.size()));
            note("copy to the drop folder", samples.size() - half + " pictures", t);

            t = System.nanoTime();
            awaitEnd(client, samples.size());
            checkArrived(client, samples);
            note("index in the background", samples.size() + " products in the index", t);

            Sample like = samples.get(0);
            JsonNode byPicture = search(client.searchByPicture(catalogue.resolve(like.file()), 5), "by picture");
            JsonNode stats = client.get("/stats").body();
            boolean hasText = stats.path("model").path("text_search").asBoolean();
            Sample wanted = samples.get(half);
            JsonNode byText = hasText
                    ? search(client.post("/search", Map.of("text", wanted.query(), "limit", 5)), "by text")
                    : null;

            out.println();
            out.printf("  %-26s %-34s %10s%n", "STEP", "RESULT", "TIME");
            steps.forEach(s -> out.printf("  %-26s %-34s %7d ms%n", s.what(), s.result(), s.millis()));
            out.println();
            out.println("  Search by the picture of " + like.name() + ":");
            new ResultTable(out).print(byPicture);
            out.println();
            if (byText == null) {
                out.println("  The model " + stats.path("model").path("name").asText()
                        + " has no text tower, so no search by text.");
            } else {
                out.println("  Search by text, \"" + wanted.query() + "\":");
                new ResultTable(out).print(byText);
            }
            if (!byPicture.path("results").path(0).path("product_id").asText().equals(like.productId())) {
                throw new CommandFailedException("The search by picture did not find " + like.productId() + " first");
            }
            if (keep) {
                out.println();
                out.println("  Open this in a browser; the page takes the demo's key from it:");
                out.println("  " + vitrine.url() + "/#/?key=" + settings.http().apiKey());
                out.println("  Ctrl-C ends the demo.");
                out.flush();
                awaitInterrupt();
            }
        }
        out.println();
        out.println("  All data of the demo is removed. To keep a service running: ./vitrine start");
        out.flush();
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // What Ctrl-C asked for.
        }
    }

    private void upload(ServiceClient client, Path catalogue, Sample sample) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("product_id", sample.productId());
        fields.put("name", sample.name());
        fields.put("metadata", json.writeValueAsString(sample.metadata()));
        ServiceClient.Answer answer = client.upload(catalogue.resolve(sample.file()), fields);
        if (answer.status() != 202) {
            throw new CommandFailedException(sample.productId() + " was not accepted: " + answer.detail());
        }
    }

    private void drop(Path inbox, Path catalogue, List<Sample> samples) throws IOException {
        for (Sample sample : samples) {
            Map<String, Object> sidecar = new LinkedHashMap<>();
            sidecar.put("name", sample.name());
            sidecar.put("metadata", sample.metadata());
            json.writeValue(inbox.resolve(sample.productId() + ".json").toFile(), sidecar);
            String extension = sample.file().substring(sample.file().lastIndexOf('.'));
            Files.copy(
                    catalogue.resolve(sample.file()),
                    inbox.resolve(sample.productId() + extension),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Waits until as many jobs as there are products have ended. */
    private void awaitEnd(ServiceClient client, int products) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        int ended = 0;
        while (System.nanoTime() < end) {
            ended = 0;
            for (JsonNode job : client.get("/jobs?limit=1000").body().path("jobs")) {
                switch (job.path("status").asText()) {
                    case "completed" -> ended++;
                    case "failed" ->
                        throw new CommandFailedException(job.path("product_id").asText() + " could not be indexed: "
                                + job.path("error").asText());
                    default -> {}
                }
            }
            if (ended >= products) {
                return;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new CommandFailedException(
                (products - ended) + " of " + products + " products did not arrive within " + PATIENCE_SECONDS + " s");
    }

    private static void checkArrived(ServiceClient client, List<Sample> samples) throws CommandFailedException {
        for (Sample sample : samples) {
            if (!client.get("/products/" + PathSegment.encode(sample.productId()))
                    .isSuccess()) {
                throw new CommandFailedException(sample.productId() + " is not in the index");
            }
        }
    }

    private JsonNode search(ServiceClient.Answer answer, String how) throws CommandFailedException {
        if (!answer.isSuccess()) {
            throw new CommandFailedException("The search " + how + " failed: " + answer.detail());
        }
        steps.add(new Step(
                "search " + how,
                answer.body().path("results").path(0).path("name").asText("nothing found"),
                Math.round(answer.body().path("took_ms").asDouble())));
        return answer.body();
    }

    private void note(String what, String result, long sinceNanos) {
        steps.add(new Step(what, result, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
