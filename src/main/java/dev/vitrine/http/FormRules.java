package dev.vitrine.http;

import java.io.File;
import java.io.IOException;
import java.util.Map;

/** Says what is wrong with the values of a form, once something else is wrong with it, so that all is said at once. */
@FunctionalInterface
public interface FormRules {

    /**
     * Adds what is wrong.
     *
     * @param fields text by name, or a list of texts where a field came more than once; no name that is not known
     * @param file the one file, or null
     * @throws IOException when the file cannot be read
     */
    void check(Map<String, Object> fields, File file, FieldErrors errors) throws IOException;
}
