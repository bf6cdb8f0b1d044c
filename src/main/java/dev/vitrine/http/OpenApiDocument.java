package dev.vitrine.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The description of the API (OpenAPI 3.1), written by hand in {@code openapi/vitrine.yaml}. */
public final class OpenApiDocument {
    private static final String RESOURCE = "/openapi/vitrine.yaml";

    private Map<?, ?> document;

    /**
     * The whole document, in the order in which it is written. It is read when it is first asked for, so that a start does
     * not wait for it.
     */
    public synchronized Map<?, ?> read() {
        if (document == null) {
            document = load();
        }
        return document;
    }

    private static Map<?, ?> load() {
        try (InputStream yaml = Objects.requireNonNull(OpenApiDocument.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return (Map<?, ?>)
                    new Load(LoadSettings.builder().setLabel(RESOURCE).build()).loadFromInputStream(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
