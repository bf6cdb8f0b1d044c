package dev.vitrine.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.index.FieldPath;
import dev.vitrine.index.Filter;
import dev.vitrine.text.Suggestion;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/** Reads what a filter says about one field: a value that it equals, or an object of conditions. */
final class ConditionReader {
    private static final List<String> CONDITIONS = List.of("any", "gt", "gte", "lt", "lte", "exists");

    /** What other filter languages say, and how it is said here. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("eq", "write the value itself, {\"brand\":\"Nike\"}"),
            Map.entry("is", "write the value itself, {\"brand\":\"Nike\"}"),
            Map.entry("equals", "write the value itself, {\"brand\":\"Nike\"}"),
            Map.entry("in", "write {\"any\":[\"38\",\"39\"]}"),
            Map.entry("ne", "write {\"not\":{\"brand\":\"Nike\"}}"),
            Map.entry("not", "write {\"not\":{\"brand\":\"Nike\"}}"),
            Map.entry("min", "write {\"gte\":10}"),
            Map.entry("max", "write {\"lte\":10}"),
            Map.entry("from", "write {\"gte\":10}"),
            Map.entry("to", "write {\"lte\":10}"));

    private final BiFunction<String, String, Filter> error;
    private int values;

    /** @param error takes a JSON pointer and what is wrong there, and returns null */
    ConditionReader(BiFunction<String, String, Filter> error) {
        this.error = error;
    }

    /**
     * The filter that a member of JSON stands for; null, once the error is said, where it is none.
     *
     * @param at the JSON pointer
     */
    Filter read(FieldPath field, JsonNode json, String at) {
        if (json.isNull()) {
            return error.apply(at, "cannot equal null; write {\"exists\":false} for a field that is missing or null");
        }
        if (json.isArray()) {
            return error.apply(at, "is an array; write {\"any\":[…]} for one of several values");
        }
        if (!json.isObject()) {
            Object value = value(json, at);
            return value == null ? null : new Filter.AnyOf(field, List.of(value));
        }
        if (json.isEmpty()) {
            return error.apply(at, "is empty; the conditions are " + String.join(", ", CONDITIONS));
        }
        List<Filter> parts = new ArrayList<>();
        boolean right = true;
        for (String name : (Iterable<String>) json::fieldNames) {
            right &= check(name, field, at + "/" + name);
        }
        add(parts, json.has("any") ? any(field, json.get("any"), at + "/any") : null);
        add(parts, json.has("exists") ? exists(field, json.get("exists"), at + "/exists") : null);
        add(parts, range(field, json, at));
        if (!right || parts.isEmpty()) {
            return null;
        }
        return parts.size() == 1 ? parts.get(0) : new Filter.And(parts);
    }

    private boolean check(String name, FieldPath field, String at) {
        if (CONDITIONS.contains(name)) {
            return true;
        }
        String known = ELSEWHERE.get(name.toLowerCase(Locale.ROOT).replaceFirst("^\\$", ""));
        error.apply(
                at,
                "is no condition"
                        + (known != null
                                ? "; " + known
                                : Suggestion.or(
                                        name,
                                        CONDITIONS,
                                        "the conditions are " + String.join(", ", CONDITIONS)
                                                + ", and a field in an object is written \"" + field + "." + name
                                                + "\"")));
        return false;
    }

    private Filter any(FieldPath field, JsonNode json, String at) {
        if (!json.isArray() || json.isEmpty()) {
            return error.apply(at, "takes an array of values, for example [\"38\",\"39\"]");
        }
        List<Object> wanted = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            Object value = value(json.get(i), at + "/" + i);
            if (value == null) {
                return null;
            }
            wanted.add(value);
        }
        return new Filter.AnyOf(field, wanted);
    }

    /** Null, once the error is said, where it is none. */
    private Object value(JsonNode json, String at) {
        if (++values > FilterReader.MAX_VALUES) {
            error.apply(at, "is one value too many; a filter has at most " + FilterReader.MAX_VALUES);
            return null;
        }
        if (json.isContainerNode() || json.isNull()) {
            error.apply(at, "is no text, number or boolean");
            return null;
        }
        try {
            return Filter.value(
                    json.isNumber() ? json.decimalValue() : json.isBoolean() ? json.asBoolean() : json.asText());
        } catch (IllegalArgumentException e) {
            error.apply(at, e.getMessage());
            return null;
        }
    }

    private Filter exists(FieldPath field, JsonNode json, String at) {
        if (!json.isBoolean()) {
            return error.apply(at, "must be true or false");
        }
        Filter exists = new Filter.Exists(field);
        return json.asBoolean() ? exists : new Filter.Not(exists);
    }

    private Filter range(FieldPath field, JsonNode json, String at) {
        if (json.has("gt") && json.has("gte") || json.has("lt") && json.has("lte")) {
            return error.apply(at, "holds two bounds of one side; send one of gt and gte, and one of lt and lte");
        }
        Filter.Bound lower = json.has("gt") ? bound(json, "gt", at) : bound(json, "gte", at);
        Filter.Bound upper = json.has("lt") ? bound(json, "lt", at) : bound(json, "lte", at);
        return lower == null && upper == null ? null : new Filter.Range(field, lower, upper);
    }

    /** Null where there is none, or, once the error is said, where it is wrong. */
    private Filter.Bound bound(JsonNode json, String name, String at) {
        JsonNode bound = json.get(name);
        if (bound == null) {
            return null;
        }
        String inner = at + "/" + name;
        if (!bound.isNumber()) {
            error.apply(
                    inner,
                    "must be a number"
                            + (bound.isTextual() ? ", without quotes; only numbers have an order here" : ""));
            return null;
        }
        BigDecimal number = bound.decimalValue();
        try {
            return new Filter.Bound(number.doubleValue(), name.endsWith("e"));
        } catch (IllegalArgumentException e) {
            error.apply(inner, e.getMessage());
            return null;
        }
    }

    private static void add(List<Filter> parts, Filter part) {
        if (part != null) {
            parts.add(part);
        }
    }
}
