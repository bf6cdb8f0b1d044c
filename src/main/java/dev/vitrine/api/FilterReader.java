package dev.vitrine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.http.ProblemException;
import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.index.FieldPath;
import dev.vitrine.index.Filter;
import dev.vitrine.text.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a filter as clients write it in JSON, {@code {"brand":"Nike","price":{"lt":50}}}, and says everything that is wrong
 * with it, each with its JSON pointer. Each object makes a reader of its own.
 */
final class FilterReader {

    /** The field, member or parameter that holds a filter. */
    static final String FIELD = "filter";

    static final int MAX_DEPTH = 16;
    static final int MAX_CONDITIONS = 100;
    static final int MAX_VALUES = 1_000;
    static final int MAX_CHARS = 32_768;

    private static final String AND = "and";
    private static final String OR = "or";
    private static final String NOT = "not";
    private static final List<String> COMBINING = List.of(AND, OR, NOT);

    private static final ObjectReader JSON = new ObjectMapper()
            .reader()
            .with(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final List<FieldError> errors = new ArrayList<>();
    private final ConditionReader conditions = new ConditionReader(this::error);
    private int fields;

    private FilterReader() {}

    /**
     * Reads a form field or a query parameter.
     *
     * @param text null or blank for no filter
     * @return empty for no filter, and for <code>{}</code>, which everything meets
     * @throws ProblemException 400 with all that is wrong
     */
    static Optional<Filter> read(String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        if (text.length() > MAX_CHARS) {
            throw ProblemException.ofField(400, FIELD, "is longer than " + MAX_CHARS + " characters");
        }
        try {
            return read(JSON.readTree(text));
        } catch (JsonProcessingException | NumberFormatException e) { // the latter for an exponent beyond 32 bits
            String fault = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            String detail = "is not JSON: " + fault + "; send for example {\"brand\":\"Nike\"}";
            throw new ProblemException(400, FIELD + ": " + detail, List.of(new FieldError(FIELD, detail)), e);
        }
    }

    /**
     * Reads a member of JSON.
     *
     * @param json null for no filter
     * @return empty for no filter, and for <code>{}</code>, which everything meets
     * @throws ProblemException 400 with all that is wrong
     */
    static Optional<Filter> read(JsonNode json) {
        if (json == null || json.isNull() || json.isMissingNode() || json.isObject() && json.isEmpty()) {
            return Optional.empty();
        }
        FilterReader reader = new FilterReader();
        Filter filter = reader.filter(json, "", 1);
        if (!reader.errors.isEmpty()) {
            throw new ProblemException(400, FIELD + ": " + reader.errors.get(0).detail(), reader.errors);
        }
        return Optional.of(filter);
    }

    /** Null where something is wrong. */
    private Filter filter(JsonNode json, String at, int depth) {
        if (depth > MAX_DEPTH) {
            return error(at, "nests deeper than " + MAX_DEPTH + " filters");
        }
        if (!json.isObject()) {
            return error(at, "is no filter; a filter is an object such as {\"brand\":\"Nike\"}");
        }
        if (json.isEmpty()) {
            return error(at, "is empty; say what a field must be, for example {\"brand\":\"Nike\"}");
        }
        List<Filter> parts = new ArrayList<>();
        json.fields().forEachRemaining(member -> {
            String name = member.getKey();
            String inner = at + "/" + name.replace("~", "~0").replace("/", "~1");
            parts.add(
                    switch (name) {
                        case AND -> all(member.getValue(), inner, depth, true);
                        case OR -> all(member.getValue(), inner, depth, false);
                        case NOT -> not(member.getValue(), inner, depth);
                        default -> field(name, member.getValue(), inner);
                    });
        });
        return parts.size() == 1 || !errors.isEmpty() ? parts.get(0) : new Filter.And(parts);
    }

    private Filter all(JsonNode json, String at, int depth, boolean and) {
        if (!json.isArray() || json.isEmpty()) {
            return error(
                    at,
                    "takes an array of filters, for example [{\"brand\":\"Nike\"},{\"price\":{\"lt\":50}}]"
                            + orField(and ? AND : OR));
        }
        List<Filter> parts = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            parts.add(filter(json.get(i), at + "/" + i, depth + 1));
        }
        if (!errors.isEmpty()) {
            return null;
        }
        return and ? new Filter.And(parts) : new Filter.Or(parts);
    }

    private Filter not(JsonNode json, String at, int depth) {
        if (!json.isObject()) {
            return error(at, "takes a filter, for example {\"brand\":\"Nike\"}" + orField(NOT));
        }
        Filter inner = filter(json, at, depth + 1);
        return inner == null ? null : new Filter.Not(inner);
    }

    private Filter field(String name, JsonNode json, String at) {
        if (++fields == MAX_CONDITIONS + 1) {
            return error(at, "is one field too many; a filter asks for at most " + MAX_CONDITIONS);
        }
        if (fields > MAX_CONDITIONS) {
            return null;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (json.isArray() && (COMBINING.contains(lower) || COMBINING.contains(lower.replaceFirst("^\\$", "")))) {
            return error(at, "holds an array" + Suggestion.of(lower.replaceFirst("^\\$", ""), COMBINING));
        }
        try {
            return conditions.read(FieldPath.of(name), json, at);
        } catch (IllegalArgumentException e) { // the path
            return error(at, e.getMessage());
        }
    }

    /** Always null, to be returned. */
    private Filter error(String at, String detail) {
        errors.add(new FieldError(FIELD, at.isEmpty() ? detail : at + " " + detail));
        return null;
    }

    private static String orField(String name) {
        return "; a field of this name is written \"\\\"" + name + "\\\"\"";
    }
}
