package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vitrine.testing.FormFields.Field;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares requests and answers with the service's OpenAPI document. */
public final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM = "application/problem+json";

    /** A request as it was sent. */
    public record Sent(String method, URI uri, HttpHeaders headers, byte[] body) {
        String type() {
            return headers.firstValue("Content-Type").orElse("");
        }
    }

    /** An answer as it came. */
    public record Got(int status, HttpHeaders headers, String body) {
        String type() {
            return headers.firstValue("Content-Type").orElse("");
        }
    }

    private final ApiDocument document = new ApiDocument();

    /** The contract; read once. */
    public static Contract get() {
        return Holder.CONTRACT;
    }

    private Contract() {}

    /** Whether the document has the path of a request. */
    public boolean has(Sent request) {
        return ApiOperation.find(document, request.method(), request.uri().getRawPath())
                .isPresent();
    }

    /** What a request has that the document does not, or the other way round; empty where it conforms. */
    public List<String> faults(Sent request) {
        Optional<ApiOperation> found =
                ApiOperation.find(document, request.method(), request.uri().getRawPath());
        if (found.isEmpty()) {
            return List.of("the document has no path " + request.uri().getRawPath());
        }
        if (request.method().equals("OPTIONS")) {
            return List.of();
        }
        JsonNode operation = found.get().definition();
        if (operation.isMissingNode()) {
            return List.of(found.get().path() + " has no method " + request.method());
        }
        List<String> faults = new ArrayList<>();
        parameters(found.get(), request, faults);
        body(document.resolve(operation.path("requestBody")), request, faults);
        return faults;
    }

    private void parameters(ApiOperation operation, Sent request, List<String> faults) {
        Set<String> known = new TreeSet<>();
        Map<String, List<String>> query = Query.read(request.uri());
        for (JsonNode reference : operation.definition().path("parameters")) {
            JsonNode parameter = document.resolve(reference);
            String name = parameter.path("name").asText();
            List<String> values =
                    switch (parameter.path("in").asText()) {
                        case "query" -> query.getOrDefault(name, List.of());
                        case "path" -> List.of(operation.values().get(name));
                        default -> request.headers().allValues(name);
                    };
            if (parameter.path("in").asText().equals("query")) {
                known.add(name);
            }
            if (values.isEmpty() && parameter.path("required").asBoolean()) {
                faults.add(name + ": is missing");
            }
            if (values.size() > 1) {
                faults.add(name + ": was sent more than once");
            }
            values.forEach(value -> value(name, parameter, value, faults));
        }
        query.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> faults.add(name + ": is no query parameter of " + operation.path()));
    }

    private void value(String name, JsonNode parameter, String text, List<String> faults) {
        JsonNode json = parameter.path("content").path("application/json").path("schema");
        JsonNode schema = json.isMissingNode() ? parameter.path("schema") : json;
        JsonNode value = json.isMissingNode() ? document.value(schema, text) : ApiDocument.json(text);
        document.faults(schema, value).forEach(fault -> faults.add(name + ": " + fault));
    }

    private void body(JsonNode description, Sent request, List<String> faults) {
        if (request.body().length == 0) {
            if (description.path("required").asBoolean()) {
                faults.add("the body is missing");
            }
            return;
        }
        if (description.isMissingNode()) {
            faults.add("a body is not expected");
            return;
        }
        String type = media(request.type());
        JsonNode schema = description.path("content").path(type).path("schema");
        if (schema.isMissingNode()) {
            faults.add("a body of the media type " + type + " is not expected");
        } else if (type.equals("multipart/form-data")) {
            form(schema, request, faults);
        } else if (type.equals("application/json")) {
            faults.addAll(
                    document.faults(schema, ApiDocument.json(new String(request.body(), StandardCharsets.UTF_8))));
        }
    }

    private void form(JsonNode schema, Sent request, List<String> faults) {
        JsonNode properties = document.resolve(schema).path("properties");
        ObjectNode form = JSON.createObjectNode();
        try {
            for (Field field : FormFields.read(request.type(), request.body())) {
                JsonNode property = document.resolve(properties.path(field.name()));
                boolean several = property.path("type").asText().equals("array");
                JsonNode one = several ? document.resolve(property.path("items")) : property;
                boolean file = one.path("format").asText().equals("binary");
                if (form.has(field.name()) && !several) {
                    faults.add(field.name() + ": was sent more than once");
                } else if (file && !field.file()) {
                    faults.add(field.name() + ": is no file");
                }
                JsonNode value = file ? JSON.getNodeFactory().textNode("") : document.value(one, field.value());
                if (several) {
                    form.withArray(field.name()).add(value);
                } else {
                    form.set(field.name(), value);
                }
            }
            faults.addAll(document.faults(schema, form));
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
        }
    }

    /**
     * What an answer has that the document does not say of this request; empty where it conforms. At a path that is not in
     * the document, which is nobody's or a site's own, only problems are looked at.
     */
    public List<String> faults(Sent request, Got answer) {
        Optional<ApiOperation> found =
                ApiOperation.find(document, request.method(), request.uri().getRawPath());
        List<String> faults = new ArrayList<>();
        if (media(answer.type()).equals(PROBLEM) && !request.method().equals("HEAD")) {
            JsonNode problem = ApiDocument.json(answer.body());
            document.faults("Problem", problem).forEach(faults::add);
            if (problem.path("status").asInt() != answer.status()) {
                faults.add("the problem's status is " + problem.path("status"));
            }
        }
        if (found.isEmpty() || request.method().equals("OPTIONS") && answer.status() == 204) {
            return faults;
        }
        JsonNode operation = found.get().definition();
        String status = Integer.toString(answer.status());
        JsonNode described = operation.isMissingNode()
                ? document.responses().path(status.equals("405") ? "MethodNotAllowed" : "")
                : document.resolve(operation.path("responses").path(status));
        if (described.isMissingNode()) {
            faults.add("the document has no answer " + status + " there");
            return faults;
        }
        headers(described.path("headers"), answer, faults);
        if (!request.method().equals("HEAD")) {
            content(described.path("content"), answer, faults);
        }
        return faults;
    }

    private void headers(JsonNode described, Got answer, List<String> faults) {
        for (Map.Entry<String, JsonNode> entry : ApiDocument.members(described)) {
            JsonNode header = document.resolve(entry.getValue());
            Optional<String> value = answer.headers().firstValue(entry.getKey());
            if (value.isEmpty() && header.path("required").asBoolean()) {
                faults.add("the header " + entry.getKey() + " is missing");
            }
            value.ifPresent(text -> value(entry.getKey(), header, text, faults));
        }
    }

    private void content(JsonNode content, Got answer, List<String> faults) {
        if (content.isMissingNode() && answer.body().isEmpty()) {
            return;
        }
        String type = media(answer.type());
        JsonNode schema = content.path(type).path("schema");
        if (schema.isMissingNode()) {
            faults.add("an answer " + answer.status() + " of the media type '" + type + "' is not in the document");
        } else if (type.endsWith("/json") || type.endsWith("+json")) { // not the lines of an export
            faults.addAll(document.faults(schema, ApiDocument.json(answer.body())));
        }
    }

    private static String media(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static final class Holder {
        static final Contract CONTRACT = new Contract();
    }
}
