package dev.vitrine.clip;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the JSON files that come with a model. */
final class ModelJson {

    private ModelJson() {}

    /** @throws ModelException where the file is not JSON */
    static JsonNode read(Path file) throws IOException {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JacksonException e) {
            throw new ModelException(file + " is not JSON: " + e.getOriginalMessage() + "; install the model anew", e);
        }
    }
}
