package dev.vitrine.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.vitrine.http.OpenApiDocument;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The service's OpenAPI document, to check values against its schemas. An object of the document may have members that a
 * later version adds; here it must have those that are described and no others, so that none is added without a word.
 */
public final class ApiDocument {
    private static final String ADDRESS = "https://vitrine.test/openapi.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode root;
    private final JsonSchemaFactory factory;
    private final SchemaValidatorsConfig config =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** Reads the document. */
    public ApiDocument() {
        root = JSON.valueToTree(new OpenApiDocument().read());
        prepare(root);
        String text;
        try {
            text = JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ADDRESS, text))));
    }

    /** Makes references absolute and closes objects. */
    private static void prepare(JsonNode node) {
        if (node instanceof ObjectNode object) {
            String reference = object.path("$ref").asText();
            if (reference.startsWith("#")) {
                object.put("$ref", ADDRESS + reference);
            }
            if (object.path("type").asText().equals("object")
                    && object.has("properties")
                    && !object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
            if (isJsonAsText(object)) { // is compared as what it says
                object.remove("type");
                object.putArray("allOf").add(object.remove("contentSchema"));
            }
        }
        node.forEach(ApiDocument::prepare);
    }

    private static boolean isJsonAsText(JsonNode schema) {
        return schema.path("contentMediaType").asText().equals("application/json");
    }

    /** Every path of the document, with what it has for each method. */
    public JsonNode paths() {
        return root.path("paths");
    }

    /** The answers that several operations have. */
    public JsonNode responses() {
        return root.path("components").path("responses");
    }

    /** What a node stands for where it is a reference, else the node. */
    public JsonNode resolve(JsonNode node) {
        JsonNode at = node;
        while (at.has("$ref")) {
            String reference = at.path("$ref").asText();
            at = root.at(reference.substring(reference.indexOf('#') + 1));
            if (at.isMissingNode()) {
                throw new IllegalArgumentException("The document has no " + reference);
            }
        }
        return at;
    }

    /** What is wrong with a value; empty where nothing is. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, node -> factory.getSchema(node, config)).validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** What is wrong with an object under the name of a schema. */
    public List<String> faults(String schema, JsonNode value) {
        return faults(JSON.createObjectNode().put("$ref", ADDRESS + "#/components/schemas/" + schema), value);
    }

    /**
     * The value that a text stands for where the schema wants a number, a truth value or a list between commas; the text
     * itself where it is none.
     */
    public JsonNode value(JsonNode schema, String text) {
        JsonNode type = resolve(schema);
        if (isJsonAsText(type)) {
            return json(text);
        }
        try {
            return switch (type.path("type").asText()) {
                case "integer", "number" -> JSON.getNodeFactory().numberNode(new BigDecimal(text.strip()));
                case "boolean" ->
                    text.equals("true") || text.equals("false")
                            ? JSON.getNodeFactory().booleanNode(Boolean.parseBoolean(text))
                            : JSON.getNodeFactory().textNode(text);
                case "array" -> {
                    ArrayNode list = JSON.createArrayNode();
                    for (String item : text.split(",", -1)) {
                        list.add(value(type.path("items"), item));
                    }
                    yield list;
                }
                default -> JSON.getNodeFactory().textNode(text);
            };
        } catch (NumberFormatException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }

    /** A text read as JSON, or as it is where it is none. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }

    static Iterable<Map.Entry<String, JsonNode>> members(JsonNode node) {
        Iterator<Map.Entry<String, JsonNode>> fields = node.fields();
        return () -> fields;
    }
}
