package dev.vitrine.reindex;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.index.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a build is, in a file of the data folder, so that every process can say so. For one thread.
 */
final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final int EXAMPLES = 100;

    /** A picture that the new collection cannot have. */
    record Missing(
            @JsonProperty("collection") String collection,
            @JsonProperty("product_id") String productId,
            @JsonProperty("image_id") String imageId,
            @JsonProperty("reason") String reason) {}

    /**
     * What it says.
     *
     * @param build which build it is of, and what that is allowed
     * @param points to be compared
     * @param compared of them, in the comparison that goes on
     * @param embedded since the build began or was taken up
     * @param missing pictures of the comparison that goes on, or of the last
     * @param examples the first of them
     * @param problem why it does not get on; null where it does
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Snapshot(
            @JsonProperty("build") String build,
            @JsonProperty("points") long points,
            @JsonProperty("compared") long compared,
            @JsonProperty("embedded") long embedded,
            @JsonProperty("missing") long missing,
            @JsonProperty("missing_examples") List<Missing> examples,
            @JsonProperty("problem") String problem) {
        static final Snapshot NONE = new Snapshot("", 0, 0, 0, 0, List.of(), null);
    }

    private final Path file;
    private String build = "";
    private long points;
    private long compared;
    private long embedded;
    private long missing;
    private List<Missing> examples = new ArrayList<>();
    private String problem;
    private long embeddedBefore;
    private long written = System.nanoTime() - PERIOD;

    /** @param dataDir the data folder */
    Progress(Path dataDir) {
        this.file = file(dataDir);
    }

    private static Path file(Path dataDir) {
        return dataDir.resolve("reindex.json");
    }

    /** What the process that builds has written last of a build. */
    static Snapshot read(Path dataDir, ModelState state) {
        try {
            Snapshot last = JSON.readValue(Files.readAllBytes(file(dataDir)), Snapshot.class);
            return last.build().equals(name(state)) ? last : Snapshot.NONE;
        } catch (IOException e) {
            return Snapshot.NONE; // nothing yet
        }
    }

    private static String name(ModelState state) {
        int first = Math.min(state.serving().generation(), state.other().generation());
        int second = Math.max(state.serving().generation(), state.other().generation());
        return first + "," + second + (state.rollsBack() ? " back" : "")
                + (state.allowsMissing() ? " without what is missing" : "");
    }

    /** What is said from now on is of this build. */
    void of(ModelState state) {
        if (!build.equals(name(state))) {
            build = name(state);
            embedded = 0;
            problem = null;
        }
    }

    void begin(long all) {
        points = all;
        compared = 0;
        missing = 0;
        examples = new ArrayList<>();
        embeddedBefore = embedded;
        write();
    }

    void step() {
        compared++;
        if (System.nanoTime() - written >= PERIOD) {
            write();
        }
    }

    void embedded() {
        embedded++;
        problem = null;
    }

    void missing(String collection, Product product, String reason) {
        missing++;
        if (examples.size() < EXAMPLES) {
            examples.add(new Missing(collection, product.productId(), product.imageId(), reason));
        }
    }

    /** A comparison is over. */
    void compared() {
        problem = null;
        write();
    }

    /** How many pictures the last comparison embedded. */
    long embeddedLast() {
        return embedded - embeddedBefore;
    }

    long missing() {
        return missing;
    }

    void problem(String why) {
        if (!why.equals(problem)) {
            LOG.warn("The new collection does not serve yet: {}", why);
        }
        problem = why;
        write();
    }

    private void write() {
        written = System.nanoTime();
        try {
            Path part = file.resolveSibling(".reindex.json.part");
            Files.write(
                    part,
                    JSON.writeValueAsBytes(
                            new Snapshot(build, points, compared, embedded, missing, List.copyOf(examples), problem)));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.debug("The progress cannot be written", e); // the build can
        }
    }
}
