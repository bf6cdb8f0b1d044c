package dev.vitrine.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vitrine.http.ProblemException;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.UnusablePictureException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drop folder's rules: {@code PRODUCT_ID.jpg} is a picture, {@code PRODUCT_ID.json} beside it may hold {@code name}
 * and {@code metadata}. As a filter it lets a picture wait until its copy is complete, and all of them while the service
 * can take nothing.
 */
public final class Inbox implements GenericFileFilter<File> {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** How long no picture is tried after one that could not be taken through no fault of its own. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Duration settle;
    private final Duration patience;
    private final PictureInspector inspector;
    private final Clock clock;
    private final BooleanSupplier room;
    /** Numbers stay as they are written: 1e999 as a double would become the text "Infinity". */
    private final ObjectMapper json = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile Instant nextTry = Instant.MIN;

    /**
     * @param settle how long a file must lie unchanged before it is looked at
     * @param patience how long a cut-off picture may still be a copy in progress
     * @param room whether anything can be taken now; until then files stay where they are
     */
    public Inbox(Duration settle, Duration patience, PictureInspector inspector, Clock clock, BooleanSupplier room) {
        this.settle = settle;
        this.patience = patience;
        this.inspector = inspector;
        this.clock = clock;
        this.room = room;
    }

    /** Whether a file's copy is complete: it and its JSON have settled, and a picture that is cut off got time to grow. */
    @Override
    public boolean accept(GenericFile<File> file) {
        if (file.isDirectory() || isPausing() || !room.getAsBoolean()) {
            return false;
        }
        File picture = file.getFile();
        File sidecar = sidecar(picture);
        if (age(picture).compareTo(settle) < 0
                || sidecar.exists() && age(sidecar).compareTo(settle) < 0) {
            return false;
        }
        return age(picture).compareTo(patience) >= 0 || isWhole(picture);
    }

    /**
     * Replaces the headers by those of an upload, from the file's name and the JSON beside it; the body stays the
     * picture.
     *
     * @throws ProblemException when the JSON is malformed
     * @throws RejectedExecutionException when the folder has been told to wait since the file was listed
     */
    public void read(Exchange exchange) throws IOException {
        if (isPausing()) {
            throw new RejectedExecutionException("The drop folder waits");
        }
        File picture = exchange.getMessage().getBody(File.class);
        String productId = stem(picture);
        exchange.getMessage().setHeader("product_id", productId);
        exchange.getMessage().setHeader("name", productId);
        exchange.getMessage().removeHeader("image_id");
        exchange.getMessage().removeHeader("metadata");
        File sidecar = sidecar(picture);
        if (sidecar.exists()) {
            readSidecar(exchange, sidecar);
        }
        exchange.getMessage().setBody(picture);
    }

    /** Lets the folder wait for a few seconds: its pictures are not at fault, and the next one would fare no better. */
    public void pause(Exception failure) {
        if (isPausing()) {
            return;
        }
        nextTry = clock.instant().plus(PAUSE);
        if (waiting.compareAndSet(false, true)) {
            LOG.warn("The drop folder waits and is tried every {} s: {}", PAUSE.toSeconds(), failure.getMessage());
        }
    }

    /** Moves the JSON of a picture that was taken to where the picture goes. */
    public void settle(Exchange exchange) throws IOException {
        if (waiting.compareAndSet(true, false)) {
            LOG.info("The drop folder goes on");
        }
        File sidecar = sidecar(original(exchange));
        if (sidecar.exists()) {
            Path folder = sidecar.toPath().resolveSibling(exchange.getVariable("folder", String.class));
            Files.createDirectories(folder);
            Files.move(sidecar.toPath(), folder.resolve(sidecar.getName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Writes beside a refused picture why it was refused, and moves its JSON there too. */
    public void explain(Exchange exchange) throws IOException {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        File picture = original(exchange);
        Path folder = picture.toPath().resolveSibling(exchange.getVariable("folder", String.class));
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(picture.getName() + ".error.txt"),
                failure.getMessage() + System.lineSeparator() + "Mend it and drop it again." + System.lineSeparator());
        settle(exchange);
    }

    private boolean isPausing() {
        return clock.instant().isBefore(nextTry);
    }

    private void readSidecar(Exchange exchange, File sidecar) throws IOException {
        JsonNode node;
        try {
            node = json.readTree(sidecar);
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    400, sidecar.getName() + " is not JSON: " + e.getOriginalMessage(), List.of(), e);
        }
        if (!node.isObject()) {
            throw ProblemException.ofField(
                    400, sidecar.getName(), "is not a JSON object; write for example {\"name\":\"Red mug\"}");
        }
        if (node.hasNonNull("name")) {
            exchange.getMessage().setHeader("name", node.get("name").asText());
        }
        if (node.hasNonNull("image_id")) {
            exchange.getMessage().setHeader("image_id", node.get("image_id").asText());
        }
        if (node.hasNonNull("metadata")) {
            exchange.getMessage().setHeader("metadata", node.get("metadata").toString());
        }
    }

    private boolean isWhole(File picture) {
        try {
            inspector.inspect(picture.toPath());
            return true;
        } catch (UnusablePictureException e) {
            return e.reason() != UnusablePictureException.Reason.DAMAGED
                    && e.reason() != UnusablePictureException.Reason.EMPTY;
        } catch (IOException e) {
            return false;
        }
    }

    private Duration age(File file) {
        return Duration.ofMillis(clock.millis() - file.lastModified());
    }

    /** The file as it was dropped, whatever the route made of the body since. */
    private static File original(Exchange exchange) {
        return exchange.getProperty("CamelFileExchangeFile", GenericFile.class).getFile() instanceof File file
                ? file
                : null;
    }

    private static File sidecar(File picture) {
        return new File(picture.getParentFile(), stem(picture) + ".json");
    }

    private static String stem(File file) {
        String name = file.getName();
        return name.substring(0, name.lastIndexOf('.'));
    }
}
