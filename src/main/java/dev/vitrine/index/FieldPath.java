package dev.vitrine.index;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a value stands in metadata: {@code colour}, or through objects {@code size.eu}. A key between double quotes is
 * taken as it stands, so {@code "size.eu"} with its quotes is one key that has a dot. A path does not go through arrays.
 *
 * @param keys from the outermost object inwards; at least one, none empty or with a double quote or a backslash
 */
public record FieldPath(List<String> keys) {

    /** A field that Qdrant indexes is a name of at most so many characters. */
    private static final int MAX_CHARS = 256;

    private static final Pattern KEY = Pattern.compile("\"([^\"]+)\"|([^\".]+)");

    public FieldPath {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.stream().anyMatch(key -> key.isEmpty() || !canStandInQuotes(key))) {
            throw new IllegalArgumentException("is no name of a field: keys are not empty and have no \" or \\");
        }
        if (keys.size() > Metadata.MAX_DEPTH
                || keys.stream().mapToInt(String::length).sum() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "is longer than " + MAX_CHARS + " characters or deeper than " + Metadata.MAX_DEPTH + " keys");
        }
        keys.forEach(key -> UnicodeText.fault(key).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        }));
    }

    /**
     * Reads a path as clients write it.
     *
     * @throws IllegalArgumentException when it is none; its message is to be read after the text
     */
    public static FieldPath of(String text) {
        List<String> keys = new ArrayList<>();
        Matcher key = KEY.matcher(text);
        int at = 0;
        while (key.find(at) && key.start() == at) {
            keys.add(key.group(1) != null ? key.group(1) : key.group(2));
            at = key.end();
            if (at == text.length()) {
                return new FieldPath(keys);
            }
            if (text.charAt(at++) != '.') {
                break;
            }
        }
        throw new IllegalArgumentException("is no name of a field; write it as colour, as size.eu for a field in an"
                + " object, or as \\\"size.eu\\\" for one key with a dot");
    }

    /** As Qdrant's filters and the settings write it, each key in quotes. */
    String quoted() {
        return keys.stream().map(key -> '"' + key + '"').collect(Collectors.joining("."));
    }

    /** As people write it, with quotes only where they are needed. */
    @Override
    public String toString() {
        return keys.stream()
                .map(key -> key.indexOf('.') < 0 ? key : '"' + key + '"')
                .collect(Collectors.joining("."));
    }

    private static boolean canStandInQuotes(String key) {
        return key.indexOf('"') < 0 && key.indexOf('\\') < 0;
    }
}
