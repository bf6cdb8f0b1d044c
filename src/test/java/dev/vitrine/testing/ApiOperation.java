package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the document says of a path and a method.
 *
 * @param path as it stands in the document, with braces
 * @param definition the operation; missing where the path does not take the method
 * @param values of the path's parameters, decoded
 */
record ApiOperation(String path, JsonNode definition, Map<String, String> values) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^/}]+)}");

    /**
     * Finds the operation of a request. Of several paths that match, one with the method comes before one without, and then
     * the one with fewer parameters.
     *
     * @param rawPath without the query
     * @return empty where the document has no such path
     */
    static Optional<ApiOperation> find(ApiDocument document, String method, String rawPath) {
        Comparator<ApiOperation> best =
                Comparator.comparing(found -> found.definition().isMissingNode());
        ApiOperation found = null;
        for (Map.Entry<String, JsonNode> entry : ApiDocument.members(document.paths())) {
            Map<String, String> values = match(entry.getKey(), rawPath);
            if (values != null) {
                String name = method.equals("HEAD") ? "get" : method.toLowerCase();
                ApiOperation next =
                        new ApiOperation(entry.getKey(), entry.getValue().path(name), values);
                Comparator<ApiOperation> order =
                        best.thenComparing(one -> one.values().size());
                found = found == null || order.compare(next, found) < 0 ? next : found;
            }
        }
        return Optional.ofNullable(found);
    }

    private static Map<String, String> match(String template, String rawPath) {
        StringBuilder pattern = new StringBuilder();
        Map<String, String> values = new LinkedHashMap<>();
        Matcher parameters = PARAMETER.matcher(template);
        int from = 0;
        while (parameters.find()) {
            pattern.append(Pattern.quote(template.substring(from, parameters.start())))
                    .append("([^/]+)");
            values.put(parameters.group(1), "");
            from = parameters.end();
        }
        pattern.append(Pattern.quote(template.substring(from)));
        Matcher path = Pattern.compile(pattern.toString()).matcher(rawPath);
        if (!path.matches()) {
            return null;
        }
        int group = 0;
        for (Map.Entry<String, String> value : values.entrySet()) {
            String raw = path.group(++group).replace("+", "%2B");
            value.setValue(URLDecoder.decode(raw, StandardCharsets.UTF_8));
        }
        return values;
    }
}
