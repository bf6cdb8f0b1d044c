package dev.vitrine.index;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field of metadata that Qdrant is to index for filters.
 *
 * @param kind what its values are; empty where the points that are there shall tell
 */
public record FilterField(FieldPath path, Optional<Kind> kind) {

    /** What an index is of: one of the kinds of values that a filter asks for. */
    public enum Kind {
        KEYWORD,
        NUMBER,
        BOOL;

        /** As settings and messages write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of a value in metadata; empty for null, objects and arrays. */
        static Optional<Kind> of(Object value) {
            if (value instanceof String) {
                return Optional.of(KEYWORD);
            } else if (value instanceof Number) {
                return Optional.of(NUMBER);
            }
            return value instanceof Boolean ? Optional.of(BOOL) : Optional.empty();
        }
    }

    /** Qdrant's names of numbers are taken too: both become the one index that answers 12, 12.0 and 12.5 alike. */
    private static final Map<String, Kind> KINDS = Map.of(
            "keyword",
            Kind.KEYWORD,
            "number",
            Kind.NUMBER,
            "integer",
            Kind.NUMBER,
            "float",
            Kind.NUMBER,
            "bool",
            Kind.BOOL);

    private static final Pattern WITH_KIND = Pattern.compile("(.+):([^:\"]*)");

    /**
     * Reads {@code brand}, {@code price:number} or {@code "size.eu":keyword}. A name that holds a colon stands between
     * double quotes.
     *
     * @throws IllegalArgumentException when it is none; its message is to be read after the text
     */
    public static FilterField of(String text) {
        Matcher withKind = WITH_KIND.matcher(text);
        if (!withKind.matches()) {
            return new FilterField(FieldPath.of(text), Optional.empty());
        }
        Kind kind = KINDS.get(withKind.group(2).strip().toLowerCase(Locale.ROOT));
        if (kind == null) {
            throw new IllegalArgumentException("names no type of values after the colon; write name:keyword for text,"
                    + " name:number or name:bool, and a name with a colon between double quotes");
        }
        return new FilterField(FieldPath.of(withKind.group(1).strip()), Optional.of(kind));
    }

    /**
     * Reads several.
     *
     * @throws IllegalArgumentException when one is none, or a field stands there twice; its message is to be read after
     *     the name of the setting
     */
    static List<FilterField> all(List<String> texts) {
        List<FilterField> fields = texts.stream()
                .map(text -> {
                    try {
                        return of(text);
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException("has '" + text + "', which " + e.getMessage(), e);
                    }
                })
                .toList();
        for (int i = 0; i < fields.size(); i++) {
            FieldPath path = fields.get(i).path();
            if (fields.subList(0, i).stream().anyMatch(other -> other.path().equals(path))) {
                throw new IllegalArgumentException(
                        "names " + path + " twice; Qdrant has one index for a field, of one type");
            }
        }
        return fields;
    }

    @Override
    public String toString() {
        return path + kind.map(known -> ":" + known).orElse("");
    }
}
